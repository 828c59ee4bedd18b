"""CPTS: who is covered by a CPTS, who is not, how big each is, and what it holds."""

import pandas as pd
import streamlit as st

from coverage.gazetteer import Gazetteer, Territory
from pages.parts.cpts_card import show_card
from pages.parts.cpts_data import CptsFacts, coverage_by, facts_of, members_in
from pages.parts.cpts_import import explain_missing, name_departements, offer_import, show_reading
from pages.parts.cpts_lists import ORIGIN_LABELS, Perimeters, available
from pages.parts.cpts_map import draw_cpts, indicator_of, knows_seats, seats_in
from pages.parts.cpts_seats import show_published, show_seats
from pages.parts.cpts_state import ADDRESS, Origin, choose, chosen
from pages.parts.cpts_tables import show_tables
from pages.parts.exports_map import offer_map
from pages.parts.figures import cite
from pages.parts.frame import run_page
from pages.parts.map_view import Pick, show_map
from pages.parts.notices import coverage_notice, guard_against_missing_data, show_notices
from pages.parts.numbers import NO_BREAK_SPACE, UNKNOWN, format_number, format_share
from pages.parts.places import look_at, prefecture_labels
from pages.parts.session import VIEW_KEY, current_view
from pages.parts.tables import load_gazetteer, load_table
from pages.parts.territory_picker import pick_territory

MAP_HEIGHT = 600
CPTS_KEY = "cpts_chosen"


def show_page() -> None:
    gazetteer = load_gazetteer()
    view, notices = current_view()
    choice, more_notices = ADDRESS.current()
    territory = view.territoire
    at_hand = available()
    perimeters = at_hand.get(choice.source or "liste") or next(iter(at_hand.values()), None)
    title, source, picker = st.columns([6, 3, 3], vertical_alignment="bottom")
    with title:
        st.title(f"CPTS{NO_BREAK_SPACE}: {gazetteer.name(territory)}", anchor=False)
        st.caption("Communautés professionnelles territoriales de santé : qui est couvert, qui ne l’est pas.")
    with source:
        _pick_source(at_hand, perimeters)
    with picker:
        pick_territory(gazetteer, territory)
    show_notices([*notices, *more_notices])
    show_reading()
    if perimeters is None:
        explain_missing()
        offer_import(expanded=True)
        show_published()
        show_seats(gazetteer, territory)
        return
    _keep_known_choice(perimeters)
    _show_figures(gazetteer, perimeters, territory)
    _show_map_and_card()
    show_tables(gazetteer, perimeters, territory)
    offer_import(expanded=False)
    st.caption(f"Périmètres : {perimeters.citation}. Population : {cite('population')}. {coverage_notice()}")


def _pick_source(at_hand: dict[Origin, Perimeters], perimeters: Perimeters | None) -> None:
    """Let the reader choose between the two perimeters, where there are two."""
    if len(at_hand) > 1 and perimeters is not None:
        st.session_state["cpts_source"] = perimeters.origin
        st.segmented_control(
            "Périmètres",
            list(at_hand),
            format_func=ORIGIN_LABELS.__getitem__,
            key="cpts_source",
            required=True,
            on_change=lambda: choose(source=st.session_state["cpts_source"], cpts=None, commune=None),
        )


def _keep_known_choice(perimeters: Perimeters) -> None:
    """Leave out a CPTS that these perimeters don't have: an address of another list, or of another vintage."""
    choice = chosen()
    if choice.cpts is not None and choice.cpts not in facts_of(perimeters).portrait.index:
        st.warning(f"La CPTS « {choice.cpts} » de l’adresse n’est pas dans ces périmètres.", icon=":material/info:")
        choose(cpts=None)
        ADDRESS.write(chosen())


def _show_figures(gazetteer: Gazetteer, perimeters: Perimeters, territory: Territory) -> None:
    """Show the figures of the territory: population covered, CPTS, white zones, communes in two, CPTS without MSP."""
    facts = facts_of(perimeters)
    inside = gazetteer.mask(territory)
    counts, people = facts.n_cpts[inside], gazetteer.communes.loc[inside, "population"].to_numpy()
    share = coverage_by(facts, territory.level)[territory.code]
    portrait = facts.portrait.loc[members_in(perimeters, territory)["cpts_id"].unique()]
    white = (counts == 0).to_numpy()
    known = counts.notna().to_numpy()
    without, unknown = int((portrait["n_msp"] == 0).sum()), int(portrait["n_msp"].isna().sum())
    white_people = f"{format_number(people[white].sum())}{'' if known.all() else ' au moins'}"
    figures = (
        ("Population couverte", format_share(share), _say_covered(gazetteer, perimeters, facts, territory)),
        ("CPTS", format_number(len(portrait)), _say_sizes(portrait)),
        (
            "Population en zone blanche",
            white_people if known.any() else UNKNOWN,
            f"{format_number(white.sum())} communes sans CPTS",
        ),
        (
            "Communes dans deux CPTS",
            format_number((counts > 1).sum()),
            f"{format_number(people[(counts > 1).to_numpy()].sum())} habitants",
        ),
        (
            "CPTS sans MSP",
            UNKNOWN if unknown and unknown == len(portrait) else format_number(without),
            f"{unknown} n.d. (FINESS non chargé)" if unknown else "d’après les sites FINESS",
        ),
    )
    for column, (label, figure, below) in zip(st.columns(len(figures)), figures, strict=True):
        with column:
            st.metric(label, figure, border=True)
            st.caption(below)


