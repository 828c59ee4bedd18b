"""The sheet of an MSP's funding on one A4 page, as a PDF: totals, lines, what one more action brings, and the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Rectangle

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
from reports.page.paper import DEFAULT_FONT, INK, RULE, SOFT_INK, Paper, line_height
from reports.page.pictures import drawing_settings, render_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN: Final = 14.0
ACCENT: Final = "#1f5a96"
WARNING: Final = "#b3261e"
BAND: Final = "#eef3f8"
ROW: Final = 7.0
SIZE: Final = 8.0
MOST_GAINS: Final = 6
BAR: Final = 7.0
NARROWEST_LABEL: Final = 22.0
"""A part of the bar (mm) narrower than this has no room for its euros."""


def render_funding_pdf(
    funding: MspFunding, gains: Sequence[Gain], *, place: str, printed_on: dt.date, plausibility: str = ""
) -> bytes:
    """Draw the sheet of one page.

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

    Returns
    -------
    bytes
        A PDF of one A4 page, fonts embedded.
    """
    paper = Paper("a4", "portrait", DEFAULT_FONT)
    title = f"Financement ACI d’une MSP : {place}"
    with drawing_settings():
        figure, page = paper.sheet()
        top = _draw_head(page, paper, funding, place, printed_on)
        top = _draw_totals(page, paper, funding, plausibility, top - 4.0)
        top = _draw_bar(page, paper, funding, top - 4.0)
        top = _draw_lines(page, paper, funding, top - 4.0)
        top = _draw_gains(page, paper, gains, top - 4.0)
        _draw_rules(page, paper, funding, top - 4.0)
    return render_picture(figure, "pdf", title=title, subject=tell_edition(funding.rules))


def _draw_head(page: Axes, paper: Paper, funding: MspFunding, place: str, printed_on: dt.date) -> float:
    team, width = funding.team, paper.width - 2 * MARGIN
    top = paper.height - MARGIN
    top = paper.write_block(page, MARGIN, top, ["Financement ACI d’une MSP"], 18.0, weight="bold", color=ACCENT)
    top = paper.write_block(page, MARGIN, top - 0.5, paper.wrap(place, 12.0, width, "bold")[:2], 12.0, weight="bold")
    months = "" if team.n_months == MONTHS_A_YEAR else f", {team.n_months} mois de contrat"
    told = (
        f"{format_number(team.n_patients)} patients médecin traitant, "
        f"{format_number(team.n_professionals)} professionnels associés{months}. {format_date(printed_on)}."
    )
    top = paper.write_block(page, MARGIN, top - 0.5, paper.wrap(told, 9.0, width), 9.0, color=SOFT_INK)
    page.plot([MARGIN, paper.width - MARGIN], [top - 1.5] * 2, color=ACCENT, linewidth=1.2)
    return top - 2.0


def _draw_totals(page: Axes, paper: Paper, funding: MspFunding, plausibility: str, top: float) -> float:
    figures = (
        ("Montant dû pour l’année", format_euros(funding.payable_eur)),
        (tell_advance(funding), format_euros(funding.advance_eur)),
        ("Solde l’année suivante", format_euros(funding.balance_eur)),
        ("Points", format_points(funding.points)),
    )
    column = (paper.width - 2 * MARGIN) / len(figures)
    for rank, (label, figure) in enumerate(figures):
        left = MARGIN + rank * column
        paper.write(page, left, top - 3.0, label, 7.5, color=SOFT_INK)
        colour = WARNING if rank == 0 and funding.missing else INK
        paper.write(page, left, top - 10.0, figure, 15.0 if rank == 0 else 12.0, weight="bold", color=colour)
    top -= 12.5
    if funding.missing:
        told = f"Rien n’est dû : {tell_missing(funding)}. Ce qui est fait vaut {format_euros(funding.value_eur)}."
        top = paper.write_block(
            page, MARGIN, top - 0.5, paper.wrap(told, 8.5, paper.width - 2 * MARGIN), 8.5, color=WARNING
        )
    if plausibility:
        lines = paper.wrap(plausibility, 7.5, paper.width - 2 * MARGIN)
        top = paper.write_block(page, MARGIN, top - 0.5, lines, 7.5, color=SOFT_INK)
    return top


def _draw_bar(page: Axes, paper: Paper, funding: MspFunding, top: float) -> float:
    """Draw the euros of the three categories end to end, then their names."""
    width, left = paper.width - 2 * MARGIN, MARGIN
    total = funding.value_eur
    for category in CATEGORIES:
        value = funding.value_of(category)
        part = width * value / total if total else 0.0
        page.add_patch(
            Rectangle(
                (left, top - BAR), part, BAR, facecolor=CATEGORY_COLOURS[category], edgecolor="white", linewidth=0.8
            )
        )
        if part > NARROWEST_LABEL:
            middle = left + part / 2
            paper.write(
                page, middle, top - BAR + 2.4, format_euros(value), 8.0, weight="bold", ha="center", color="white"
            )
        left += part
    left, y = MARGIN, top - BAR - 4.6
    for category, label in CATEGORIES.items():
        page.add_patch(Rectangle((left, y), 2.6, 2.6, facecolor=CATEGORY_COLOURS[category], edgecolor="none"))
        told = f"{label} : {format_euros(funding.value_of(category))}"
        paper.write(page, left + 4.0, y + 0.3, told, 8.0)
        left += 8.0 + paper.text_width(told, 8.0)
    return y


def _draw_lines(page: Axes, paper: Paper, funding: MspFunding, top: float) -> float:
    right = paper.width - MARGIN
    top = _heading(page, paper, "Ligne par ligne", top)
    paper.write(page, right - 30.0, top - 3.4, "Points", 7.5, weight="bold", ha="right", color=ACCENT)
    paper.write(page, right - 2.0, top - 3.4, "Montant", 7.5, weight="bold", ha="right", color=ACCENT)
    paper.write(page, MARGIN + 74.0, top - 3.4, "Atteint, calcul des points", 7.5, weight="bold", color=ACCENT)
    top -= 5.0
    for rank, funded in enumerate(funding.lines):
        if rank % 2 == 0:
            page.add_patch(Rectangle((MARGIN, top - ROW), right - MARGIN, ROW, facecolor=BAND, edgecolor="none"))
        _draw_line(page, paper, funding, funded, top)
        top -= ROW
    page.plot([MARGIN, right], [top] * 2, color=RULE, linewidth=0.8)
    paper.write(page, MARGIN + 1.5, top - 4.6, "Total dû pour l’année", SIZE, weight="bold")
    paper.write(page, right - 30.0, top - 4.6, format_points(funding.points), SIZE, weight="bold", ha="right")
    paper.write(page, right - 2.0, top - 4.6, format_euros(funding.payable_eur), SIZE, weight="bold", ha="right")
    return top - ROW


def _draw_line(page: Axes, paper: Paper, funding: MspFunding, funded: LineFunding, top: float) -> None:
    right, y = paper.width - MARGIN, top - 4.6
    colour = INK if funded.points else SOFT_INK
    page.add_patch(
        Rectangle((MARGIN, top - ROW), 0.9, ROW, facecolor=CATEGORY_COLOURS[funded.line.category], edgecolor="none")
    )
    lines = paper.wrap(funded.line.label, SIZE, 70.0)
    if len(lines) > 1:
        paper.write(page, MARGIN + 2.5, top - 3.1, lines[0], 7.2, color=colour)
        paper.write(page, MARGIN + 2.5, top - 6.1, " ".join(lines[1:]), 7.2, color=colour)
    else:
        paper.write(page, MARGIN + 2.5, y, funded.line.label, SIZE, color=colour)
    terms = tell_terms(funded, funding.rules)
    told = f"{tell_reached(funded)}{f' : {terms}' if terms else ''}"
    room = right - 44.0 - (MARGIN + 74.0)
    lines = paper.wrap(told, 6.8, room)
    start = y + 0.2 if len(lines) == 1 else top - 3.1
    for rank, text in enumerate(lines[:2]):
        paper.write(page, MARGIN + 74.0, start - rank * 2.9, text, 6.8, color=SOFT_INK)
    paper.write(page, right - 30.0, y, format_points(funded.points), SIZE, ha="right", color=colour)
    paper.write(page, right - 2.0, y, format_euros(funded.value_eur), SIZE, ha="right", color=colour)


def _draw_gains(page: Axes, paper: Paper, gains: Sequence[Gain], top: float) -> float:
    top = _heading(page, paper, "Ce qu’une action de plus rapporterait dans l’année", top)
    if not gains:
        paper.write(page, MARGIN, top - 3.0, "Toutes les lignes calculées sont atteintes.", SIZE)
        return top - 5.0
    for gain in gains[:MOST_GAINS]:
        suspended = gain.payable_eur <= 0
        amount = f"+{format_euros(gain.value_eur if suspended else gain.payable_eur)}"
        paper.write(page, MARGIN + 24.0, top - 3.2, amount, SIZE, weight="bold", ha="right")
        note = " (suspendu aux prérequis)" if suspended else ""
        paper.write(page, MARGIN + 28.0, top - 3.2, f"{tell_gain(gain)}{note}", SIZE)
        top -= 4.8
    return top


def _draw_rules(page: Axes, paper: Paper, funding: MspFunding, top: float) -> None:
    rules, width = funding.rules, paper.width - 2 * MARGIN
    texts = [
        f"{tell_amounts(funding)}. Règles : {tell_edition(rules)}. {rules.warning}",
        tell_not_counted(rules),
        f"Source : {rules.source} ({CERTAINTIES[rules.certainty]}). Avance : {CERTAINTIES[rules.advance_certainty]}.",
        *(f"{statement.text} ({CERTAINTIES[statement.certainty]})" for statement in rules.assumptions),
    ]
    lines = [line for text in texts for line in paper.wrap(text, 6.6, width)]
    bottom = 8.0 + len(lines) * line_height(6.6)
    paper.write_block(page, MARGIN, min(top, bottom), lines, 6.6, color=SOFT_INK)


def _heading(page: Axes, paper: Paper, text: str, top: float) -> float:
    return paper.write_block(page, MARGIN, top, [text], 10.5, weight="bold") - 1.0
