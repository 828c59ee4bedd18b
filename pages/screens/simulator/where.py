"""The panel « Où ouvrir ? »: the question, the instant answer, the proof, the acceptance into the scenario."""

import math
from typing import Final

import pandas as pd
import streamlit as st

from coverage.simulator.siting.proof import Proof, start_proof
from coverage.simulator.siting.request import SitingAnswer, SitingError
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.notices import show_fault, show_notices
from pages.app.plain_text import plain
from pages.app.tables import covered_regions
from pages.screens.simulator.engine import Result
from pages.screens.simulator.export import describe_siting, sites_table
from pages.screens.simulator.siting import (
    MINUTES,
    MOST_SITES,
    OBJECTIVE_LABELS,
    Ask,
    answer_ask,
    siting_request,
    why_existing_are_partial,
)
from pages.screens.simulator.state import change_drafts, current_drafts
from pages.screens.simulator.words import format_fte
from pages.widgets.exports.table import offer_table
from reports.figures.french import count_of
from reports.figures.numbers import format_number, format_share

ASK_KEY: Final = "simulator_ask"
PROOF_KEY: Final = "simulator_proof"
ACCEPTED_KEY: Final = "simulator_accepted"
TIME_LIMIT_S: Final = 60.0
PER_MILLE: Final = 1000
WEIGHTS: Final = (0.0, 0.5, 1.0, 2.0, 4.0)
"""What an inhabitant counts in addition to one."""


def show_siting(gazetteer: Gazetteer, result: Result, territory: Territory) -> None:
    """Draw the question and, once asked, its answer."""
    _ask(gazetteer, result, territory)
    if accepted := st.session_state.pop(ACCEPTED_KEY, ""):
        st.success(plain(accepted), icon=":material/check:")
    ask: Ask | None = st.session_state.get(ASK_KEY)
    if ask is None:
        return
    try:
        answer = _best_answer(ask, result)
    except SitingError as error:
        show_fault(error, "La question ne peut pas être posée ainsi.")
        return
    _show_answer(gazetteer, ask, answer, result)
    if answer.status != "impossible":
        _show_proof(ask, answer)


def proposed_communes(result: Result) -> tuple[str, ...]:
    """Return the communes that the answer in sight proposes, for the map."""
    ask: Ask | None = st.session_state.get(ASK_KEY)
    if ask is None:
        return ()
    try:
        return tuple(_best_answer(ask, result).sites["commune_code"])
    except SitingError:
        return ()


def _best_answer(ask: Ask, result: Result) -> SitingAnswer:
    """Return what the solver has found once it has ended, the instant answer until then."""
    proof: Proof | None = st.session_state.get(PROOF_KEY)
    if proof is not None and not proof.is_running:
        return proof.answer()
    return answer_ask(ask, result)


