"""What the tables in use are held to: figures published elsewhere, and gates of plausibility, as a reader sees them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from coverage.funding import MspTeam, fund_msp, read_msp_rules
from coverage.territories.gazetteer import Gazetteer, Territory, UnknownTerritoryError
from data.contracts.gates import Breach, find_breaches
from data.contracts.published_measures import METROPOLE, Read, compare
from data.funding.rules import load_rules
from data.quality.columns import name_column
from data.quality.tables import TITLES
from data.sources.published_figures import PublishedFigure, load_published_figures
from reports.figures.numbers import format_number

FUNDING: Final = "funding"
FUNDING_TITLE: Final = "Règles de financement (ACI)"
NOT_COMPARED: Final = "sans objet"

_PREREQUISITES: Final = {"ouverture": 1, "crise": 1, "coordination": 1, "systeme": 1}
_CERTAINTIES: Final = {"P": "document d’origine", "S": "source secondaire"}
_ACCORDED: Final = dt.date(2022, 10, 31)
"""The guide is of October 2022: its worked values are those of the rules of that day."""


def compare_published(read: Read, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Put each figure published elsewhere beside ours, in the tables in use.

    Parameters
    ----------
    read
        Gives a table in use by its name.
    manifest
        Says what each table in use is made of.

    Returns
    -------
    pandas.DataFrame
        As `data.contracts.published_measures.compare`; "sans objet" where the table is not there or is another version.
    """
    sources_of: dict[str, Sequence[str]] = {name: entry["sources"] for name, entry in manifest["tables"].items()}
    rules = load_rules("msp", on=_ACCORDED)
    sources_of[FUNDING] = [str(rules["file"]).removesuffix(".toml")]
    return compare(load_published_figures(), read, {"aci_line": _aci_line}, sources_of)


def _aci_line(figure: PublishedFigure) -> float:
    """Compute a line of the ACI of an MSP that has every prerequisite."""
    options = {"n_patients": 0, "n_professionals": 1} | dict(figure.options)
    team = MspTeam(options["n_patients"], options["n_professionals"], _PREREQUISITES, 0.0)
    funding = fund_msp(read_msp_rules(load_rules("msp", on=_ACCORDED)), team)
    line = next(funded for funded in funding.lines if funded.line.id == options["line"])
    return float(getattr(line, options["of"]))


def name_place(gazetteer: Gazetteer, key: str) -> str:
    """Name a territory of a published figure; the key itself when the geography in use has no such place."""
    if key == METROPOLE:
        return "France métropolitaine"
    try:
        return gazetteer.name(gazetteer.parse(key))
    except UnknownTerritoryError:
        return key


def describe_figures(compared: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Return the comparison as it is exported: French columns, numbers as numbers.

    Parameters
    ----------
    compared
        Result of `compare_published`.
    gazetteer
        Names the places.

    Returns
    -------
    pandas.DataFrame
        One row a figure: what, where, published, ours, gap, unit, verdict, why, and where it was published.
    """
    return pd.DataFrame(
        {
            "Table": [_title(name) for name in compared["table"]],
            "Chiffre": compared["label"],
            "Territoire": [name_place(gazetteer, key) for key in compared["territory"]],
            "Publié": compared["published"],
            "Maillage": compared["found"],
            "Écart": compared["gap"],
            "Unité": compared["unit"],
            "Résultat": compared["verdict"],
            "Explication": compared["why"].where(compared["verdict"] == "écart expliqué", ""),
            "Publication": compared["title"],
            "Producteur": compared["producer"],
            "Date": compared["date"],
            "Indépendance": compared["independence"],
            "Lu dans": compared["certainty"].map(_CERTAINTIES),
        }
    )


def write_figures(described: pd.DataFrame) -> pd.DataFrame:
    """Return the same with its numbers written out in French, to the decimals of the publication."""
    decimals = described["Publié"].map(_n_decimals).groupby(described["Chiffre"]).transform("max")
    written = described.copy()
    for column in ("Publié", "Maillage"):
        written[column] = [format_number(v, n) for v, n in zip(described[column], decimals, strict=True)]
    written["Écart"] = [_format_gap(v, n) for v, n in zip(described["Écart"], decimals, strict=True)]
    return written


def _n_decimals(published: float) -> int:
    text = f"{published:.6f}".rstrip("0")
    return len(text.partition(".")[2])


def _format_gap(gap: float, decimals: int) -> str:
    """Write a gap with its sign; 0 and the unknown without any."""
    size = format_number(abs(gap), decimals)
    sign = "−" if gap < 0 else "+" if gap > 0 else ""
    return size if size == format_number(0.0, decimals) else f"{sign}{size}"


def describe_breaches(breaches: Sequence[Breach], gazetteer: Gazetteer) -> pd.DataFrame:
    """Return what the gates found, in French columns; regions, departments and columns by their names."""
    return pd.DataFrame(
        {
            "Table": [_title(breach.table) for breach in breaches],
            "Contrôle": [breach.gate for breach in breaches],
            "Où": [_name_codes(breach.place, gazetteer) for breach in breaches],
            "Attendu": [breach.expected for breach in breaches],
            "Trouvé": [_name_codes(breach.found, gazetteer) for breach in breaches],
        }
    )


def find_all_breaches(read: Read, manifest: Mapping[str, Any]) -> tuple[Breach, ...]:
    """Hold the tables in use to every gate of plausibility."""
    return tuple(find_breaches(read, manifest["tables"]))


def _name_codes(text: str, gazetteer: Gazetteer) -> str:
    def name(match: re.Match[str]) -> str:
        territory = Territory("region" if match[1] == "région" else "departement", match[2])
        return gazetteer.name(territory) if territory in gazetteer else match[0]

    text = re.sub(r"colonne « (\w+) »", lambda match: f"« {name_column(match[1])} »", text)
    return re.sub(r"(région|département) ([0-9]{2,3}|2[AB])", name, text)


def _title(table: str) -> str:
    return FUNDING_TITLE if table == FUNDING else TITLES.get(table, table)
