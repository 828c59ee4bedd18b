"""The series of the APL: chosen once, followed by every screen that shows the APL without asking."""

from collections.abc import Iterable, Mapping
from typing import Final

import streamlit as st

from coverage.indicators.cards.access import AplSeries, follow_series, in_series
from pages.app.session import VIEW_ADDRESS, run_body
from pages.app.view import VIEW_KEY, View

LABELS: Final[Mapping[AplSeries, str]] = {"apl_65": "65 ans ou moins", "apl": "Tous âges"}
HELP: Final = (
    "Vaut pour toute la visite : carte, fiches, portrait, étude, suivi. « 65 ans ou moins » est la série de référence "
    "de la DREES ; « tous âges » compte aussi les médecins de plus de 65 ans."
)


def current_series() -> AplSeries:
    """Return the series of this visit; the page has read the address already. Files made later are given it."""
    view: View = st.session_state.get(VIEW_KEY, View())
    return view.serie


def shown(indicator_ids: Iterable[str]) -> tuple[str, ...]:
    """Return a list of indicators in the series of this visit (`coverage.indicators.cards.access.follow_series`)."""
    return follow_series(indicator_ids, current_series())


def shown_as(indicator_id: str) -> str:
    """Return an indicator of the APL in the series of this visit; any other is unchanged."""
    return in_series(indicator_id, current_series())


def pick_series(key: str) -> None:
    """Draw the choice of the series, for the whole visit."""

    def change() -> None:
        VIEW_ADDRESS.change(st.session_state[VIEW_KEY].in_series(st.session_state[key]))
        run_body()

    st.session_state[key] = current_series()
    st.segmented_control(
        "APL, médecins comptés",
        list(LABELS),
        format_func=LABELS.__getitem__,
        key=key,
        required=True,
        on_change=change,
        help=HELP,
    )
