"""The aids tied to a zone: the zone of the commune, who pays and where to read the conditions; never an amount."""

import streamlit as st

from coverage.gazetteer import Gazetteer, Territory
from pages.parts.figures import cite
from pages.parts.funding_data import load_zone_aids, zone_of

ZONE_NAMES = {
    "ZIP": "zone d’intervention prioritaire (ZIP)",
    "ZAC": "zone d’action complémentaire (ZAC)",
    "ZAR": "zone d’accompagnement régional (ZAR)",
    "HZ": "hors zonage",
}


def show_aids(gazetteer: Gazetteer, territory: Territory) -> None:
    """Draw the tab of the aids of a zone."""
    zone = zone_of(territory)
    if territory.level != "commune":
        st.info(
            "Choisissez une commune en haut de page pour connaître sa zone : les aides en dépendent.",
            icon=":material/info:",
        )
    elif zone is None:
        st.info(f"La zone de {gazetteer.label(territory)} est inconnue (n.d.).", icon=":material/info:")
    else:
        st.markdown(f"#### {gazetteer.label(territory)} : {ZONE_NAMES.get(zone, zone)}")
    st.caption(
        "Les montants changent chaque année et dépendent du statut du professionnel : ils se lisent chez celui qui "
        f"verse. Zonage des généralistes : {cite('share_population_zip')} ; l’ARS tient celui qui est en vigueur."
    )
    for aid in load_zone_aids():
        concerned = zone is None or zone in aid["zones"]
        with st.container(border=True):
            st.markdown(
                f"**{aid['label']}** · {aid['payer']}  \n{aid['text']}"
                + ("" if concerned else "  \n*Cette zone n’y ouvre en général pas droit.*")
            )
            st.markdown(f"[{aid['url'].removeprefix('https://')}]({aid['url']})")