def _ask(gazetteer: Gazetteer, result: Result, territory: Territory) -> None:
    with st.form("simulator_where", border=False):
        st.markdown(f"Parmi les communes de ce territoire, pour ses habitants : **{gazetteer.name(territory)}**.")
        objective = st.selectbox(
            "But",
            list(OBJECTIVE_LABELS),
            format_func=OBJECTIVE_LABELS.__getitem__,
            key="simulator_objective",
            filter_mode=None,
        )
        how_many, how_far = st.columns(2)
        n_sites = how_many.number_input("Sites à ouvrir", 1, MOST_SITES, 5, key="simulator_n_sites")
        max_minutes = how_far.selectbox(
            "Minutes, au plus", MINUTES, index=MINUTES.index(20), key="simulator_max_minutes", filter_mode=None
        )
        gp_fte = st.number_input("Médecins par site (ETP)", 0.5, 50.0, 3.0, 0.5, format="%g", key="simulator_site_fte")
        with st.expander("Pondérations et règles"):
            weight_75plus = st.select_slider(
                "Un habitant de 75 ans ou plus compte",
                WEIGHTS,
                format_func=_tell_weight,
                key="simulator_weight_75plus",
                help="INSEE, 2022 ; là où la part est inconnue, la moyenne.",
            )
            weight_poverty = st.select_slider(
                "Un habitant sous le seuil de pauvreté compte",
                WEIGHTS,
                format_func=_tell_weight,
                key="simulator_weight_poverty",
                help="Taux du bassin de vie, le même pour toutes ses communes (INSEE, 2021) ; inconnu : la moyenne.",
            )
            min_people = st.number_input(
                "Habitants à portée de chaque site, au moins", 0, 1_000_000, 0, 1000, key="simulator_min_people"
            )
            between = st.slider("Minutes entre deux nouveaux sites, au moins", 0, 30, 0, key="simulator_between")
            one_per_epci = st.toggle("Au plus un site par EPCI", key="simulator_one_per_epci")
        asked = st.form_submit_button("Proposer", type="primary", icon=":material/lightbulb:", width="stretch")
    if asked:
        _forget()
        st.session_state[ASK_KEY] = Ask(
            territory=territory,
            base=result.counted,
            n_sites=int(n_sites),
            gp_fte=float(gp_fte),
            objective=objective,
            max_minutes=float(max_minutes),
            weight_75plus=float(weight_75plus),
            weight_poverty=float(weight_poverty),
            min_people_served=float(min_people),
            min_minutes_between=float(between),
            one_per_epci=one_per_epci,
        )
        st.rerun()
    if partial := why_existing_are_partial(gazetteer, territory, covered_regions("msp")):
        st.caption(f":material/warning: {partial}")


def _tell_weight(extra: float) -> str:
    return f"× {format_number(1 + extra, 0 if extra == int(extra) else 1)}"


def _show_answer(gazetteer: Gazetteer, ask: Ask, answer: SitingAnswer, result: Result) -> None:
    place = gazetteer.name(ask.territory)
    if answer.status == "impossible":
        st.warning(f"**Pas de réponse pour {place}.** {plain(answer.reason)}", icon=":material/block:")
        return
    if answer.reason:
        show_notices([answer.reason])
    found = count_of(len(answer.sites), "site")
    st.markdown(f"**{found}, {place}** : {_tell_value(ask, answer.value)}. {tell_best(ask, answer)}")
    sites = [Territory("commune", str(code)) for code in answer.sites["commune_code"]]
    table = pd.DataFrame(
        {
            "Commune": [gazetteer.label(site) for site in sites],
            _gain_head(ask): [format_number(gain) for gain in answer.sites["gain"]],
        },
        index=pd.RangeIndex(1, len(sites) + 1),
    )
    st.dataframe(
        table,
        height=min(250, 38 + 35 * len(table)),
        column_config={_gain_head(ask): st.column_config.TextColumn(alignment="right")},
        alt="Sites proposés",
    )
    offer_table(
        lambda: sites_table(gazetteer, answer, _gain_head(ask)),
        describe_siting(gazetteer, ask, answer, result, current_drafts().scenario.name),
        title=f"Où ouvrir : {place}",
        name=f"maillage_sites_{ask.territory.slug}",
    )
    if st.button(
        f"Ajouter au scénario ({format_fte(ask.gp_fte)} par site)",
        key="simulator_accept",
        type="primary",
        icon=":material/playlist_add:",
        width="stretch",
    ):
        change_drafts(current_drafts().adding(*ask.openings(answer)))
        _forget()
        st.session_state[ACCEPTED_KEY] = f"{len(sites)} ouvertures ajoutées à « {current_drafts().scenario.name} »."
        st.rerun()


def _gain_head(ask: Ask) -> str:
    return {"coverage": "Habitants gagnés", "distance": "Minutes gagnées", "lifting": "Passés au-dessus"}[ask.objective]


def _tell_value(ask: Ask, value: float) -> str:
    weighted = " pondérés" if ask.is_weighted else ""
    if ask.objective == "distance":
        return f"{format_number(value)} minutes de trajet gagnées, tous habitants{weighted} additionnés"
    if ask.objective == "lifting":
        return f"{format_number(value)} habitants{weighted} passent au-dessus de 2,5"
    return f"{format_number(value)} habitants{weighted} de plus à {ask.max_minutes:g} minutes d’une MSP"


