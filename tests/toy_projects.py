"""Small lists of projects for the tests: one row at a time, and the lists that give published figures back."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from coverage.terms.project_list import DTYPES, PROFESSIONS, STAGES

TOULOUSE: Final = {"commune_code": "31555", "departement_code": "31", "region_code": "76"}
FLORAC: Final = {"commune_code": "48061", "departement_code": "48", "region_code": "76"}
LILLE: Final = {"commune_code": "59350", "departement_code": "59", "region_code": "32"}
POINTS: Final = {"31555": (1.432, 43.596), "48061": (3.594, 44.325), "59350": (3.047, 50.632)}


def build_projects(*rows: dict[str, Any]) -> pd.DataFrame:
    """Make a list of projects; what a row leaves out is unknown, save its number, type (MSP) and place (Toulouse)."""
    filled = []
    for number, row in enumerate(rows):
        place = TOULOUSE | {name: value for name, value in row.items() if name in TOULOUSE}
        longitude, latitude = POINTS[place["commune_code"]]
        filled.append(
            {
                "project_id": f"p{number:04d}",
                "name": f"Projet {number}",
                "structure_type": "msp",
                "stage": "projet",
                "abandoned": False,
                "longitude": longitude,
                "latitude": latitude,
                "point_origin": "commune",
            }
            | place
            | row
        )
    return pd.DataFrame(filled, columns=list(DTYPES)).astype(DTYPES)


def occitanie_2020() -> pd.DataFrame:
    """Return a list that gives back what Forms published of 2020.

    320 teams accompanied, half running and half in project; they are about 80 % of the region's projects (so 400 in
    all, taken here as exactly 80 %); 40 facilitators.
    """
    rows: list[dict[str, Any]] = []
    for number in range(400):
        accompanied = number < 320
        rows.append(
            (FLORAC if number % 4 == 0 else TOULOUSE)
            | {
                "stage": ("ouvert", "projet")[number % 2],
                "accompanied": accompanied,
                "facilitator": f"Facilitateur {number % 40:02d}" if accompanied else None,
            }
        )
    return build_projects(*rows)


def hauts_de_france_2021() -> pd.DataFrame:
    """Return a list that gives back what the ARS Hauts-de-France published of June 2021.

    188 MSP, of which 121 have signed the ACI, and 26 projects; 2 359 professionals in the MSP, of which 666 GPs, 687
    nurses, 246 physiotherapists and 61 midwives: shared out as evenly as whole numbers allow.
    """
    totals = {"n_gp": 666, "n_nurses": 687, "n_physiotherapists": 246, "n_midwives": 61, "n_professionals": 2359}
    shared = {name: np.diff(np.arange(189) * total // 188) for name, total in totals.items()}
    running = [
        LILLE
        | {"stage": "aci_signe" if number < 121 else "ouvert"}
        | {name: float(parts[number]) for name, parts in shared.items()}
        for number in range(188)
    ]
    coming = [LILLE | {"stage": ("idee", "projet", "valide_ars")[number % 3]} for number in range(26)]
    return build_projects(*running, *coming)


def random_projects(seed: int, n_projects: int) -> pd.DataFrame:
    """Return a list drawn at random: every stage, gaps in every optional column, dates in any order."""
    draw = np.random.default_rng(seed)
    places = (TOULOUSE, FLORAC, LILLE)
    rows = []
    for _ in range(n_projects):
        row: dict[str, Any] = dict(places[draw.integers(3)])
        row |= {
            "stage": list(STAGES)[draw.integers(5)],
            "abandoned": bool(draw.random() < 0.15),
            "accompanied": [True, False, None][draw.integers(3)],
            "facilitator": ["Anne Roux", "ANNE ROUX", "Paul Vidal", None][draw.integers(4)],
            "structure_type": ["msp", "cpts", "esp"][draw.integers(3)],
        }
        for name in (name for name in DTYPES if name.endswith("_on")):
            row[name] = (
                pd.Timestamp(2018, 1, 1) + pd.Timedelta(days=int(draw.integers(3000))) if draw.random() < 0.7 else None
            )
        for name in PROFESSIONS:
            row[name] = float(draw.integers(0, 9)) if draw.random() < 0.8 else None
        known = [row[name] for name in PROFESSIONS]
        row["n_professionals"] = sum(known) if all(value is not None for value in known) else None
        rows.append(row)
    return build_projects(*rows)