def _say_covered(gazetteer: Gazetteer, perimeters: Perimeters, facts: CptsFacts, territory: Territory) -> str:
    """Say of what the share is, or where it is known when it is not everywhere."""
    if pd.notna(coverage_by(facts, territory.level)[territory.code]):
        return "une commune dans deux CPTS comptée une fois"
    where_known = coverage_by(facts, territory.level, where_known=True)[territory.code]
    inside = gazetteer.communes.loc[gazetteer.mask(territory), "departement_code"].unique()
    known = sorted(perimeters.known_departements & set(inside))
    if pd.isna(where_known) or not known:
        return "la liste n’est complète dans aucun département d’ici"
    return f"{format_share(where_known)} là où la liste est complète : {name_departements(gazetteer, known)}"


def _say_sizes(portrait: pd.DataFrame) -> str:
    counts = portrait["size_class"].value_counts().sort_index()
    return ", ".join(f"{format_number(n)} de taille {size:.0f}" for size, n in counts.items()) or "aucune"


@st.fragment
@guard_against_missing_data()
def _show_map_and_card() -> None:
    gazetteer = load_gazetteer()
    territory: Territory = st.session_state[VIEW_KEY].territoire
    at_hand = available()
    perimeters = at_hand.get(chosen().source or "liste") or next(iter(at_hand.values()))
    scope = gazetteer.surroundings(territory)
    drawn = draw_cpts(perimeters, scope)
    left, right = st.columns([7, 3])
    with left:
        pick = show_map(
            drawn.values,
            drawn.legend,
            seats_in(scope),
            key="cpts_map",
            view=look_at(gazetteer, territory),
            selected=("commune", commune) if (commune := _selected(perimeters)) else None,
            labels=prefecture_labels(),
            height=MAP_HEIGHT,
        )
        if pick is not None:
            _answer(perimeters, pick)
        offer_map(
            indicator_of(perimeters), "commune", territory, "seuils", 5, ("cpts",), key="cpts_export", drawn=drawn
        )
        if not knows_seats(gazetteer, territory):
            st.caption("Sièges de CPTS : n.d. ici, FINESS n’y est pas chargé.")
    with right:
        _pick_cpts(perimeters, territory)
        show_card(gazetteer, perimeters)


def _selected(perimeters: Perimeters) -> str | None:
    """Return the commune to be outlined: the one clicked, else the most populous of the CPTS chosen."""
    choice = chosen()
    if choice.commune or choice.cpts is None:
        return choice.commune
    members = perimeters.table.loc[perimeters.table["cpts_id"] == choice.cpts, "commune_code"]
    communes = load_table("communes")
    return str(communes[communes["commune_code"].isin(members)].nlargest(1, "population")["commune_code"].iloc[0])


def _answer(perimeters: Perimeters, pick: Pick) -> None:
    """Open the card of the CPTS whose commune or seat was clicked."""
    table = perimeters.table
    code, found = pick.code, table.iloc[:0]
    if pick.kind == "structure":
        structures = load_table("structures")
        code = str(structures.loc[structures["finess_code"] == pick.code, "commune_code"].iloc[0])
        found = table[table["finess_code"] == pick.code]
    if found.empty:
        found = table[table["commune_code"] == code]
    choose(commune=code, cpts=str(found["cpts_id"].iloc[0]) if len(found) else None)
    ADDRESS.write(chosen())
    st.rerun(scope="fragment")


def _pick_cpts(perimeters: Perimeters, territory: Territory) -> None:
    """Draw the list of the CPTS of the territory, by name."""
    named = members_in(perimeters, territory).drop_duplicates("cpts_id").set_index("cpts_id")["name"].sort_values()
    options = list(named.index)
    current = chosen().cpts
    if current is not None and current not in options:
        options.append(current)
    names = facts_of(perimeters).portrait["name"]
    st.session_state[CPTS_KEY] = current
    st.selectbox(
        "CPTS",
        options,
        format_func=names.__getitem__,
        key=CPTS_KEY,
        index=None,
        placeholder=f"Choisir parmi {len(named)} CPTS",
        on_change=lambda: choose(cpts=st.session_state[CPTS_KEY], commune=None),
    )
    ADDRESS.write(chosen())


run_page(show_page)
