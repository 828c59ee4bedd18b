"""What the funding page answers for an MSP: totals, lines, bar, and the actions ranked by what they would bring."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from coverage.funding import CATEGORIES, Gain, LineFunding, MspFunding, fund_msp
from pages.app.notices import show_fault
from pages.screens.funding.data import load_msp_rules
from pages.screens.funding.state import ADDRESS, current_plan
from pages.widgets.charts import draw
from reports.chart.specification import Axis, Bars, Chart
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

TABLE_STYLE = """
<style>
table.lignes{width:100%;border-collapse:collapse;font-size:.875rem;line-height:1.3}
.lignes th,.lignes td{padding:.3rem .6rem;border:0;border-top:1px solid rgba(127,150,180,.3);text-align:right;
  white-space:nowrap}
.lignes thead th{border-top:0;font-weight:600;opacity:.75}
.lignes thead th:first-child,.lignes tbody th,.lignes tfoot td:first-child{text-align:left;white-space:normal}
.lignes tbody th{border-left:4px solid;font-weight:500}
.lignes small{display:block;font-weight:400;opacity:.72;font-size:.75rem}
.lignes tr.vide{opacity:.7}
.lignes tfoot td{font-weight:650;border-top:2px solid rgba(127,150,180,.6)}
</style>
"""
FIRST_GAINS = 6
BAR_HEIGHT = 230
NARROWEST_SHARE = 0.12
"""A part of a bar thinner than this share of the longest has no room for its euros."""


def show_totals(funding: MspFunding, plausibility: str) -> None:
    """Draw the four figures of the year, what suspends the payment, and what was paid elsewhere."""
    due, advance, balance, points = st.columns([5, 4, 4, 3])
    due.metric("Montant dû pour l’année", format_euros(funding.payable_eur))
    advance.metric(
        tell_advance(funding),
        format_euros(funding.advance_eur),
        help=f"De la valeur pleine des prérequis et du socle, au moins "
        f"{format_euros(funding.rules.advance_minimum_eur)} ; aucune n’est comptée tant qu’un prérequis manque. "
        f"Source : {funding.rules.advance_source}.",
    )
    balance.metric("Solde l’année suivante", format_euros(funding.balance_eur))
    points.metric("Points", format_points(funding.points), help="D’une année pleine.")
    if funding.missing:
        show_fault(
            f"{tell_missing(funding)}. "
            f"Ce que l’équipe a fait vaut {format_euros(funding.value_eur)}, suspendus à ce point.",
            "**Rien n’est dû** :",
            icon=":material/block:",
        )
    elif funding.balance_eur < 0:
        st.warning(
            "L’avance dépasse le montant dû : la différence serait à rendre ou à retenir sur l’avance suivante.",
            icon=":material/info:",
        )
    if plausibility:
        st.caption(plausibility)


def show_bar(funding: MspFunding) -> None:
    """Draw the euros by category, today and with every line reached by the same team."""
    rules, team = funding.rules, funding.team
    everything = {line.id: len(line.steps) for line in rules.lines}
    whole = fund_msp(rules, team.with_(reached=everything, share_files=1.0))
    bars = {"Tout atteint": whole, "Aujourd’hui": funding}
    series = []
    for category, label in CATEGORIES.items():
        values = [shown.value_of(category) for shown in bars.values()]
        series.append(
            Bars(
                label,
                list(bars),
                values,
                CATEGORY_COLOURS[category],
                texts=[format_euros(value) if value > NARROWEST_SHARE * whole.value_eur else "" for value in values],
                texts_at="middle",
                text_colour="white",
                hovers=[f"{name}\n{label} : {format_euros(value)}" for name, value in zip(bars, values, strict=True)],
            )
        )
    chart = Chart(
        Axis(suffix=" €", decimals=0, starts_at_zero=True),
        Axis("names"),
        series,
        is_horizontal=True,
        is_stacked=True,
        gap=0.25,
    )
    title = "Euros par catégorie, aujourd’hui et si tout était atteint"
    st.markdown(f"**{title}**")
    draw(chart, "funding_bar", title, height=BAR_HEIGHT)
    st.caption(f"« Tout atteint » : toutes les lignes calculées ici. {tell_not_counted(rules)}")


def show_lines(funding: MspFunding) -> None:
    """Draw the table of the lines, each with how its points are made under its name."""
    rows = "".join(_write_line(funded, funding) for funded in funding.lines)
    points, due = format_points(funding.points), format_euros(funding.payable_eur)
    st.html(
        f"{TABLE_STYLE}<table class='lignes'><thead><tr><th>Indicateur</th><th>Atteint</th><th>Points</th>"
        f"<th>Montant</th></tr></thead><tbody>{rows}</tbody>"
        f"<tfoot><tr><td colspan='2'>Total dû pour l’année</td><td>{points}</td><td>{due}</td></tr></tfoot></table>"
    )
    st.caption(f"{tell_amounts(funding)}.")


def _write_line(funded: LineFunding, funding: MspFunding) -> str:
    category = funded.line.category
    terms = tell_terms(funded, funding.rules)
    told = f"{CATEGORIES[category]}{f' · {terms}' if terms else ''}"
    cells = (tell_reached(funded), format_points(funded.points), format_euros(funded.value_eur))
    return (
        f"<tr{'' if funded.points else ' class=vide'}>"
        f"<th scope='row' style='border-left-color:{CATEGORY_COLOURS[category]}'>{escape(funded.line.label)}"
        f"<small>{escape(told)}</small></th>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
    )


def show_gains(gains: Sequence[Gain], first_patients: int) -> None:
    """Draw the actions that are still to be done, the one that pays most first, each with a button that does it.

    Parameters
    ----------
    gains
        The actions.
    first_patients
        Patients that the place gives to start from.
    """
    if not gains:
        st.success("Toutes les lignes calculées sont atteintes.", icon=":material/task_alt:")
        return
    for rank, gain in enumerate(gains[:FIRST_GAINS]):
        _show_gain(rank, gain, first_patients)
    if len(gains) > FIRST_GAINS:
        with st.expander(f"Les {len(gains) - FIRST_GAINS} autres actions"):
            for rank, gain in enumerate(gains[FIRST_GAINS:], start=FIRST_GAINS):
                _show_gain(rank, gain, first_patients)


def _show_gain(rank: int, gain: Gain, first_patients: int) -> None:
    suspended = gain.payable_eur <= 0
    words, button = st.columns([8, 3], vertical_alignment="center", gap="small")
    amount = f"+{format_euros(gain.value_eur if suspended else gain.payable_eur)}"
    note = " (suspendu)" if suspended else ""
    words.markdown(f"**{amount}**{note} · {tell_gain(gain)}")
    with button:
        st.button(
            "Ajouter",
            icon=":material/add:",
            key=f"funding_gain_{rank}",
            on_click=_take_gain,
            args=(gain, first_patients),
            width="stretch",
        )


def _take_gain(gain: Gain, first_patients: int) -> None:
    plan = current_plan()
    ADDRESS.change(plan.of_team(load_msp_rules(plan.edition), gain.team, first_patients))


def show_method(funding: MspFunding) -> None:
    """Draw what the figures rest on: edition, source, assumptions and how sure each is."""
    rules = funding.rules
    st.markdown(
        f"- **Édition** : {tell_edition(rules)} (`{rules.edition}`)\n"
        f"- **Source** : {rules.source} ; {rules.source_page} ({CERTAINTIES[rules.certainty]})\n"
        f"- **Avance** : {rules.advance_source} ({CERTAINTIES[rules.advance_certainty]})\n"
        f"- **Valeur du point** : {format_euros(rules.point_eur)} ; points par patient donnés pour "
        f"{format_points(rules.reference_patients)} patients, au prorata et sans plafond"
    )
    st.markdown("**Hypothèses**")
    st.markdown(
        "\n".join(f"- {statement.text} *({CERTAINTIES[statement.certainty]})*" for statement in rules.assumptions)
    )
