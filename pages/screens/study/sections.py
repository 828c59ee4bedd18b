"""The sections of the territorial study, in the order they are read."""

from typing import Final

import pandas as pd
import streamlit as st

from coverage.simulator.scenario_file import MAX_NAME, SavedScenario
from coverage.simulator.supply_change import Opening
from coverage.study.staffing import FEWEST_GPS, MOST_GPS
from pages.app.facts import load_facts
from pages.app.plain_text import plain
from pages.app.session import change_view
from pages.navigation import SCREENS
from pages.screens.simulator.state import change_drafts, kept_drafts
from pages.screens.study.charts import show_staffing
from pages.screens.study.state import LARGEST_TEAM, StudyState, change_study, change_team, current_study
from reports.figures.french import of_name
from reports.study.content import StudyContent
from reports.study.tables import COMPETITION_NOTE, NATURE_NOTE, WORK_NOTE, staffing_note

SENT_KEY: Final = "study_sent"
ROW_PX: Final = 35
PEOPLE_INDICATORS: Final = (
    "population", "share_75plus", "poverty_rate", "population_growth_per_year", "apl_65_2023", "zone",
)  # fmt: skip
"""What the tables of people are made of."""
LONGEST_TABLE_PX, SCROLLED_PX = 520, 320
"""A longer table scrolls in a shorter frame."""


def show_headlines(content: StudyContent) -> None:
    """Draw the figures in large."""
    for place, headline in zip(st.columns(len(content.headlines)), content.headlines, strict=True):
        with place.container(border=True, height="stretch"):
            st.metric(headline.label, headline.value, help=headline.help)
            st.caption(headline.against)


def show_summary(content: StudyContent) -> None:
    """Write what matters, a sentence each."""
    st.subheader("L’essentiel", anchor=False)
    st.markdown("\n".join(f"- {sentence}" for sentence in content.summary))


def show_people(content: StudyContent) -> None:
    """Set the catchment against what contains it."""
    facts = load_facts()
    st.subheader("1. Qui vit autour", anchor=False)
    show_printed(content.compared, "Le bassin comparé au département, à la région et à la France", n_left=2)
    st.caption(f"{NATURE_NOTE} Sources : {facts.cite(*PEOPLE_INDICATORS)}.")
    st.markdown("**En équivalents temps plein de médecins**")
    show_printed(content.work, "Équivalents temps plein de médecins, par zone", n_left=1)
    st.caption(f"{WORK_NOTE} {plain(content.travel)}")


def show_structures(content: StudyContent) -> None:
    """List what stands around."""
    st.subheader("2. Les structures autour", anchor=False)
    show_printed(content.structures_counts, "Nombre de structures par zone", n_left=1)
    st.markdown(plain(content.cpts_note))
    if content.structures.empty:
        st.info("Aucune structure connue à moins de 20 minutes.", icon=":material/info:")
    else:
        show_printed(content.structures, "Structures à moins de 20 minutes", n_left=3)
    if not content.professionals.empty:
        st.markdown("**Professionnels recensés**")
        show_printed(content.professionals, "Professionnels recensés par zone", n_left=1)
        st.caption(f"Moins de 5 professionnels : NS. Source : {content.professionals_source}.")
    st.caption(f"{content.structures_note} Source : {load_facts().cite('n_msp_finess')}.")


def show_competition(content: StudyContent) -> None:
    """Say which MSP already serve the catchment."""
    st.subheader("3. Les MSP qui servent déjà ce bassin", anchor=False)
    st.markdown(plain(content.competition_text))
    if not content.competition.empty:
        show_printed(content.competition, "MSP existantes et part du bassin qu’elles servent", n_left=2)
        st.caption(COMPETITION_NOTE)
    if not content.projects.empty:
        st.markdown("**Projets de votre liste à moins de 20 minutes**")
        show_printed(content.projects, "Projets de votre liste à moins de 20 minutes", n_left=4)


