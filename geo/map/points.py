"""Structures on the map: their signs, and their table as the browser reads it."""

from __future__ import annotations

import math
import weakref
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.map.payload import encode_payload

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class StructureSymbol:
    """The sign of a type of structure.

    Attributes
    ----------
    shape
        circle, square, diamond, triangle, cross, saltire, star or house.
    colour, label
        Of the inside; in French.
    edge
        Colour of the line around, white when empty: a pale sign with a line is of a former date.
    """

    shape: str
    colour: str
    label: str
    edge: str = ""


#: Okabe-Ito colours, told apart with the usual colour deficiencies; the shape says the same without any colour.
STRUCTURE_SYMBOLS: Final = {
    "msp": StructureSymbol("circle", "#d55e00", "MSP"),
    "cpts": StructureSymbol("diamond", "#b1478a", "CPTS (siège)"),
    "centre_sante": StructureSymbol("square", "#e69f00", "Centre de santé"),
    "pharmacie": StructureSymbol("cross", "#007a59", "Pharmacie"),
    "hopital": StructureSymbol("triangle", "#0b0b0b", "Site d’hôpital public (tous sites)"),
    # What is shown as it was on 8 January 2021: the shape of its type, pale, with its colour around.
    "msp_2021": StructureSymbol("circle", "#fbd9bf", "MSP, 8 janv. 2021", "#d55e00"),
    "cpts_2021": StructureSymbol("diamond", "#f3d3e7", "CPTS (siège), 8 janv. 2021", "#b1478a"),
    "centre_sante_2021": StructureSymbol("square", "#fdeec6", "Centre de santé, 8 janv. 2021", "#b87d00"),
    # What became of the MSP of 2021.
    "msp_restee": StructureSymbol("circle", "#6b7886", "MSP présente aux deux dates"),
    "msp_ouverte": StructureSymbol("triangle", "#009e73", "MSP ouverte depuis 2021"),
    "msp_absente": StructureSymbol("saltire", "#c1272d", "MSP fermée ou non reconnue"),
    "ouverture": StructureSymbol("star", "#0072b2", "Ouverture du scénario"),
    "proposition": StructureSymbol("star", "#d3e7f6", "Site proposé", "#0072b2"),
    # The planner's own projects: one shape, darker and darker as they go on.
    "projet_idee": StructureSymbol("house", "#86b8e0", "Projet : idée"),
    "projet_projet": StructureSymbol("house", "#4a90c8", "Projet : en projet"),
    "projet_valide_ars": StructureSymbol("house", "#1f68a6", "Projet : validé par l’ARS"),
    "projet_ouvert": StructureSymbol("house", "#0c4178", "Projet : ouvert"),
    "projet_aci_signe": StructureSymbol("house", "#041f3f", "Projet : ACI signé"),
}
PROJECT_PREFIX: Final = "projet_"
"""What begins the type of a project on the map; its stage follows."""
_WRITTEN: Final[dict[int, tuple[weakref.ref[pd.DataFrame], str]]] = {}
"""What was written of each table that is still held somewhere, by its identity."""

COLUMNS: Final = ("finess_code", "structure_type", "name", "commune_name", "longitude", "latitude", "opened_on")


BY_NAME: Final = "nom"
"""Basis of a category that is deduced from the name of a site."""


@dataclass(frozen=True)
class SitesNote:
    """A line of the legend that the signs do not say alone.

    Attributes
    ----------
    label, count
        In French; None where there is nothing to count.
    sign
        Type whose sign, hollow, stands before the line; "" for none.
    """

    label: str
    count: int | None = None
    sign: str = ""


def sites_notes(structures: pd.DataFrame) -> tuple[SitesNote, ...]:
    """Say of sites which stand at their commune, of what days they are, and how sure they are: on screen and in print.

    Parameters
    ----------
    structures
        As `structure_columns` takes them; a column doubt (text, "" for none) counts the doubtful.
    """
    notes: list[SitesNote] = []
    if "point_flag" in structures.columns:
        hollow = structures.loc[structures["point_flag"] == "commune", "structure_type"]
        if len(hollow):
            notes.append(SitesNote("Creux : placé à sa commune", len(hollow), str(hollow.iloc[0])))
    if "as_of" in structures.columns and structures["as_of"].notna().any():
        days = [f"{day:%d/%m/%Y}" for day in sorted(structures["as_of"].dropna().unique())]
        said = f"FINESS : {' et '.join(filter(None, (', '.join(days[:-1]), days[-1])))}"
        # The signs may be counted together, by the eye or by a round: what that makes is no count of any day.
        notes.append(SitesNote(f"{said} (dates à ne pas additionner)" if len(days) > 1 else said))
    if "category_basis" in structures.columns and (n_named := int((structures["category_basis"] == BY_NAME).sum())):
        notes.append(SitesNote("Catégorie déduite du nom", n_named))
    if "doubt" in structures.columns and (n_doubtful := int((structures["doubt"].fillna("") != "").sum())):
        notes.append(SitesNote("Cas douteux", n_doubtful))
    return tuple(notes)


