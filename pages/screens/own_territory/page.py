"""Mon territoire: bring communes together, name them, and use them as a territory on every screen."""

import streamlit as st

from coverage.territories.gazetteer import FRANCE
from geo.levels import OWN
from pages.app.notices import show_notices
from pages.app.session import current_view
from pages.app.territories import current_draft, draft_of, keep_draft
from pages.app.view import View
from pages.screens.own_territory.draft import SAID_KEY, show_draft
from pages.screens.own_territory.saved import show_saved
from pages.screens.own_territory.ways import show_ways

_BEGUN_WITH = "own_territory_begun_with"


def show_page() -> None:
    """Draw the page."""
    view, notices = current_view()
    _begin(view)
    st.title("Mon territoire", anchor=False)
    st.markdown(
        "**N’importe quel ensemble de communes, comme un territoire parmi les autres.** Réunissez des communes à "
        "gauche ou sur la carte, donnez un nom, puis ouvrez la carte, le portrait ou la projection de cet ensemble."
    )
    show_notices(notices)
    if said := st.session_state.pop(SAID_KEY, ""):
        st.toast(said, icon=":material/check:")
    left, right = st.columns([5, 6], gap="large")
    with left:
        show_ways(view.selection or (view.territoire if view.territoire != FRANCE else None))
    with right:
        show_draft()
    show_saved()


def _begin(view: View) -> None:
    """Begin with the own territory that the other screens show, unless one that they do not show is being made."""
    territory, begun = view.territoire, st.session_state.get(_BEGUN_WITH)
    if territory.level != OWN or begun == territory:
        return
    kept = current_draft()
    st.session_state[_BEGUN_WITH] = territory
    if kept.territory in (None, begun):
        keep_draft(draft_of(territory))
