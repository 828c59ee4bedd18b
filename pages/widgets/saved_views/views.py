"""The views of a presentation: what each shows and says, and the small JSON file that keeps them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from coverage.json_document import JsonDocumentError, Places, is_text, quote, read_json
from coverage.simulator.scenario_file import KnownCodes, ScenarioFileError, read_token
from coverage.territories.gazetteer import Gazetteer
from pages.app.view import View
from pages.widgets.two_maps.choice import ADDRESS_NAMES, TwoMaps, can_be_drawn
from reports.territory.slides import SLIDE_LABELS, SlideName

SCHEMA: Final = "maillage-presentation-1"
MAX_VIEWS: Final = 50
MAX_TITLE: Final = 80
MAX_COMMENT: Final = 240
UNTITLED: Final = "Sans titre"
MAP_FIELDS: Final = (
    "territoire", "indicateur", "maille", "methode", "classes", "structures", "dates", "selection", "horizon",
)  # fmt: skip
MAX_SCENARIO: Final = 20_000
"""Characters of the token of a scenario: one of the most changes fits."""
NO_SCENARIO: Final = KnownCodes({}, ())
MAPS_FIELDS: Final = tuple(sorted(ADDRESS_NAMES))
NEEDED_FIELDS: Final = frozenset({"a_indicateur", "b_indicateur"})
LEVEL_FIELDS: Final = ("a_indicateur", "a_maille", "b_indicateur", "b_maille")


class PresentationFileError(ValueError):
    """A file of saved views cannot be used; the message is for the reader, in French, and names the line."""


SlideKind = Literal["", "carte", "deux_cartes", "simulation", SlideName]
SLIDE_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("", "carte"), "Carte"),
    **{str(name): label for name, label in SLIDE_LABELS.items()},
    "deux_cartes": "Deux cartes",
    "simulation": "Simulation, avant et après",
}
"""What a slide shows; "" is a view that a reader saved, under the title that they gave it."""


@dataclass(frozen=True)
class SavedView:
    """A view of the map, or a slide of its territory, with what is said of it; made by `of`, fit for a file.

    Attributes
    ----------
    title
        On one line, 1 to 80 characters; "" for a slide of a territory, whose title is then what its figures say.
    comment
        At most 240 characters, "" for none.
    view
        What the map shows; what other pages keep in a view is at its default.
    slide
        What of its territory is shown, a key of `SLIDE_KINDS`.
    maps
        What both maps show, of a slide "deux_cartes" only: side by side, each with a territory.
    scenario
        Token of what is simulated (`coverage.simulator.scenario_file.write_token`), of a slide "simulation" only.
    """

    title: str
    comment: str
    view: View
    slide: SlideKind = ""
    maps: TwoMaps | None = None
    scenario: str = ""

    @classmethod
    def of(
        cls,
        title: str,
        comment: str,
        view: View,
        slide: SlideKind = "",
        maps: TwoMaps | None = None,
        scenario: str = "",
    ) -> Self:
        """Return a saved view, its texts trimmed and cut to their longest, the view reduced to what the map shows."""
        shown = View(**{name: getattr(view, name) for name in MAP_FIELDS} | {"structures": view.shown_structures})
        line = " ".join(title.split())[:MAX_TITLE].strip()
        said = comment.strip()[:MAX_COMMENT].strip()
        tried = scenario if slide == "simulation" else ""
        return cls(line or ("" if slide else UNTITLED), said, shown, slide, _side_by_side(slide, maps), tried)


def _side_by_side(slide: SlideKind, maps: TwoMaps | None) -> TwoMaps | None:
    """Return two maps as a slide shows them; under a handle both were of one territory."""
    if slide != "deux_cartes":
        return None
    maps = maps or TwoMaps()
    return maps.with_(vue="cote", territoire_b=None) if maps.vue == "rideau" else maps


def write_views(saved: Sequence[SavedView]) -> str:
    """Write saved views as JSON, one a line; every field is written, so that a later default changes no old file."""
    lines = ["    " + json.dumps(_as_record(item), ensure_ascii=False) for item in saved]
    views = ["[", ",\n".join(lines), "  ]"] if lines else ["[]"]
    return "\n".join(["{", f'  "schema": {json.dumps(SCHEMA)},', f'  "views": {views[0]}', *views[1:], "}", ""])


def read_views(
    content: str | bytes,
    gazetteer: Gazetteer,
    indicators: Mapping[str, Collection[str]],
    known: KnownCodes = NO_SCENARIO,
) -> tuple[tuple[SavedView, ...], list[str]]:
    """Read a file of saved views, trusting nothing of it.

    Parameters
    ----------
    content
        The file, UTF-8.
    gazetteer
        The territories that exist.
    indicators
        Each known indicator and the levels it is known at.
    known
        What a scenario may name; by default nothing: slides of a simulation are then left out.

    Returns
    -------
    tuple of SavedView and list of str
        The views that can be shown, in the order of the file, and a French sentence for each that names a territory,
        an indicator or a choice that doesn't exist: it is left out.

    Raises
    ------
    PresentationFileError
        The file is too large, no UTF-8, no JSON, of another edition, or a value is missing, of another kind or too
        long.
    """
    try:
        values, places = read_json(content, "Présentation")
    except JsonDocumentError as error:
        raise PresentationFileError(str(error)) from error
    saved: list[SavedView] = []
    notices: list[str] = []
    for rank, record in enumerate(_records(values, places)):
        place = places.of_item(rank)
        _check_record(record, place)
        view, _ = View.from_query(record["view"], gazetteer, indicators)
        maps, _ = _read_maps(record.get("maps"), gazetteer, indicators)
        unknown = _unusable(record, gazetteer, indicators)
        fault = f"{unknown} n’existe pas ou plus." if unknown else _scenario_fault(record, known)
        if fault:
            notices.append(f"{place}, « {record['title']} » : {fault} Cette vue n’est pas reprise, les autres le sont.")
        else:
            said = record["title"], record.get("comment", "")
            saved.append(SavedView.of(*said, view, record.get("slide", ""), maps, record.get("scenario", "")))
    return tuple(saved), notices


def _read_maps(
    query: dict[str, str] | None, gazetteer: Gazetteer, indicators: Mapping[str, Collection[str]]
) -> tuple[TwoMaps | None, list[str]]:
    """Read what two maps show, and what of it can't be used."""
    if query is None:
        return None, []
    return TwoMaps.from_query(query, gazetteer, can_be_drawn(indicators))


