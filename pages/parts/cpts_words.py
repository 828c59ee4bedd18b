"""How the CPTS page writes its figures: sizes, amounts, shares, counts kept secret, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coverage.funding.cpts import fund_cpts
from coverage.small_numbers import print_count
from pages.parts.downloads import describe_sources
from pages.parts.funding_data import load_cpts_rules
from pages.parts.numbers import UNKNOWN, format_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pages.parts.cpts_lists import Perimeters


def say_size(size: float) -> str:
    """Write a size: "taille 2"."""
    return UNKNOWN if pd.isna(size) else f"taille {size:.0f}"


def say_funding(population: float) -> str:
    """Write what the ACI pays a CPTS of so many inhabitants: an amount where it is published, else the range."""
    if pd.isna(population) or population <= 0:
        return UNKNOWN
    paid = fund_cpts(load_cpts_rules(), population)
    if paid.is_published:
        return f"{format_number(paid.low_eur, 0, '€')} par an"
    return f"entre {format_number(paid.low_eur, 0, '€')} et {format_number(paid.high_eur, 0, '€')} par an"


def say_gps(count: float) -> str:
    """Write a number of GPs: "NS" from 1 to 4, "n.d." when unknown."""
    shown = print_count(count)
    return UNKNOWN if shown is None else shown if not shown.isdigit() else format_number(count)


def describe_cpts_sources(perimeters: Perimeters, indicator_ids: Sequence[str]) -> list[dict[str, str]]:
    """Return the lines of the sheet of sources: the perimeters first, then those of some indicators."""
    rules = load_cpts_rules()
    own = {
        "Indicateur": "Périmètres des CPTS",
        "Unité": "communes",
        "Nature": "mesuré",
        "Calcul": "Une commune appartient entière à une CPTS ; dans deux CPTS, elle compte entière dans chacune et une "
        "seule fois dans la population couverte.",
        "Limites": "Une commune dans aucune CPTS n’est dite non couverte que là où la liste est complète.",
        "Source": perimeters.citation,
        "Licence": perimeters.licence or "donnée de l’utilisateur",
    }
    sizes = {
        "Indicateur": "Taille et financement ACI d’une CPTS",
        "Unité": "euros par an",
        "Nature": "publié",
        "Calcul": "Taille selon la population du périmètre ; le montant des tailles 2 et 3 est entre ceux publiés.",
        "Limites": rules.warning,
        "Source": rules.source,
        "Millésime": rules.label,
    }
    return [own, sizes, *describe_sources(indicator_ids)]
