"""The dated rules of public funding (data/funding/*.toml): read, checked line by line, chosen by edition."""

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from data.errors import DataError
from geo.documents import DocumentError, read_toml

DEFAULT_FOLDER: Final = Path(__file__).parent
ZONE_AIDS: Final = "zone_aids.toml"
PROJECT_AIDS: Final = "project_aids.toml"

SCHEMES: Final = ("msp", "cpts")
CATEGORIES: Final = ("prerequisite", "socle", "optional")
ANSWERS: Final = ("yes_no", "level", "count")
CERTAINTIES: Final = ("P", "S", "?")
INPUTS: Final = ("n_patients", "n_professionals", "n_coordination_patients", "share_files", "n_months")
VARIABLES: Final[Mapping[str, frozenset[str]]] = {
    "per_patients": frozenset({"points"}),
    "patient_bands": frozenset({"bands"}),
    "professional_bands": frozenset({"bands"}),
    "discussed_files": frozenset({"points", "full_share"}),
}
"""Parameters of each named formula; `condition` may be added to any."""

_TEXTS: Final = ("edition", "label", "source", "source_page", "warning")


class FundingRulesError(DataError, ValueError):
    """A file of funding rules is wrong, or the edition asked for is unknown or of a later document."""

    problem = "Règles de financement inutilisables"


def load_rules(
    scheme: str, *, on: dt.date, edition: str | None = None, folder: Path = DEFAULT_FOLDER
) -> Mapping[str, Any]:
    """Load one edition of the rules of a scheme, as plain values checked field by field.

    Parameters
    ----------
    scheme
        "msp" or "cpts".
    on
        Day for which the rules are wanted.
    edition
        Name of an edition; by default that of the last document dated by that day.
    folder
        Where the files are.

    Returns
    -------
    Mapping
        The document as its file lays it out, with `file` (its name) added; amounts in euros and in points.

    Raises
    ------
    FundingRulesError
        The edition is unknown, or its document is of after `on`: the known ones are listed. Or a file is absent, is not
        TOML, lacks a field, or holds a value that has no meaning.
    """
    known = load_editions(scheme, folder=folder)
    listed = ", ".join(f"{name} (document de {rules['document_date']})" for name, rules in known.items())
    started = {name: rules for name, rules in known.items() if first_day(rules["document_date"]) <= on}
    if edition is not None and edition not in known:
        raise FundingRulesError(f"règles {scheme}", place="édition", expected=listed, found=edition)
    if (edition is not None and edition not in started) or not started:
        found = f"{edition or 'aucune édition'}, d’un document postérieur au {on:%d/%m/%Y}"
        raise FundingRulesError(f"règles {scheme}", place="édition", expected=listed, found=found)
    return started[edition or list(started)[-1]]


def load_editions(scheme: str, *, folder: Path = DEFAULT_FOLDER) -> Mapping[str, Mapping[str, Any]]:
    """Load every edition of a scheme, by name, the oldest first.

    Raises
    ------
    FundingRulesError
        See `load_rules`; also when no file is of this scheme, or two editions have one name.
    """
    if scheme not in SCHEMES:
        raise FundingRulesError(folder, expected=" ou ".join(SCHEMES), found=scheme)
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(folder.glob(f"{scheme}_*.toml")):
        rules = _read(path)
        _require_choice(rules.get("scheme"), (scheme,), path, "scheme")
        _require_header(rules, path)
        (_require_msp if scheme == "msp" else _require_cpts)(rules, path)
        if rules["edition"] in found:
            raise FundingRulesError(path, place="edition", expected="un nom par édition", found=rules["edition"])
        found[rules["edition"]] = {**rules, "file": path.name}
    if not found:
        raise FundingRulesError(folder, expected=f"un fichier {scheme}_….toml", found="aucun")
    return dict(sorted(found.items(), key=lambda item: first_day(item[1]["document_date"])))


def first_day(document_date: str) -> dt.date:
    """Return the first day of the year or month that a document is dated of: "2022-10" is 1 October 2022."""
    year, _, month = document_date.partition("-")
    return dt.date(int(year), int(month or 1), 1)


def load_zone_aids(folder: Path = DEFAULT_FOLDER) -> list[Mapping[str, Any]]:
    """Load the aids tied to a zone: label, payer, zones (ZIP, ZAC, ZAR, HZ), text and address; never an amount.

    Those that hang on the class of the commune in France Ruralités Revitalisation list these classes in `frr`.

    Raises
    ------
    FundingRulesError
        The file is absent or an aid lacks a field.
    """
    path = folder / ZONE_AIDS
    aids = _load_aids(path, ())
    for number, aid in enumerate(aids, start=1):
        for name in ("zones", *({"frr"} & set(aid))):
            _require_list(aid.get(name), path, f"aide {number}, {name}")
    return aids


