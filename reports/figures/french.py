"""French grammar that sentences made of figures and names need: plurals, contractions, elisions."""

from geo.commune_names import fold
from reports.figures.numbers import format_number


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
