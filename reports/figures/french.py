"""French grammar that sentences made of figures and names need: plurals, contractions, elisions."""

from collections.abc import Mapping
from typing import Final

from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from geo.commune_names import fold
from geo.levels import LEVEL_NAMES
from reports.figures.numbers import format_number

# Regions and departments that « en » does not introduce, by what does: usage, which no rule gives.
_IN_REGIONS: Final[Mapping[str, str]] = {"32": "dans les ", "44": "dans le ", "52": "dans les ", "04": "à ", "06": "à "}
_IN_DEPARTEMENTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("75", "974", "976"), "à "),
    **dict.fromkeys(("01", "02", "03", "10", "11", "27", "34", "36", "60", "61", "89", "91"), "dans l’"),
    **dict.fromkeys(("23", "26", "42", "50", "51", "55", "58", "72", "80", "86"), "dans la "),
    **dict.fromkeys(("04", "05", "06", "08", "13", "22", "40", "64", "65", "66", "78", "79", "88", "92"), "dans les "),
    **dict.fromkeys(("14", "15", "18", "25", "29", "30", "32", "39", "41", "45", "46", "47", "49", "56"), "dans le "),
    **dict.fromkeys(("59", "62", "63", "67", "68", "69", "81", "82", "83", "84", "90", "94", "95"), "dans le "),
}


def count_of(count: float, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun, plural from two on as French has it.

    Parameters
    ----------
    count
        NaN is unknown.
    noun, plural
        "site de MSP"; the plural adds an s to the noun when None.

    Examples
    --------
    >>> count_of(0, "site"), count_of(1, "commune"), count_of(2, "site de MSP", "sites de MSP")
    ('0 site', '1 commune', '2 sites de MSP')
    """
    return f"{format_number(count)} {noun if abs(count) < 2 else plural or f'{noun}s'}"  # noqa: PLR2004 - French plural


def of_name(name: str) -> str:
    """Write the name of a place after « de »: "du Vigan", "des Angles", "d’Auch", "de La Canourgue".

    Examples
    --------
    >>> [of_name(name) for name in ("Le Vigan", "Les Angles", "Auch", "Évreux", "La Canourgue", "Mende")]
    ['du Vigan', 'des Angles', 'd’Auch', 'd’Évreux', 'de La Canourgue', 'de Mende']
    """
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if fold(name)[:1] in "aeiouy" else f"de {name}"


def at_name(name: str) -> str:
    """Write the name of a commune after « à »: "au Vigan", "aux Angles", "à Auch", "à La Canourgue".

    Examples
    --------
    >>> [at_name(name) for name in ("Le Vigan", "Les Angles", "Auch", "La Canourgue")]
    ['au Vigan', 'aux Angles', 'à Auch', 'à La Canourgue']
    """
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"à {name}"


def in_territory(gazetteer: Gazetteer, territory: Territory) -> str:
    """Write where something is: "en Lozère", "dans les Landes", "au Vigan", "dans le bassin de vie de Langogne"."""
    name = gazetteer.bare_name(territory)
    match territory.level:
        case "commune":
            return at_name(name)
        case "departement":
            before = _IN_DEPARTEMENTS.get(territory.code, "en ")
        case "region":
            before = _IN_REGIONS.get(territory.code, "en ")
        case "bassin_de_vie" | "aire_attraction":
            noun = LEVEL_NAMES[territory.level].noun
            return f"{'dans l’' if noun[0] == 'a' else 'dans le '}{noun} {of_name(name)}"
        case "epci":  # "CC", "CA" and "CU" are communities; a metropolis bears the name of its town
            before = "dans la " if name[:3] in {"CC ", "CA ", "CU "} else "dans l’intercommunalité "
        case _:
            before, name = ("en ", name) if territory == FRANCE else ("dans ", f"« {name} »")
    return f"{before}{name}"


def begin(text: str) -> str:
    """Write a text as a sentence begins, its first letter a capital."""
    return text[:1].upper() + text[1:]


def within_sentence(label: str) -> str:
    """Write a label inside a sentence: its capital goes, an acronym or a name stays ("MSP labellisées").

    Examples
    --------
    >>> within_sentence("Temps de trajet"), within_sentence("MSP labellisées")
    ('temps de trajet', 'MSP labellisées')
    """
    return label if label[:2].isupper() or label.startswith("France ") else label[:1].lower() + label[1:]
