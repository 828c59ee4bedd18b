"""The sheet of an MSP's funding on one A4 page, as a tagged PDF: what is said goes to `sheet.typ`, which sets it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from coverage.funding import CATEGORIES, Gain, LineFunding, MspFunding
from coverage.funding.team import MONTHS_A_YEAR
from coverage.terms.months import format_date
from reports.figures.numbers import format_number
from reports.funding.words import (
    CATEGORY_COLOURS,
    CERTAINTIES,
    format_euros,
    format_points,
    tell_advance,
    tell_amounts,
    tell_edition,
    tell_gain,
    tell_missing,
    tell_not_counted,
    tell_reached,
    tell_terms,
)
from reports.page.paper import INK
from reports.page.typesetting import set_document

TEMPLATE: Final = Path(__file__).with_name("sheet.typ")
WARNING: Final = "#b3261e"
MOST_GAINS: Final = 6
NARROWEST_LABEL: Final = 0.12
"""A part of the bar narrower than this share has no room for its euros."""


def render_funding_pdf(
    funding: MspFunding,
    gains: Sequence[Gain],
    *,
    place: str,
    printed_on: dt.date,
    plausibility: str = "",
    author: str = "",
) -> bytes:
    """Set the sheet.

    Parameters
    ----------
    funding
        What the team is paid (points, euros).
    gains
        Actions that are still to be done, the best first; the first six are printed.
    place
        Team or territory that the figures are for.
    printed_on
        Day that is written on the sheet.
    plausibility
        The result beside what was paid elsewhere, as `reports.funding.words.tell_plausibility` returns it.
    author
        The organisation that signs it; "" for Maillage.

    Returns
    -------
    bytes
        A PDF/UA-1 of one A4 page.
    """
    title = f"Financement ACI d’une MSP : {place}"
    missing = f"Rien n’est dû : {tell_missing(funding)}. Ce qui est fait vaut {format_euros(funding.value_eur)}."
    content = {
        "foot": f"{title}. Maillage, {format_date(printed_on)}.",
        "place": place,
        "told": _team(funding, printed_on),
        "warning": WARNING,
        "totals": _totals(funding),
        "missing": missing if funding.missing else "",
        "plausibility": plausibility,
        "parts": _parts(funding),
        "heads": ("Ligne", "Atteint, calcul des points", "Points", "Montant"),
        "lines": [_line(funding, funded) for funded in funding.lines],
        "total": ("Total dû pour l’année", "", format_points(funding.points), format_euros(funding.payable_eur)),
        "gains": {
            "title": "Ce qu’une action de plus rapporterait dans l’année",
            "none": "Toutes les lignes calculées sont atteintes.",
            "rows": [_gain(gain) for gain in gains[:MOST_GAINS]],
        },
        "rules": _rules(funding),
    }
    subject = tell_edition(funding.rules)
    return set_document(TEMPLATE, content, title=title, author=author, subject=subject, day=printed_on)


def _team(funding: MspFunding, printed_on: dt.date) -> str:
    team = funding.team
    months = "" if team.n_months == MONTHS_A_YEAR else f", {team.n_months} mois de contrat"
    return (
        f"{format_number(team.n_patients)} patients médecin traitant, "
        f"{format_number(team.n_professionals)} professionnels associés{months}. {format_date(printed_on)}."
    )


def _totals(funding: MspFunding) -> list[dict[str, Any]]:
    figures = (
        ("Montant dû pour l’année", format_euros(funding.payable_eur)),
        (tell_advance(funding), format_euros(funding.advance_eur)),
        ("Solde l’année suivante", format_euros(funding.balance_eur)),
        ("Points", format_points(funding.points)),
    )
    sizes = (15, 12, 12, 12)
    colours = (WARNING if funding.missing else INK, INK, INK, INK)
    return [
        {"label": label, "figure": figure, "size": size, "colour": colour}
        for (label, figure), size, colour in zip(figures, sizes, colours, strict=True)
    ]


def _parts(funding: MspFunding) -> list[dict[str, Any]]:
    """Return the categories: their share of the bar, and their euros where these have room in it."""
    parts = []
    for category, label in CATEGORIES.items():
        value = funding.value_of(category)
        share = value / funding.value_eur if funding.value_eur else 0.0
        figure, colour = format_euros(value), CATEGORY_COLOURS[category]
        told = figure if share > NARROWEST_LABEL else ""
        parts.append({"label": label, "figure": figure, "colour": colour, "share": share, "told": told})
    return parts


def _line(funding: MspFunding, funded: LineFunding) -> dict[str, Any]:
    terms = tell_terms(funded, funding.rules)
    return {
        "label": funded.line.label,
        "told": f"{tell_reached(funded)}{f' : {terms}' if terms else ''}",
        "points": format_points(funded.points),
        "amount": format_euros(funded.value_eur),
        "is-reached": bool(funded.points),
        "colour": CATEGORY_COLOURS[funded.line.category],
    }


def _gain(gain: Gain) -> tuple[str, str]:
    is_suspended = gain.payable_eur <= 0
    amount = f"+{format_euros(gain.value_eur if is_suspended else gain.payable_eur)}"
    return amount, f"{tell_gain(gain)}{' (suspendu aux prérequis)' if is_suspended else ''}"


def _rules(funding: MspFunding) -> list[str]:
    rules = funding.rules
    return [
        f"{tell_amounts(funding)}. Règles : {tell_edition(rules)}. {rules.warning}",
        tell_not_counted(rules),
        f"Source : {rules.source} ({CERTAINTIES[rules.certainty]}). Avance : {CERTAINTIES[rules.advance_certainty]}.",
        *(f"{statement.text} ({CERTAINTIES[statement.certainty]})" for statement in rules.assumptions),
    ]
