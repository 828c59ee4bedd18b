"""Sentences that stand above a page: what the app is, what is missing, what went wrong."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from coverage.errors import CoverageError
from coverage.territories.gazetteer import Territory
from data.errors import DataError
from data.files.encodings import Said
from geo.errors import GeoError
from pages.app.facts import load_facts
from pages.app.plain_text import plain
from pages.app.reader import is_declared_local
from pages.app.tables import covered_regions, load_gazetteer, load_table
from reports.figures.numbers import format_share

LOGGER = logging.getLogger(__name__)


def coverage_notice() -> str:
    """Say where and when the structures with a name are known."""
    facts = load_facts()
    if not missing_regions():
        return (
            f"Structures localisées : {facts.cite('n_msp_finess')}. Taux et temps de trajet des MSP : "
            f"{facts.cite('n_msp')}. Comptes de MSP par département : {facts.cite('n_msp_dgos')}."
        )
    return (
        f"MSP localisées : {facts.cite('n_msp_finess')}{_of_name()}. Les autres structures de FINESS ne sont connues "
        f"qu’en **{known_regions()}** à leur dernière date ; ailleurs, sièges de CPTS et centres de santé sont ceux du "
        "**8 janvier 2021** (signes pâles) et leur nombre d’aujourd’hui est « n.d. », comme pharmacies et hôpitaux, "
        "tant que le fichier national n’est pas chargé (page **Mise à jour**). Taux et temps de trajet des MSP : "
        f"{facts.cite('n_msp')}, France entière."
    )


def known_regions() -> str:
    """Name the regions whose structures of every type are loaded."""
    gazetteer = load_gazetteer()
    return ", ".join(gazetteer.name(Territory("region", code)) for code in sorted(covered_regions()))


def _of_name() -> str:
    """Say of how many of the MSP sites shown the category is deduced from their name; empty for none.

    Empty too where the table can't be read: a page that shows the sites says so itself, one that cites them stays open.
    """
    try:
        share = _share_by_name()
    except DataError:
        return ""
    return f" (hors d’Occitanie, catégorie déduite du nom pour {format_share(share, 0)} des sites)" if share else ""


@st.cache_resource(show_spinner=False)
def _share_by_name() -> float:
    structures = load_table("structures")
    msp = structures[structures["structure_type"] == "msp"]
    return float((msp.loc[msp["as_of"] == msp["as_of"].max(), "category_basis"] == "nom").mean())


def missing_regions() -> frozenset[str]:
    """Return the regions where some type of structure is not loaded."""
    return frozenset(load_gazetteer().regions["region_code"]) - covered_regions()


@contextmanager
def guard_against_missing_data() -> Iterator[None]:
    """Show a clear sentence instead of a stack trace when a table can't be read; the other pages stay usable."""
    try:
        yield
    except (DataError, GeoError, CoverageError) as error:
        show_fault(error, "**Cette page ne peut pas être affichée.**")
        st.markdown(
            "Pour réparer : `git checkout data/snapshots` rétablit les tables livrées avec Maillage, "
            "`make assets` refait les fonds de carte. Puis rechargez la page."
            if is_declared_local()
            else "Les autres pages restent utilisables. Transmettez cette phrase à l’administrateur de ce serveur."
        )
    except Exception:
        # The last guard before the reader: Streamlit's own message would be in English. The log keeps everything.
        LOGGER.exception("a page failed")
        st.error(
            "**Une erreur imprévue empêche d’afficher cette page.** Les autres restent utilisables ; le détail est "
            "dans le journal du serveur.",
            icon=":material/error:",
        )


def show_notices(notices: Sequence[str]) -> None:
    """Show what could not be understood of the address or used of the data, one sentence a line, as text."""
    for notice in notices:
        st.warning(plain(notice), icon=":material/info:")


def show_fault(fault: object, opening: str = "", *, icon: str = ":material/error:") -> None:
    """Show why something was refused.

    Parameters
    ----------
    fault
        The error, or what it says: it may quote a file or an address, and is shown as text.
    opening
        Our own sentence before it, in Markdown.
    icon
        Sign beside it.
    """
    st.error(f"{opening} {plain(str(fault))}".strip(), icon=icon)


def show_remarks(name: str, remarks: Sequence[Said]) -> None:
    """Say how a file was read where it was not as it stood, before anything of it is kept."""
    if not remarks:
        return
    told = [f"- {f'ligne {said.line} : ' if said.line else ''}{plain(said.sentence)}" for said in remarks]
    st.warning(
        f"**À vérifier dans la lecture de « {plain(name)} ».**\n" + "\n".join(told), icon=":material/find_in_page:"
    )
