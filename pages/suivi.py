"""Indicateurs de suivi: what a programme of MSP is followed by, with what the figures do not say."""

import pandas as pd
import streamlit as st

from coverage.gazetteer import FRANCE, Gazetteer, Territory
from pages.parts.frame import run_page
from pages.parts.notices import missing_regions, show_notices
from pages.parts.numbers import NO_BREAK_SPACE, UNKNOWN, format_number, format_share
from pages.parts.programme_data import (
    ALL_LABEL,
    PRESENCE_LABELS,
    SIZE_LABELS,
    ZONE_LABELS,
    apl_changes,
    knows_msp,
    population_per_msp,
    reaches,
)
from pages.parts.programme_grid import signed
from pages.parts.programme_sections import say_absent_layers, show_apl, show_population, show_reach
from pages.parts.programme_state import ADDRESS, LIMITS, FollowUp, change
from pages.parts.projection_data import projected_territory
from pages.parts.session import current_view
from pages.parts.tables import covered_regions, load_gazetteer
from pages.parts.territory_picker import pick_territory
from pages.parts.trajectory_data import half_years


def show_page() -> None:
    gazetteer = load_gazetteer()
    view, notices = current_view()
    follow, more_notices = ADDRESS.current()
    territory = view.territoire
    title, minutes, picker = st.columns([6, 3, 3], vertical_alignment="bottom")
    with title:
        st.title(f"Indicateurs de suivi{NO_BREAK_SPACE}: {gazetteer.name(territory)}", anchor=False)
        st.caption("Un programme de MSP sert-il plus d’habitants, et ceux qui en ont le plus besoin ?")
    with minutes:
        _pick_minutes(follow)
    with picker:
        pick_territory(gazetteer, territory)
    show_notices([*notices, *more_notices])
    _show_figures(gazetteer, territory, follow)
    if names := _where_known(gazetteer, territory):
        st.info(
            f"Portée et communes avec MSP : calculées sur **{names}** seulement, où FINESS est chargé. Population par "
            "MSP (DGOS) et APL par zone : France entière.",
            icon=":material/info:",
        )
    st.subheader("Population par MSP", anchor=False)
    show_population(gazetteer, territory)
    st.subheader("APL 2022 et 2023", anchor=False)
    show_apl(gazetteer, territory, follow)
    st.subheader("Population à portée d’une MSP", anchor=False)
    show_reach(gazetteer, territory)
    say_absent_layers()


def _where_known(gazetteer: Gazetteer, territory: Territory) -> str:
    """Name the regions whose MSP are known where they are not all; empty where the territory is whole."""
    if territory != FRANCE or not missing_regions():
        return ""
    return ", ".join(gazetteer.name(Territory("region", code)) for code in sorted(covered_regions()))


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

    changes = apl_changes(territory, follow.serie)["presence"]
    with_msp, without = (changes["change"].get(PRESENCE_LABELS[kind], float("nan")) for kind in ("avec", "sans"))
    first = half_years()[0].year
    where = f" ({names})" if (names := _where_known(gazetteer, territory)) else ""
    figures = (
        ("Habitants par MSP", format_number(per["per_last"]), _say_change(per["change"], first, shown, gazetteer)),
        (
            "APL 2022 → 2023, avec MSP",
            signed(with_msp, 2),
            f"contre {signed(without, 2)} sans MSP, moyennes pondérées{where}",
        ),
        (f"À moins de {follow.minutes} min d’une MSP", reach(ALL_LABEL), f"de la population{where}"),
        (f"En ZIP, à moins de {follow.minutes} min", reach(ZONE_LABELS["ZIP"]), f"de la population des ZIP{where}"),
        (
            f"Petites communes, à moins de {follow.minutes} min",
            reach(SIZE_LABELS["petite"]),
            f"de la population des communes de moins de 2 000 habitants{where}",
        ),
    )
    for place, (label, figure, below) in zip(st.columns(len(figures)), figures, strict=True):
        with place:
            st.metric(label, figure, border=True)
            st.caption(below)


def _say_change(change_of: float, first: int, shown: Territory, gazetteer: Gazetteer) -> str:
    place = f"{gazetteer.name(shown)}, DGOS fin 2022"
    if pd.isna(change_of):
        return f"{place} ; évolution n.d."
    sign = "+" if change_of > 0 else ""
    return f"{place} ; {sign}{format_share(change_of, 0)} depuis {first}"


run_page(show_page)