def show_gps(content: StudyContent) -> None:
    """Let the reader move the GPs who would come, and read what they change."""
    st.subheader("4. Combien de médecins ?", anchor=False)
    if content.dossier.staffing is None:
        st.info(content.staffing_text, icon=":material/info:")
        return
    control, said = st.columns([4, 8], gap="medium", vertical_alignment="center")
    with control:
        st.session_state["study_gps"] = content.n_gp
        st.slider(
            "Médecins à temps plein qui viendraient",
            FEWEST_GPS,
            MOST_GPS,
            key="study_gps",
            on_change=lambda: change_study(n_gp=st.session_state["study_gps"]),
        )
    said.markdown(content.staffing_text)
    with control:
        st.button(
            "Ouvrir dans le simulateur",
            icon=":material/science:",
            key="study_to_simulator",
            on_click=send_to_simulator,
            args=(content,),
            help="Le même changement, avec la carte et les communes voisines, à combiner avec d’autres.",
        )
    if st.session_state.pop(SENT_KEY, False):
        st.switch_page(SCREENS["simulator"].file)
    mean_france = float(content.dossier.figures.loc["france", f"{content.dossier.series}_2023"])
    show_staffing(content, mean_france)
    with st.expander("Le détail, de 2 à 8 médecins"):
        show_printed(content.staffing, "Effet de 2 à 8 médecins", n_left=1)
    st.caption(f"{staffing_note(content.dossier)} Source : {load_facts().cite('apl_65_2023')}.")


def show_conditions(content: StudyContent, state: StudyState) -> None:
    """Let the team tick what it has, and say what is left."""
    st.subheader("5. Les conditions à réunir", anchor=False)
    n_met = sum(answer.is_met for answer in content.answers)
    st.progress(n_met / len(content.answers), text=content.conditions_text)
    met = {answer.condition.id: answer.is_met for answer in content.answers}
    for place, step in zip(st.columns(len(content.rules.steps)), content.rules.steps, strict=True):
        with place.container(border=True, height="stretch"):
            st.markdown(f"**{step.title}**")
            for condition in step.conditions:
                if condition.counted:
                    _ask_number(condition.counted, state)
                    st.markdown(f":small[{'✓' if met[condition.id] else '○'} {condition.label}]")
                else:
                    key = f"study_{condition.id}"
                    st.session_state[key] = met[condition.id]
                    st.checkbox(
                        condition.label, key=key, help=condition.cited, on_change=_tick, args=(key, condition.id)
                    )
    with st.expander("Sources des conditions"):
        rows = [{"Condition": answer.condition.label, "Source": answer.condition.cited} for answer in content.answers]
        show_printed(pd.DataFrame(rows), "Conditions et sources", n_left=2)
    st.caption(f"Édition : {content.rules.edition}. {content.rules.note}")


def send_to_simulator(content: StudyContent) -> None:
    """Put the GPs tried here in a new scenario of the simulator, beside those of the reader."""
    opening = Opening(content.territory.code, float(content.n_gp), name=f"MSP {of_name(content.name)}"[:MAX_NAME])
    name = f"{content.name}, {content.n_gp} médecins"[:MAX_NAME]
    change_drafts(kept_drafts().opening(SavedScenario(name, f"{content.dossier.series}_2023", (opening,))))
    change_view(selection=content.territory)
    st.session_state[SENT_KEY] = True


TEAM_LABELS: Final = {"n_gp": "Médecins généralistes de l’équipe", "n_paramedical": "Paramédicaux de l’équipe"}


def _ask_number(name: str, state: StudyState) -> None:
    key = f"study_team_{name}"
    st.session_state[key] = getattr(state.team, name)
    st.number_input(
        TEAM_LABELS[name],
        0,
        LARGEST_TEAM,
        key=key,
        help="Personnes, celles déjà installées comprises.",
        on_change=lambda: change_team(**{name: int(st.session_state[key] or 0)}),
    )


def _tick(key: str, condition_id: str) -> None:
    ticked = current_study().team.ticked
    changed = ticked | {condition_id} if st.session_state[key] else ticked - {condition_id}
    change_team(ticked=frozenset(changed))


def show_printed(table: pd.DataFrame, alt: str, *, n_left: int) -> None:
    """Draw a printed table: texts to the left in its first columns, figures to the right in the others."""
    right = {head: st.column_config.TextColumn(head, alignment="right") for head in table.columns[n_left:]}
    whole_px = ROW_PX * (len(table) + 1) + 2
    height_px = whole_px if whole_px < LONGEST_TABLE_PX else SCROLLED_PX
    st.dataframe(table, hide_index=True, column_config=right, alt=alt, height=height_px)