def _optional(placed: pd.DataFrame) -> dict[str, Any]:
    """Return what only dated sites have: a project or a site of a scenario has none of it."""
    columns: dict[str, Any] = {}
    if "point_flag" in placed.columns:
        columns["at_commune"] = (placed["point_flag"] == "commune").astype(int).tolist()
    if "as_of" in placed.columns:
        columns["dated"] = _dated(placed)
    if "doubt" in placed.columns:
        doubts = placed["doubt"].fillna("")
        columns["doubt"] = ("Douteux : " + doubts).where(doubts != "", "").tolist()
    return columns


def _dated(placed: pd.DataFrame) -> list[str]:
    """Write source and day of each site; the text of a day is made once, there being few."""
    ranks, days = placed["as_of"].factorize()  # -1: no day
    written = [*(f"FINESS, {day:%d/%m/%Y}" for day in days), ""]
    if "category_basis" not in placed.columns:
        return [written[rank] for rank in ranks.tolist()]
    by_name = (placed["category_basis"] == BY_NAME).fillna(value=False).to_numpy(dtype=bool)
    written += [f"{text}, catégorie déduite du nom" for text in written]
    shift = by_name * (len(days) + 1)
    return [written[rank] for rank in ((ranks % (len(days) + 1)) + shift).tolist()]


def encode_structures(structures: pd.DataFrame | None) -> str:
    """Write structures, and what the legend says of them, as the browser reads them.

    A table is written once, however often it is drawn: it must not be changed afterwards. See `structure_columns`.
    """
    if structures is None or structures.empty:
        return encode_payload({"structures": None, "notes": []})
    key = id(structures)
    table, written = _WRITTEN.get(key, (None, ""))
    if table is None or table() is not structures:
        notes = [asdict(note) for note in sites_notes(structures)]
        written = encode_payload({"structures": structure_columns(structures), "notes": notes})
        _WRITTEN[key] = (weakref.ref(structures, lambda _: _WRITTEN.pop(key, None)), written)
    return written


def structure_columns(structures: pd.DataFrame) -> dict[str, list[Any]]:
    """Turn a table of structures into the columns that the map reads.

    Parameters
    ----------
    structures
        finess_code, structure_type (a key of `STRUCTURE_SYMBOLS`), name, commune_name, longitude and latitude in
        degrees (EPSG:4326), opened_on (datetime64, NaT when unknown); where there are, point_flag, as_of (datetime64)
        and category_basis, as the table `structures` has them, and doubt (French, "" for none). Rows without
        coordinates are left out: they have no place.

    Returns
    -------
    dict of lists
        code, type, name, commune, longitude, latitude (5 decimals, about 1 m), year (None when unknown); at_commune (1
        for a site placed at its commune), dated (French source and day, "" unknown) and doubt where they are known.

    Raises
    ------
    ValueError
        A column is missing, or a type has no sign.
    """
    if missing := [column for column in COLUMNS if column not in structures.columns]:
        raise ValueError(f"columns missing from the structures: {missing}")
    if strange := set(structures["structure_type"].unique()) - set(STRUCTURE_SYMBOLS):
        raise ValueError(f"types of structure without a sign: {sorted(strange)}")
    placed = structures.dropna(subset=["longitude", "latitude"])
    years = placed["opened_on"].dt.year.to_numpy(dtype=float, na_value=math.nan)
    return {
        "code": placed["finess_code"].tolist(),
        "type": placed["structure_type"].tolist(),
        "name": placed["name"].fillna("Sans nom").tolist(),
        "commune": placed["commune_name"].fillna("").tolist(),
        "longitude": placed["longitude"].round(5).tolist(),
        "latitude": placed["latitude"].round(5).tolist(),
        "year": [None if math.isnan(year) else int(year) for year in years.tolist()],
        **_optional(placed),
    }
