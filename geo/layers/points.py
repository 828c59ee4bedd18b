"""Structures on the map: their signs, and their table as the browser reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class StructureSymbol:
    """Shape (circle, square, diamond, triangle, cross, star, house), colour and French label of a type of structure."""

    shape: str
    colour: str
    label: str


#: Okabe-Ito colours, told apart with the usual colour deficiencies; the shape says the same without any colour.
STRUCTURE_SYMBOLS: Final = {
    "msp": StructureSymbol("circle", "#d55e00", "MSP"),
    "cpts": StructureSymbol("diamond", "#b1478a", "CPTS (siège)"),
    "centre_sante": StructureSymbol("square", "#e69f00", "Centre de santé"),
    "pharmacie": StructureSymbol("cross", "#007a59", "Pharmacie"),
    "hopital": StructureSymbol("triangle", "#0b0b0b", "Hôpital"),
    "ouverture": StructureSymbol("star", "#0072b2", "Ouverture du scénario"),
    # The planner's own projects: one shape, darker and darker as they go on.
    "projet_idee": StructureSymbol("house", "#86b8e0", "Projet : idée"),
    "projet_projet": StructureSymbol("house", "#4a90c8", "Projet : en projet"),
    "projet_valide_ars": StructureSymbol("house", "#1f68a6", "Projet : validé par l’ARS"),
    "projet_ouvert": StructureSymbol("house", "#0c4178", "Projet : ouvert"),
    "projet_aci_signe": StructureSymbol("house", "#041f3f", "Projet : ACI signé"),
}
PROJECT_PREFIX: Final = "projet_"
"""What begins the type of a project on the map; its stage follows."""
COLUMNS: Final = ("finess_code", "structure_type", "name", "commune_name", "longitude", "latitude", "opened_on")


def structure_columns(structures: pd.DataFrame) -> dict[str, list[Any]]:
    """Turn a table of structures into the columns that the map reads.

    Parameters
    ----------
    structures
        finess_code, structure_type (a key of `STRUCTURE_SYMBOLS`), name, commune_name, longitude and latitude in
        degrees (EPSG:4326), opened_on (datetime64, NaT when unknown). Rows without coordinates are left out: they
        have no place.

    Returns
    -------
    dict of lists
        code, type, name, commune, longitude, latitude (5 decimals, about 1 m), year (None when unknown).

    Raises
    ------
    ValueError
        A column is missing, or a type has no sign.
    """
    if missing := [column for column in COLUMNS if column not in structures.columns]:
        raise ValueError(f"columns missing from the structures: {missing}")
    if strange := set(structures["structure_type"]) - set(STRUCTURE_SYMBOLS):
        raise ValueError(f"types of structure without a sign: {sorted(strange)}")
    placed = structures.dropna(subset=["longitude", "latitude"])
    years = placed["opened_on"].dt.year
    return {
        "code": placed["finess_code"].tolist(),
        "type": placed["structure_type"].tolist(),
        "name": placed["name"].fillna("Sans nom").tolist(),
        "commune": placed["commune_name"].fillna("").tolist(),
        "longitude": placed["longitude"].round(5).tolist(),
        "latitude": placed["latitude"].round(5).tolist(),
        "year": [None if unknown else int(year) for year, unknown in zip(years, years.isna(), strict=True)],
    }