def load_project_aids(folder: Path = DEFAULT_FOLDER) -> list[Mapping[str, Any]]:
    """Load the aids of a project in the order of its life: label, payer, when, text, source, certainty and address.

    Raises
    ------
    FundingRulesError
        The file is absent or an aid lacks a field.
    """
    path = folder / PROJECT_AIDS
    aids = _load_aids(path, ("when", "source"))
    for number, aid in enumerate(aids, start=1):
        _require_choice(aid.get("certainty"), CERTAINTIES, path, f"aide {number}, certainty")
    return aids


def _load_aids(path: Path, more: Iterable[str]) -> list[Mapping[str, Any]]:
    aids = _require_tables(_read(path).get("aid"), path, "aid")
    for number, aid in enumerate(aids, start=1):
        for name in ("label", "payer", "text", "url", *more):
            _require_text(aid.get(name), path, f"aide {number}, {name}")
        if not aid["url"].startswith("https://"):
            raise FundingRulesError(path, place=f"aide {number}, url", expected="https://…", found=aid["url"])
    return aids


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except DocumentError as error:
        raise FundingRulesError(path, expected=error.expected, found=error.found) from error


def _require_header(rules: Mapping[str, Any], path: Path) -> None:
    """Want what tells an edition: its name, its dates, its source and how sure it is."""
    for name in _TEXTS:
        _require_text(rules.get(name), path, name)
    _require_choice(rules.get("certainty"), CERTAINTIES, path, "certainty")
    dated, end = rules.get("document_date"), rules.get("valid_to")
    if not isinstance(dated, str) or not re.fullmatch(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?", dated):
        raise FundingRulesError(path, place="document_date", expected="une année ou un mois (2022-10)", found=dated)
    if end is not None and (type(end) is not dt.date or end < first_day(dated)):
        raise FundingRulesError(path, place="valid_to", expected=f"une date après {dated}", found=end)
    for number, assumption in enumerate(_require_tables(rules.get("assumption"), path, "assumption"), start=1):
        _require_text(assumption.get("text"), path, f"hypothèse {number}, text")
        _require_choice(assumption.get("certainty"), CERTAINTIES, path, f"hypothèse {number}, certainty")


def _require_msp(rules: Mapping[str, Any], path: Path) -> None:
    _require_number(rules.get("point_eur"), path, "point_eur", above=0)
    _require_number(rules.get("reference_patients"), path, "reference_patients", above=0)
    advance = _require_table(rules.get("advance"), path, "advance")
    _require_number(advance.get("share"), path, "advance, share", above=0, most=1)
    _require_number(advance.get("minimum_eur"), path, "advance, minimum_eur")
    _require_text(advance.get("source"), path, "advance, source")
    _require_choice(advance.get("certainty"), CERTAINTIES, path, "advance, certainty")
    for category in _require_list(advance.get("categories"), path, "advance, categories"):
        _require_choice(category, CATEGORIES, path, "advance, categories")
    not_counted = _require_table(rules.get("not_counted"), path, "not_counted")
    _require_text(not_counted.get("text"), path, "not_counted, text")
    for name in ("points", "value_eur"):
        _require_number(not_counted.get(name), path, f"not_counted, {name}", above=0)
    _require_choice(not_counted.get("certainty"), CERTAINTIES, path, "not_counted, certainty")
    inputs = _require_table(rules.get("inputs"), path, "inputs")
    for name in INPUTS:
        words = _require_table(inputs.get(name), path, f"inputs, {name}")
        for part in ("label", "help"):
            _require_text(words.get(part), path, f"inputs, {name}, {part}")
    conditions = _require_tables(rules["condition"], path, "condition") if "condition" in rules else []
    _require_ids(conditions, path, "condition")
    lines = _require_tables(rules.get("line"), path, "line")
    _require_ids(lines, path, "line")
    for line in lines:
        _require_line(line, path, frozenset(condition["id"] for condition in conditions))


def _require_ids(entries: Iterable[Mapping[str, Any]], path: Path, kind: str) -> None:
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        for name in ("id", "label", "help"):
            _require_text(entry.get(name), path, f"{kind} {number}, {name}")
        # The id stands in addresses, where "-" and "," part the answers.
        if not entry["id"].replace("_", "").isalnum() or entry["id"] in seen:
            raise FundingRulesError(
                path, place=f"{kind} {number}, id", expected="lettres et chiffres, une seule fois", found=entry["id"]
            )
        seen.add(entry["id"])


def _require_line(line: Mapping[str, Any], path: Path, conditions: frozenset[str]) -> None:
    place = f"ligne « {line['id']} »"
    _require_choice(line.get("category"), CATEGORIES, path, f"{place}, category")
    _require_choice(line.get("answer"), ANSWERS, path, f"{place}, answer")
    if line["answer"] == "count":
        _require_text(line.get("noun"), path, f"{place}, noun")
    steps = _require_tables(line.get("steps"), path, f"{place}, steps")
    for number, step in enumerate(steps, start=1):
        where = f"{place}, marche {number}"
        if not {"fixed_points", "variable"} & set(step):
            raise FundingRulesError(path, place=where, expected="fixed_points ou variable", found=", ".join(step))
        _require_number(step.get("fixed_points", 0), path, f"{where}, fixed_points")
        repeat = step.get("repeat", 1)
        if type(repeat) is not int or repeat < 1:
            raise FundingRulesError(path, place=f"{where}, repeat", expected="un entier d’au moins 1", found=repeat)
        if "variable" in step:
            _require_variable(_require_table(step["variable"], path, where), path, where, conditions)
    n_steps = sum(step.get("repeat", 1) for step in steps)
    if line["answer"] == "yes_no" and n_steps != 1:
        raise FundingRulesError(path, place=f"{place}, steps", expected="une marche (oui ou non)", found=n_steps)


def _require_variable(variable: Mapping[str, Any], path: Path, place: str, conditions: frozenset[str]) -> None:
    kind = variable.get("kind")
    _require_choice(kind, VARIABLES, path, f"{place}, kind")
    wanted = VARIABLES[str(kind)] | {"kind"}
    if set(variable) - {"condition"} != wanted:
        raise FundingRulesError(path, place=place, expected=", ".join(sorted(wanted)), found=", ".join(variable))
    if "condition" in variable:
        _require_choice(variable["condition"], conditions, path, f"{place}, condition")
    if "points" in variable:
        _require_number(variable["points"], path, f"{place}, points")
    if "full_share" in variable:
        _require_number(variable["full_share"], path, f"{place}, full_share", above=0, most=1)
    if "bands" in variable:
        _require_bands(_require_tables(variable["bands"], path, f"{place}, bands"), path, f"{place}, bands")


def _require_bands(bands: list[Mapping[str, Any]], path: Path, place: str) -> None:
    """Want bands that rise and leave nobody out: the last one alone is open."""
    lowest = 0.0
    for rank, band in enumerate(bands):
        _require_number(band.get("points"), path, f"{place}, points")
        if rank < len(bands) - 1:
            _require_number(band.get("up_to"), path, f"{place}, up_to", above=lowest)
            lowest = band["up_to"]
    if "up_to" in bands[-1]:
        raise FundingRulesError(path, place=place, expected="une dernière tranche sans borne", found=bands[-1])


def _require_cpts(rules: Mapping[str, Any], path: Path) -> None:
    band = _require_table(rules.get("range"), path, "range")
    _require_number(band.get("low_eur"), path, "range, low_eur", above=0)
    _require_number(band.get("high_eur"), path, "range, high_eur", above=band["low_eur"])
    _require_text(band.get("condition"), path, "range, condition")
    sizes = _require_tables(rules.get("size"), path, "size")
    lowest = 0.0
    for rank, size in enumerate(sizes, start=1):
        place = f"taille {rank}"
        if size.get("size") != rank:
            raise FundingRulesError(path, place=place, expected=f"size = {rank}", found=size.get("size"))
        if rank < len(sizes):
            _require_number(size.get("under_population"), path, f"{place}, under_population", above=lowest)
            lowest = size["under_population"]
        elif "under_population" in size:
            raise FundingRulesError(path, place=place, expected="une dernière taille sans borne", found=size)
        if "most_2019_eur" in size:
            _require_number(size["most_2019_eur"], path, f"{place}, most_2019_eur", above=0)
        if "supposed_eur" in size and size["supposed_eur"] not in (band["low_eur"], band["high_eur"]):
            # Which size stands at an end of the range is our reading; any other amount would be invented.
            found = size["supposed_eur"]
            raise FundingRulesError(
                path, place=f"{place}, supposed_eur", expected="un bout de la fourchette", found=found
            )


def _require_text(value: Any, path: Path, place: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise FundingRulesError(path, place=place, expected="un texte", found=repr(value))


def _require_choice(value: Any, choices: Iterable[str], path: Path, place: str) -> None:
    if value not in choices:
        raise FundingRulesError(path, place=place, expected=", ".join(sorted(choices)), found=repr(value))


def _require_number(
    value: Any, path: Path, place: str, *, above: float | None = None, most: float | None = None
) -> None:
    """Want a number: at least 0, or more than `above`, and no more than `most`."""
    too_low = (
        type(value) not in (int, float)
        or not math.isfinite(value)
        or not (value >= 0 if above is None else value > above)
    )
    if too_low or (most is not None and value > most):
        low = "au moins 0" if above is None else f"plus de {above:g}"
        high = "" if most is None else f", au plus {most:g}"
        raise FundingRulesError(path, place=place, expected=f"un nombre, {low}{high}", found=repr(value))


def _require_table(value: Any, path: Path, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise FundingRulesError(path, place=place, expected="une table", found=repr(value))
    return value


def _require_list(value: Any, path: Path, place: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise FundingRulesError(path, place=place, expected="une liste", found=repr(value))
    return value


def _require_tables(value: Any, path: Path, place: str) -> list[Mapping[str, Any]]:
    return [
        _require_table(entry, path, f"{place} {number}")
        for number, entry in enumerate(_require_list(value, path, place), start=1)
    ]
