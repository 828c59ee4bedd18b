"""The aids: what the commune is classed as, who pays what, when, and where to read the conditions; never an amount."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from coverage.indicators.zones import SEVERAL
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.facts import load_facts
from pages.app.plain_text import plain
from pages.app.tables import load_table
from pages.screens.funding.data import load_project_aids, load_zone_aids, zone_of
from pages.widgets.published import CERTAINTIES
from reports.figures.zone_words import tell_zone_mix

LONGEST_ADDRESS = 50  # characters, on a telephone
ZONE_NAMES = {
    "ZIP": "zone d’intervention prioritaire (ZIP)",
    "ZAC": "zone d’action complémentaire (ZAC)",
    "ZAR": "zone d’accompagnement régional (ZAR)",
    "HZ": "hors zonage",
    SEVERAL: "plusieurs zones selon l’arrondissement",
}


def show_aids(gazetteer: Gazetteer, territory: Territory) -> None:
    """Draw the tab of the aids: what the commune is classed as, the aids that follow, those of a project."""
    facts = load_facts()
    zone = zone_of(territory)
    if territory.level != "commune":
        st.info(
            "Choisissez une commune en haut de page pour connaître sa zone et son classement : les aides en dépendent.",
            icon=":material/info:",
        )
    elif zone is None:
        st.info(f"La zone de {gazetteer.label(territory)} est inconnue (n.d.).", icon=":material/info:")
    else:
        mix = tell_zone_mix(load_table("zoning"), territory.code)
        st.markdown(f"#### {gazetteer.label(territory)} : {ZONE_NAMES[zone]}{f' ({mix})' if mix else ''}")
    st.markdown(_tell_classes(territory))
    st.caption(
        "Les montants changent chaque année et dépendent du statut du professionnel : ils se lisent chez celui qui "
        f"verse. Zonage des généralistes : {facts.cite('share_population_zip')} ; l’ARS tient celui qui est en "
        f"vigueur. Classements : {facts.cite('frr', 'n_qpv')}."
    )
    st.subheader("Aides selon la zone et le classement", anchor=False)
    frr = facts.value("frr", territory)
    for aid in load_zone_aids():
        is_open = zone in {None, SEVERAL} or zone in aid["zones"]
        is_open &= "frr" not in aid or not isinstance(frr, str) or frr in aid["frr"]
        _show_aid(aid, "" if is_open else "  \n*Cette zone ou ce classement n’y ouvre en général pas droit.*")
    st.subheader("Aides d’un projet de MSP, de l’idée à l’ouverture", anchor=False)
    st.caption(
        "Sources secondaires ou d’une seule région : chaque ARS fixe ses règles, à confirmer auprès d’elle avant "
        "d’engager une dépense."
    )
    for rank, aid in enumerate(load_project_aids(), start=1):
        said = f"  \n:material/schedule: {aid['when']}  \n*Source : {aid['source']} ; {CERTAINTIES[aid['certainty']]}.*"
        _show_aid({**aid, "label": f"{rank}. {aid['label']}"}, said)


def _tell_classes(territory: Territory) -> str:
    """Say how the FRR class and the QPV of a commune are known; of a wider territory, the people concerned."""
    facts = load_facts()
    if territory.level != "commune":
        share, n_qpv = (facts.figure(name, territory) for name in ("share_population_frr", "n_qpv"))
        return f"- Habitants de communes en FRR : **{share}**\n- Quartiers prioritaires (QPV 2024) : **{n_qpv}**"
    quarters = load_table("qpv")
    names = quarters.loc[quarters["commune_code"] == territory.code, "name"]
    listed = f" : {plain(', '.join(names))}" if len(names) else ""
    return (
        f"- France Ruralités Revitalisation : **{facts.figure('frr', territory)}**\n"
        f"- Quartiers prioritaires (QPV 2024) : **{facts.figure('n_qpv', territory)}**{listed}"
    )


def _show_aid(aid: Mapping[str, Any], said: str) -> None:
    with st.container(border=True):
        st.markdown(f"**{aid['label']}** · {aid['payer']}  \n{aid['text']}{said}")
        address = aid["url"].removeprefix("https://")
        st.markdown(f"[{address if len(address) <= LONGEST_ADDRESS else address.split('/')[0]}]({aid['url']})")
