"""How the CPTS page writes its figures: sizes, amounts, shares, counts kept secret, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coverage.indicators.small_numbers import print_count
from coverage.terms.extents import BEYOND, PART
from coverage.terms.months import format_date
from pages.app.tables import load_units
from pages.screens.cpts.data import MSP_LABEL, cite_msp, is_in_part
from pages.screens.funding.data import load_cpts_rules
from pages.widgets.exports.table import describe_sources
from reports.figures.french import begin, count_of
from reports.figures.numbers import UNKNOWN, format_number, format_share
from reports.funding.words import tell_range

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pages.app.perimeters import Perimeters


def tell_coverage(where: str, n_cpts: int, share: float, n_white: int) -> str:
    """Say who is covered, in one sentence; "" where the share (0-1) is unknown.

    Parameters
    ----------
    where
        The territory, as `reports.figures.french.in_territory` writes it.
    n_cpts, n_white
        CPTS that have a commune there, and communes (or arrondissements) without any.
    """
    if pd.isna(share):
        return ""
    left = f"{count_of(n_white, 'commune')} sans CPTS" if n_white else "aucune commune sans CPTS"
    return f"{begin(where)}, {format_share(share)} des habitants vivent dans une CPTS ({n_cpts} en tout) ; {left}."


def tell_seats(where: str, days: Sequence[dt.date]) -> str:
    """Say how many CPTS have their seat there, from the day of the file of each; "" for none, or for several days."""
    if not days or len(set(days)) > 1:  # seats of two days make no count
        return ""
    one = len(days) == 1
    seats = f"{len(days)} CPTS {'avait son' if one else 'avaient leur'} siège au {format_date(days[0])}"
    return f"{begin(where)}, {seats} ; les communes {'qu’elle couvre' if one else 'qu’elles couvrent'} sont n.d."


def say_size(size: float) -> str:
    """Write a size: "taille 2"."""
    return UNKNOWN if pd.isna(size) else f"taille {size:.0f}"


def say_funding() -> str:
    """Write what the ACI may pay a CPTS: the one range that is published, with what it depends on."""
    rules = load_cpts_rules()
    return f"{tell_range(rules)} par an, {rules.condition}"


def say_gps(count: float) -> str:
    """Write a number of GPs: "NS" from 1 to 4, "n.d." when unknown."""
    shown = print_count(count)
    return UNKNOWN if shown is None else shown if not shown.isdigit() else format_number(count)


def say_parts(perimeters: Perimeters, cpts_id: str) -> list[str]:
    """Say of what a CPTS has only a part, and why its inhabitants may be unknown; one sentence a reason."""
    rows = perimeters.table[perimeters.table["cpts_id"] == cpts_id]
    names = load_units().set_index("unit_code")["name"]
    said = []
    for commune, group in rows[is_in_part(rows)].groupby("commune_code", sort=False):
        city = names[commune]
        unknown = (group["extent"] == PART).any()
        parts = [short_unit(names[unit], city) for unit in group["unit_code"] if unit != commune]
        if parts:
            kind = f"arrondissement{'s' if len(parts) > 1 else ''} de {city}"
            said.append(f"{', '.join(parts)} {kind} : la CPTS n’en couvre qu’une partie.")
        if unknown:
            said.append(f"{city} : la CPTS n’en couvre qu’une partie, dont la population est inconnue.")
    if (rows["extent"] == BEYOND).any():
        said.append("Le périmètre déborde de la région que la source décrit : sa population est inconnue.")
    return said


def short_unit(unit: str, city: str) -> str:
    """Shorten the name of an arrondissement: "3e" for "Lyon 3e Arrondissement"."""
    return unit.removeprefix(f"{city} ").removesuffix(" Arrondissement")


def describe_cpts_sources(
    perimeters: Perimeters, indicator_ids: Sequence[str], *, msp: bool = False
) -> list[dict[str, str]]:
    """Return the lines of the sheet of sources: the perimeters, the MSP when they are counted, then some indicators."""
    rules = load_cpts_rules()
    own = {
        "Indicateur": "Périmètres des CPTS",
        "Unité": "communes",
        "Nature": "mesuré",
        "Calcul": "Une commune dans deux CPTS compte entière dans chacune et une seule fois dans la population "
        "couverte. À Paris, Lyon et Marseille, chaque arrondissement compte ses propres habitants ; une partie de "
        "commune qui n’est pas connue rend inconnue la population de sa CPTS.",
        "Limites": "Une commune dans aucune CPTS n’est dite non couverte que là où la liste est complète."
        + (f" {perimeters.note}" if perimeters.note else ""),
        "Source": perimeters.citation,
        "Licence": perimeters.licence or "donnée de l’utilisateur",
    }
    sizes = {
        "Indicateur": "Taille et financement ACI d’une CPTS",
        "Unité": "euros par an",
        "Nature": "annonce",
        "Calcul": "Taille selon la population du périmètre. Fourchette publiée pour toutes les tailles : "
        f"{say_funding()}.",
        "Limites": rules.warning,
        "Source": rules.source,
        "Millésime": rules.label,
    }
    counted = {
        "Indicateur": MSP_LABEL,
        "Unité": "MSP",
        "Nature": "mesuré",
        "Calcul": "Somme des communes du périmètre ; inconnue pour un arrondissement seul.",
        "Source": cite_msp(),
    }
    return [own, sizes, *([counted] if msp else []), *describe_sources(indicator_ids, "commune", "epci")]