def _scenario_fault(record: dict[str, Any], known: KnownCodes) -> str:
    """Say why a scenario can't be simulated; "" where it can, or there is none."""
    if "scenario" not in record:
        return ""
    try:
        read_token(record["scenario"], known)
    except ScenarioFileError as error:
        return f"le scénario ne peut pas être lu. {error}"
    return ""


def _as_record(item: SavedView) -> dict[str, Any]:
    """Return a view as the file has it; a view of the map has no kind, as before there were others."""
    record = {"title": item.title, "comment": item.comment, "view": _as_query(item.view)}
    record |= {"slide": item.slide} if item.slide else {}
    record |= {"maps": item.maps.to_full_query()} if item.maps else {}
    return record | ({"scenario": item.scenario} if item.scenario else {})


def _as_query(view: View) -> dict[str, str]:
    return {
        "territoire": view.territoire.key,
        "indicateur": view.indicateur,
        "maille": view.maille,
        "methode": view.methode,
        "classes": str(view.classes),
        "structures": ",".join(view.shown_structures),
        "dates": view.dates,
        "horizon": str(view.horizon),
    } | ({"selection": view.selection.key} if view.selection else {})


def _records(values: Any, places: Places) -> list[dict[str, Any]]:
    if not isinstance(values, dict):
        raise PresentationFileError("Présentation, ligne 1 : attendu un objet JSON, entre accolades.")
    if values.get("schema") != SCHEMA:
        found = quote(values.get("schema"))
        raise PresentationFileError(f"{places.of_key('schema')} : attendu schema = {SCHEMA}, trouvé {found}.")
    for key in values:
        if key not in {"schema", "views"}:
            raise PresentationFileError(f"{places.of_key(key)} : attendu schema ou views, trouvé {quote(key)}.")
    views = values.get("views")
    if not isinstance(views, list) or len(views) > MAX_VIEWS:
        found = f"{len(views)} vues" if isinstance(views, list) else quote(views)
        raise PresentationFileError(
            f"{places.of_key('views')}, views : attendu au plus {MAX_VIEWS} vues, trouvé {found}."
        )
    for rank, record in enumerate(views):
        if not isinstance(record, dict):
            place = f"{places.of_key('views')}, vue {rank + 1}"
            raise PresentationFileError(f"{place} : attendu une vue entre accolades, trouvé {quote(record)}.")
    return views


