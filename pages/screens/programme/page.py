"""Indicateurs de suivi: what a programme of MSP is followed by, with what the figures do not say."""

import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS
from coverage.indicators.cards.access import series_words
from coverage.terms.months import format_month
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.notices import show_notices
from pages.app.projection import projected_territory
from pages.app.session import current_view
from pages.app.tables import load_gazetteer
from pages.app.trajectory import half_years
from pages.screens.programme.data import (
    ALL_LABEL,
    PRESENCE_LABELS,
    QUARTER_LABELS,
    RURAL_LABEL,
    ZONE_LABELS,
    apl_changes,
    knows_msp,
    population_per_msp,
    reaches,
)
from pages.screens.programme.sections import say_layers, show_apl, show_population, show_reach
from pages.screens.programme.state import ADDRESS, LIMITS, FollowUp, change
from pages.widgets.apl_series import current_series
from pages.widgets.glossary import explain
from pages.widgets.lead import show_lead
from pages.widgets.published import show_figures
from pages.widgets.territory_picker import pick_territory
from reports.figures.numbers import NO_BREAK_SPACE, UNKNOWN, format_number, format_share, format_signed

# What others say of the programme: shown with its source beside the figures, never among them.
PUBLISHED = ("change_patients", "change_patients_c2s", "share_msp_aci")


def show_page() -> None:
    """Draw the page."""
    gazetteer = load_gazetteer()
    view, notices = current_view()
    follow, more_notices = ADDRESS.current()
    territory = view.territoire
    title, minutes, picker = st.columns([6, 3, 3], vertical_alignment="bottom")
    with title:
        st.title(f"Indicateurs de suivi{NO_BREAK_SPACE}: {gazetteer.name(territory)}", anchor=False)
        st.caption(
            "Un programme de MSP sert-il plus d’habitants, et ceux qui en ont le plus besoin ?",
            help=explain("MSP", "APL", "ZIP, ZAC, ZAR, HZ"),
        )
    with minutes:
        _pick_minutes(follow)
    with picker:
        pick_territory(gazetteer, territory)
    show_notices([*notices, *more_notices])
    asked = f"share_population_within_{follow.minutes}_min_msp"  # none for 15 minutes: a card below says it
    show_lead(territory, [name for name in (asked, "nearest_msp_min") if name in INDICATORS])
    _show_figures(gazetteer, territory, follow)
    show_figures(gazetteer, territory, PUBLISHED)
    st.subheader("Population par MSP", anchor=False)
    show_population(gazetteer, territory)
    st.subheader("APL 2022 et 2023", anchor=False)
    show_apl(gazetteer, territory)
    st.subheader("Population à portée d’une MSP", anchor=False)
    show_reach(gazetteer, territory)
    say_layers()


def _pick_minutes(follow: FollowUp) -> None:
    st.session_state["follow_minutes"] = follow.minutes
    st.segmented_control(
        "À portée : moins de",
        LIMITS,
        format_func=lambda limit: f"{limit} min",
        key="follow_minutes",
        required=True,
        on_change=lambda: change(minutes=st.session_state["follow_minutes"]),
    )


def _show_figures(gazetteer: Gazetteer, territory: Territory, follow: FollowUp) -> None:
    """Show the key figures: inhabitants per MSP, change of the APL with and without, reach of all, of ZIP, of towns."""
    shown = projected_territory(gazetteer, territory)
    per = population_per_msp((shown,)).iloc[0]
    groups = reaches(territory) if knows_msp(gazetteer, territory) else pd.DataFrame()
    column = f"share_within_{follow.minutes}_min"

    def reach(group: str) -> str:
        return format_share(groups.loc[group, column]) if group in groups.index else UNKNOWN

    changes = apl_changes(territory, current_series())["presence"]
    with_msp, without = (changes["change"].get(PRESENCE_LABELS[kind], float("nan")) for kind in ("avec", "sans"))
    first, last = (format_month(half_years()[place]) for place in (0, -1))
    figures = (
        (
            "Habitants par MSP",
            format_number(per["per_last"]),
            _say_change(per["change"], first, f"{gazetteer.name(shown)}, DGOS, {last}"),
        ),
        (
            "APL 2022 → 2023, avec MSP",
            format_signed(with_msp, 2),
            f"contre {format_signed(without, 2)} sans MSP, {series_words(current_series())}, moyennes pondérées",
        ),
        (f"À moins de {follow.minutes} min d’une MSP", reach(ALL_LABEL), "de la population"),
        (f"En ZIP, à moins de {follow.minutes} min", reach(ZONE_LABELS["ZIP"]), "de la population des ZIP"),
        (
            f"Rural, à moins de {follow.minutes} min",
            reach(RURAL_LABEL),
            f"de la population des communes rurales ; communes avec QPV : {reach(QUARTER_LABELS[True])}",
        ),
    )
    for place, (label, figure, below) in zip(st.columns(len(figures)), figures, strict=True):
        with place.container(border=True, height="stretch"):
            st.metric(label, figure)
            st.caption(below)


def _say_change(change_of: float, first: str, place: str) -> str:
    if pd.isna(change_of):
        return f"{place} ; évolution n.d."
    return f"{place} ; {format_signed(100 * change_of, 0, '%')} depuis {first}"