def tell_best(ask: Ask, answer: SitingAnswer) -> str:
    """Say whether another choice could do better, as one would say it; how that is known is folded under it."""
    choice = f"choix de {count_of(len(answer.sites), 'commune')}"
    if answer.status == "optimal" or answer.gap_share == 0:
        return f"**Aucun autre {choice} ne fait mieux.**"
    if ask.objective == "lifting" or pd.isna(answer.gap_share):
        return f"Un autre {choice} ferait peut-être mieux : on ne sait pas de combien."
    if answer.value <= 0:
        return f"Un autre {choice} ferait peut-être mieux."
    gain = answer.upper_bound / answer.value - 1
    more = math.ceil(round(PER_MILLE * gain, 6)) / PER_MILLE  # up to the next digit written: it stays true
    return f"**Aucun autre {choice} ne ferait mieux de plus de {format_share(more)}.**"


def _tell_gap(ask: Ask, answer: SitingAnswer) -> str:
    """Say the same of the optimum, for who asks."""
    if answer.status == "optimal":
        return "Optimum prouvé : toutes les autres réponses possibles ont été écartées par le calcul."
    if ask.objective == "lifting":
        return "Sites choisis un à un : l’écart à l’optimum n’est pas borné."
    if pd.isna(answer.gap_share):
        return "L’écart à l’optimum n’est pas connu."
    found, bound = format_number(answer.value), format_number(answer.upper_bound)
    return (
        f"À {format_share(answer.gap_share)} de l’optimum, au plus : ce choix atteint {found}, et le calcul montre "
        f"qu’aucun ne peut dépasser {bound}."
    )


def _show_proof(ask: Ask, answer: SitingAnswer) -> None:
    proof: Proof | None = st.session_state.get(PROOF_KEY)
    with st.expander("Comment on le sait", icon=":material/fact_check:"):
        st.markdown(_tell_gap(ask, answer))
        if proof is not None and not proof.is_running:
            seconds = format_number(proof.progress().elapsed_s, 1)
            ended = f"Recherche exacte terminée en {seconds} s."
            st.caption(ended if answer.status == "optimal" else _tell_end(seconds))
    if proof is not None and proof.is_running:
        _follow(proof, ask)
    elif proof is None and ask.objective != "lifting" and answer.gap_share != 0:
        _offer_proof(ask)


def _tell_end(seconds: str) -> str:
    return f"Recherche exacte arrêtée après {seconds} s : le meilleur choix trouvé et sa borne sont donnés."


def _offer_proof(ask: Ask) -> None:
    if not st.button(
        "Chercher le meilleur choix",
        key="simulator_prove",
        icon=":material/verified:",
        width="stretch",
        help=f"Essaie de prouver qu’aucun autre choix ne fait mieux, {TIME_LIMIT_S:.0f} s au plus ; la page reste "
        "utilisable.",
    ):
        return
    try:
        with st.spinner("Préparation du calcul…"):
            st.session_state[PROOF_KEY] = start_proof(siting_request(ask), time_limit_s=TIME_LIMIT_S)
    except SitingError as error:
        show_fault(error, "La preuve n’est pas possible :", icon=":material/block:")
        return
    st.rerun()


@st.fragment(run_every=1)
def _follow(proof: Proof, ask: Ask) -> None:
    """Show the search each second; run the page again once it has ended."""
    progress = proof.progress()
    if not progress.is_running:
        st.rerun()
    share = format_share(progress.gap_share)
    gap = "" if pd.isna(progress.gap_share) else f", à {share} du meilleur choix possible, au plus"
    st.progress(
        min(progress.elapsed_s / TIME_LIMIT_S, 1.0),
        text=f"Recherche du meilleur choix, {progress.elapsed_s:.0f} s : {_tell_value(ask, progress.value)}{gap}",
    )
    if st.button("Arrêter la recherche", key="simulator_stop", icon=":material/stop:", width="stretch"):
        proof.stop()
        st.rerun()


def _forget() -> None:
    """Leave the question and its proof: they are about what the scenario was."""
    proof: Proof | None = st.session_state.pop(PROOF_KEY, None)
    if proof is not None:
        proof.stop()
    st.session_state.pop(ASK_KEY, None)