def _check_record(record: dict[str, Any], place: str) -> None:
    _check_names(record, ("title", "comment", "view", "slide", "maps", "scenario"), place)
    slide = record.get("slide", "")
    if not isinstance(slide, str) or slide not in SLIDE_KINDS:
        expected = ", ".join(filter(None, SLIDE_KINDS))
        raise PresentationFileError(f"{place}, slide : attendu {expected}, trouvé {quote(slide)}.")
    title, comment = record.get("title"), record.get("comment", "")
    if not is_text(title, MAX_TITLE) or not (slide or str(title).strip()):
        expected = f"un titre de 1 à {MAX_TITLE} caractères"
        raise PresentationFileError(f"{place}, title : attendu {expected}, trouvé {quote(title)}.")
    if not is_text(comment, MAX_COMMENT):
        expected = f"au plus {MAX_COMMENT} caractères"
        raise PresentationFileError(f"{place}, comment : attendu {expected}, trouvé {quote(comment)}.")
    _check_query(record, "view", "ce que montre la carte", MAP_FIELDS, place)
    if slide == "deux_cartes":
        _check_query(record, "maps", "ce que montrent les deux cartes", MAPS_FIELDS, place)
        if missing := NEEDED_FIELDS - set(record["maps"]):
            raise PresentationFileError(f"{place}, maps : attendu {', '.join(sorted(missing))}, trouvé rien.")
    elif "maps" in record:
        raise PresentationFileError(f"{place}, maps : attendu avec slide = deux_cartes seulement.")
    if (slide == "simulation") != ("scenario" in record):
        raise PresentationFileError(f"{place}, scenario : attendu avec slide = simulation, et seulement avec elle.")
    if not is_text(record.get("scenario", ""), MAX_SCENARIO):
        raise PresentationFileError(f"{place}, scenario : attendu au plus {MAX_SCENARIO} caractères.")


def _check_query(record: dict[str, Any], name: str, expected: str, fields: Collection[str], place: str) -> None:
    """Refuse what is not the parameters of a view, each a text."""
    query = record.get(name)
    if not isinstance(query, dict):
        raise PresentationFileError(f"{place}, {name} : attendu {expected}, trouvé {quote(query)}.")
    _check_names(query, fields, f"{place}, {name}")
    for field, value in query.items():
        if not isinstance(value, str):
            raise PresentationFileError(f"{place}, {field} : attendu un texte, trouvé {quote(value)}.")


def _check_names(record: dict[str, Any], known: Collection[str], place: str) -> None:
    for name in record:
        if name not in known:
            raise PresentationFileError(f"{place} : attendu {', '.join(known)}, trouvé {quote(name)}.")


def _unusable(record: dict[str, Any], gazetteer: Gazetteer, indicators: Mapping[str, Collection[str]]) -> str:
    """Name the parameters that can't be used; a level may only be so beside its indicator."""
    view, maps = record["view"], record.get("maps")
    named = []
    if View.from_query(view, gazetteer, indicators)[1]:
        alone = [name for name in view if View.from_query({name: view[name]}, gazetteer, indicators)[1]]
        named += [f"{name} = {quote(view[name])}" for name in alone or ("indicateur", "maille") if name in view]
    if maps and _read_maps(maps, gazetteer, indicators)[1]:
        alone = [name for name in maps if _read_maps({name: maps[name]}, gazetteer, indicators)[1]]
        named += [f"{name} = {quote(maps[name])}" for name in alone or LEVEL_FIELDS if name in maps]
    return ", ".join(named)
