"""Figures published outside our files (data/sources/published_figures.toml), which the tables must find again.

A check against a sum read in the very file that it checks proves nothing: each figure here was published elsewhere, and
says where, when, and how independent of the file that publication is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from data.errors import CatalogError
from geo.documents import DocumentError, read_toml

DEFAULT_PATH: Final = Path(__file__).with_name("published_figures.toml")

INDEPENDENCE: Final = ("autre producteur", "autre publication du producteur", "transcription")
"""How far a publication is from the file it checks: another producer; the same producer, in another publication or at
another level; a third party's transcription of the producer's figures."""

FRANCE: Final = "france"


@dataclass(frozen=True)
class Publication:
    """Where figures were published; every text is French and may be shown as it is.

    Attributes
    ----------
    id
        Name used in the file.
    title, producer, date
        What it is, who made it, of which day, month or year.
    independence
        One of `INDEPENDENCE`.
    certainty
        "P": read in the document or file itself; "S": read in a secondary source.
    """

    id: str
    title: str
    producer: str
    date: str
    independence: str
    certainty: str


@dataclass(frozen=True)
class PublishedFigure:
    """One published figure, and how the tables find it again.

    Attributes
    ----------
    id
        Group and territory, as "apl_2023.departement-48".
    label
        What is counted, in French, without the territory.
    table
        Table that the figure checks.
    sources
        Sources of that table for which it holds (ids of the catalogue): another version is of another date.
    measure, options
        Name in `data.contracts.published_measures.MEASURES` (or of a computation above the tables), and its arguments.
    territory
        Key of a territory ("departement-48", "france"), or "metropole".
    value, unit
        The published figure, and its unit in French.
    tolerance
        Gap, in the unit, that the rounding of the publication allows.
    explained
        Largest gap, in the unit, that `why` explains; 0 when no gap is expected.
    why
        French sentence; empty when no gap is expected.
    indicator
        Indicator that shows this very figure on the screens; empty when none does.
    publication
        Where it was published.
    """

    id: str
    label: str
    table: str
    sources: tuple[str, ...]
    measure: str
    options: Mapping[str, Any]
    territory: str
    value: float
    unit: str
    tolerance: float
    explained: float
    why: str
    indicator: str
    publication: Publication


_GROUP_NEEDED: Final = {
    "id", "label", "table", "sources", "measure", "publication", "unit", "tolerance", "values",
}  # fmt: skip
_GROUP_OPTIONAL: Final = {"options", "explained", "explained_share", "why", "indicator"}


def load_published_figures(path: Path = DEFAULT_PATH) -> tuple[PublishedFigure, ...]:
    """Load the published figures, every entry complete and well formed.

    Parameters
    ----------
    path
        A TOML file laid out as `data/sources/published_figures.toml`, the default: publications, and groups of
        figures of one measure, a value a territory. ``explained_share`` is a part of the value, ``explained`` is in
        the unit.

    Returns
    -------
    tuple of PublishedFigure
        In the order of the file.

    Raises
    ------
    CatalogError
        When the file is absent or not TOML, or an entry lacks a field, has an unknown one, repeats an id, explains a
        gap without a sentence, or names an unknown publication.
    """
    try:
        document = read_toml(path)
    except DocumentError as error:
        raise CatalogError(path, expected=error.expected, found=error.found) from error
    if set(document) != {"publication", "group"}:
        raise CatalogError(path, expected="des rubriques [[publication]] et [[group]]", found=", ".join(document))
    publications = [_publication(entry, number, path) for number, entry in enumerate(document["publication"], start=1)]
    by_id = {publication.id: publication for publication in publications}
    figures = [
        figure
        for number, entry in enumerate(document["group"], start=1)
        for figure in _group(entry, number, path, by_id)
    ]
    ids = [figure.id for figure in figures]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    _require(not twice and len(by_id) == len(publications), path, "id", "chacun une seule fois", ", ".join(twice))
    unused = sorted(set(by_id) - {figure.publication.id for figure in figures})
    _require(not unused, path, "publication", "des publications citées", ", ".join(unused))
    return tuple(figures)


def require_outside_check(tables: Mapping[str, Any], figures: tuple[PublishedFigure, ...]) -> None:
    """Want at least one published figure for every table.

    Raises
    ------
    CatalogError
        With the tables that no figure published outside checks.
    """
    alone = sorted(set(tables) - {figure.table for figure in figures})
    _require(not alone, DEFAULT_PATH, "table", "un chiffre publié ailleurs pour chaque table", ", ".join(alone))


def _publication(entry: Any, number: int, path: Path) -> Publication:
    place = f"publication {number}"
    known = {item.name for item in fields(Publication)}
    is_whole = isinstance(entry, dict) and set(entry) == known and all(isinstance(v, str) and v for v in entry.values())
    _require(is_whole, path, place, f"des textes : {', '.join(sorted(known))}", entry)
    publication = Publication(**entry)
    is_known = publication.independence in INDEPENDENCE
    _require(is_known, path, f"{place}, independence", ", ".join(INDEPENDENCE), publication.independence)
    _require(publication.certainty in ("P", "S"), path, f"{place}, certainty", "P ou S", publication.certainty)
    return publication


def _group(entry: Any, number: int, path: Path, publications: Mapping[str, Publication]) -> list[PublishedFigure]:
    place = f"group {number}" + (f" ({entry['id']})" if isinstance(entry, dict) and "id" in entry else "")
    given = set(entry) if isinstance(entry, dict) else set()
    odd = sorted((_GROUP_NEEDED - given) | (given - _GROUP_NEEDED - _GROUP_OPTIONAL))
    _require(not odd, path, place, "les champs d’un groupe de chiffres", ", ".join(odd))
    source = entry["publication"]
    _require(source in publications, path, f"{place}, publication", ", ".join(publications), source)
    values = entry["values"]
    are_numbers = isinstance(values, dict) and values and all(type(v) in (int, float) for v in values.values())
    _require(are_numbers, path, f"{place}, values", "un nombre par territoire", values)
    explains = "explained" in entry or "explained_share" in entry
    _require(explains == bool(entry.get("why")), path, f"{place}, why", "une phrase et un écart, ou aucun", entry)
    return [
        PublishedFigure(
            id=f"{entry['id']}.{territory}",
            label=entry["label"],
            table=entry["table"],
            sources=tuple(entry["sources"]),
            measure=entry["measure"],
            options=entry.get("options", {}),
            territory=territory,
            value=float(value),
            unit=entry["unit"],
            tolerance=float(entry["tolerance"]),
            explained=max(float(entry.get("explained", 0)), float(entry.get("explained_share", 0)) * abs(value)),
            why=entry.get("why", ""),
            indicator=entry.get("indicator", ""),
            publication=publications[source],
        )
        for territory, value in values.items()
    ]


def _require(holds: object, path: Path, place: str, expected: str, found: object) -> None:
    if not holds:
        raise CatalogError(path, place=place, expected=expected, found=found)
