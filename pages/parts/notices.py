"""Sentences that stand above a page: what the app is, what is missing, what went wrong."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from coverage.gazetteer import Territory
from data.errors import DataError
from geo.errors import GeoError
from pages.parts.figures import cite
from pages.parts.tables import covered_regions, load_gazetteer

LOGGER = logging.getLogger(__name__)


def coverage_notice() -> str:
    """Say for which regions the structures with an address are known."""
    if not missing_regions():
        return f"Structures localisées : {cite('n_msp')}. Comptes de MSP par département : {cite('n_msp_dgos')}."
    gazetteer = load_gazetteer()
    known = sorted(covered_regions())
    names = ", ".join(gazetteer.name(Territory("region", code)) for code in known)
    return (
        f"Les structures localisées (FINESS) couvrent aujourd’hui {'la région' if len(known) == 1 else 'les régions'} "
        f"**{names}** ; ailleurs elles sont « n.d. » tant que "
        "`python -m data sync` n’a pas apporté le fichier national. "
        "Les comptes de MSP par département (DGOS) couvrent la France."
    )


def missing_regions() -> frozenset[str]:
    """Return the regions whose structures are not loaded."""
    return frozenset(load_gazetteer().regions["region_code"]) - covered_regions()


@contextmanager
def guard_against_missing_data() -> Iterator[None]:
    """Show a clear sentence instead of a stack trace when a table can't be read; the other pages stay usable."""
    try:
        yield
    except (DataError, GeoError) as error:
        st.error(f"**Cette page ne peut pas être affichée.** {error}", icon=":material/error:")
        st.markdown(
            "Pour réparer : `git checkout data/snapshots` rétablit les tables livrées avec Maillage, "
            "`make assets` refait les fonds de carte. Puis rechargez la page."
        )
    except Exception:
        # The last wall before the reader: Streamlit's own message would be in English. The log keeps everything.
        LOGGER.exception("a page failed")
        st.error(
            "**Une erreur imprévue empêche d’afficher cette page.** Les autres restent utilisables ; le détail est "
            "dans le journal du serveur.",
            icon=":material/error:",
        )


def show_notices(notices: Sequence[str]) -> None:
    """Show what could not be understood of the address or used of the data, one sentence a line."""
    for notice in notices:
        st.warning(notice, icon=":material/info:")
