"""CPTS: who is covered by a CPTS, who is not, how big each is, and what it holds."""

import pandas as pd
import streamlit as st

from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from geo.map import View
from pages.app.facts import load_facts
from pages.app.notices import coverage_notice, guard_against_missing_data, show_notices
from pages.app.perimeters import ORIGIN_LABELS, Origin, Perimeters, available
from pages.app.plain_text import plain
from pages.app.session import current_view
from pages.app.tables import load_gazetteer, load_table
from pages.app.view import VIEW_KEY
from pages.screens.cpts.card import show_card
from pages.screens.cpts.data import MSP_LABEL, CptsFacts, coverage_in, facts_of, members_in
from pages.screens.cpts.importing import explain_missing, name_departements, offer_example, offer_import, show_reading
from pages.screens.cpts.map import draw_cpts, indicator_of, seats_in
from pages.screens.cpts.opening import open_first_time, show_opening
from pages.screens.cpts.seats import say_days, show_published, show_seats
from pages.screens.cpts.state import ADDRESS, choose, chosen
from pages.screens.cpts.tables import show_tables
from pages.screens.cpts.words import tell_coverage, tell_seats
from pages.widgets.choice import choose_one
from pages.widgets.exports.map import offer_map
from pages.widgets.glossary import explain
from pages.widgets.lead import show_sentence
from pages.widgets.map.drawing import Pick, show_map
from pages.widgets.map.places import look_at, look_at_communes, prefecture_labels
from pages.widgets.structures import commune_of_site
from pages.widgets.territory_picker import pick_territory
from reports.figures.french import count_of, in_territory
from reports.figures.numbers import NO_BREAK_SPACE, UNKNOWN, format_number, format_share

MAP_HEIGHT = 600
CPTS_KEY = "cpts_chosen"


def show_page() -> None:
    """Draw the page."""
    facts = load_facts()
    gazetteer = load_gazetteer()
    asked = "territoire" in st.query_params
    view, notices = current_view()
    _, more_notices = ADDRESS.current()
    open_first_time(asked=asked)
    territory = view.territoire
    at_hand = available()
    perimeters = _shown(gazetteer, at_hand, territory)
    title, source, picker = st.columns([6, 3, 3], vertical_alignment="bottom")
    with title:
        st.title(f"CPTS{NO_BREAK_SPACE}: {gazetteer.name(territory)}", anchor=False)
        st.caption(
            "Communautés professionnelles territoriales de santé : qui est couvert, qui ne l’est pas.",
            help=explain("CPTS", "Taille d’une CPTS", "FINESS", "APL"),
        )
    with source:
        _pick_source(at_hand, perimeters)
    with picker:
        pick_territory(gazetteer, territory)
    show_notices([*notices, *more_notices])
    show_opening(gazetteer, territory)
    show_reading()
    if perimeters is None or not _says_something(gazetteer, perimeters, territory):
        _show_known_seats(gazetteer, territory)
        explain_missing(gazetteer, perimeters)
        offer_example(gazetteer, perimeters)
        offer_import(expanded=perimeters is None or perimeters.origin != "liste")
        show_published()
        show_seats(gazetteer, territory)
        return
    _keep_known_choice(perimeters)
    _show_figures(gazetteer, perimeters, territory)
    _show_map_and_card()
    show_tables(gazetteer, perimeters, territory)
    if territory == FRANCE:
        show_published()
    if perimeters.note:
        with st.expander("Ce que valent ces périmètres", icon=":material/info:"):
            st.markdown(perimeters.note)
    offer_import(expanded=False)
    st.caption(
        f"Périmètres : {plain(perimeters.citation)}. Population : {facts.cite('population')}. {coverage_notice()}"
    )


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


def _shown(gazetteer: Gazetteer, at_hand: dict[Origin, Perimeters], territory: Territory) -> Perimeters | None:
    """Return the perimeters that the reader chose, else the first that say something of the territory."""
    source = chosen().source
    if source is not None and source in at_hand:
        return at_hand[source]
    telling = (one for one in at_hand.values() if _says_something(gazetteer, one, territory))
    return next(telling, next(iter(at_hand.values()), None))


def _says_something(gazetteer: Gazetteer, perimeters: Perimeters, territory: Territory) -> bool:
    """Tell whether a CPTS of these perimeters is in the territory, or none is known to be."""
    inside = gazetteer.communes.loc[gazetteer.mask(territory), "departement_code"].unique()
    return bool(perimeters.known_departements & set(inside)) or not members_in(perimeters, territory).empty


def _keep_known_choice(perimeters: Perimeters) -> None:
    """Leave out a CPTS that these perimeters don't have: an address of another list, or of another vintage."""
    choice = chosen()
    if choice.cpts is not None and choice.cpts not in facts_of(perimeters).portrait.index:
        show_notices([f"La CPTS « {choice.cpts} » de l’adresse n’est pas dans ces périmètres."])
        choose(cpts=None)
        ADDRESS.write(chosen())


def _show_figures(gazetteer: Gazetteer, perimeters: Perimeters, territory: Territory) -> None:
    """Show the figures of the territory: population covered, CPTS, white zones, communes in two, CPTS without MSP."""
    facts = facts_of(perimeters)
    known = facts.n_cpts[gazetteer.holds(territory, facts.units["commune_code"])].notna()
    white, two = (table[gazetteer.holds(territory, table["commune_code"])] for table in (facts.white, facts.two))
    share = coverage_in(facts, territory)
    portrait = facts.portrait.loc[members_in(perimeters, territory)["cpts_id"].unique()]
    without, unknown = int((portrait["n_msp"] == 0).sum()), int(portrait["n_msp"].isna().sum())
    complete = perimeters.known_departements & set(
        gazetteer.communes.loc[gazetteer.mask(territory), "departement_code"]
    )
    says_white = bool(complete) or bool(known.all())
    at_least = "" if known.all() else " au moins"
    are_communes = (white["unit_code"] == white["commune_code"]).all()
    place = ("commune",) if are_communes else ("commune ou arrondissement", "communes ou arrondissements")
    bound = _say_bound(perimeters, is_whole=bool(known.all()))
    white_people = f"{format_number(white['population'].sum())}{bound}"
    figures = (
        ("Population couverte", format_share(share), _say_covered(gazetteer, perimeters, facts, territory)),
        ("CPTS", f"{format_number(len(portrait))}{at_least}", _say_sizes(portrait)),
        (
            "Population en zone blanche",
            white_people if says_white else UNKNOWN,
            _say_white(perimeters, f"{count_of(len(white), *place)} sans CPTS{bound}", is_known=says_white),
        ),
        (
            "Communes dans deux CPTS",
            f"{format_number(len(two))}{at_least}",
            f"{count_of(two['population'].sum(), 'habitant')}{at_least}",
        ),
        (
            "CPTS sans MSP",
            UNKNOWN
            if unknown and unknown == len(portrait)
            else f"{format_number(without)}{' au moins' if unknown else at_least}",
            f"{unknown} n.d., {MSP_LABEL}" if unknown else f"d’après : {MSP_LABEL}",
        ),
    )
    is_sure = bool(known.all()) and not perimeters.n_left  # a line left aside may name one of its communes
    said = tell_coverage(in_territory(gazetteer, territory), len(portrait), share, len(white)) if is_sure else ""
    show_sentence(said, f"Périmètres : {perimeters.citation}. Population : {load_facts().cite('population')}.")
    for column, (label, figure, below) in zip(st.columns(len(figures)), figures, strict=True):
        with column.container(border=True, height="stretch"):
            st.metric(label, figure)
            st.caption(below)


def _show_known_seats(gazetteer: Gazetteer, territory: Territory) -> None:
    """Open with the seats, where no perimeter is known."""
    seats = seats_in(territory)
    days = [day.date() for day in seats["as_of"]]
    said = tell_seats(in_territory(gazetteer, territory), days)
    show_sentence(said, f"{say_days(seats)} Source : {load_facts().cite('n_cpts_finess')}.")


def _say_bound(perimeters: Perimeters, *, is_whole: bool) -> str:
    """Say on which side of the figure the white zone stands: a line left aside may name one of its communes."""
    if perimeters.n_left:
        return " au plus" if is_whole else " au plus, là où la liste est complète"
    return "" if is_whole else " au moins"


def _say_white(perimeters: Perimeters, said: str, *, is_known: bool) -> str:
    if not is_known:
        return "dites d’abord où la liste est complète" if perimeters.origin == "liste" else "périmètres n.d. ici"
    if not perimeters.n_left:
        return said
    return f"{said} ; {count_of(perimeters.n_left, 'ligne')} de la liste, laissées de côté, peuvent en être"


def _say_covered(gazetteer: Gazetteer, perimeters: Perimeters, facts: CptsFacts, territory: Territory) -> str:
    """Say of what the share is, or where it is known when it is not everywhere."""
    if pd.notna(coverage_in(facts, territory)):
        return "une commune dans deux CPTS comptée une fois"
    where_known = coverage_in(facts, territory, where_known=True)
    inside = gazetteer.communes.loc[gazetteer.mask(territory), "departement_code"].unique()
    known = sorted(perimeters.known_departements & set(inside))
    if pd.isna(where_known) or not known:
        return "la liste n’est complète dans aucun département d’ici"
    return f"{format_share(where_known)} là où la liste est complète : {name_departements(gazetteer, known)}"


def _say_sizes(portrait: pd.DataFrame) -> str:
    counts = portrait["size_class"].value_counts().sort_index()
    said = [f"{format_number(n)} de taille {size:.0f}" for size, n in counts.items()]
    unknown = int(portrait["size_class"].isna().sum())
    return ", ".join([*said, *([f"{unknown} de taille n.d."] if unknown else [])]) or "aucune"


def _view_of(gazetteer: Gazetteer, perimeters: Perimeters, territory: Territory) -> View:
    """Return where the map looks: at the whole CPTS of a commune, whose seat may be elsewhere."""
    if territory.level == "commune":
        codes = members_in(perimeters, territory)["commune_code"]
        if (inside := gazetteer.communes["commune_code"].isin(codes)).any():
            return look_at_communes(gazetteer.communes[inside])
    return look_at(gazetteer, territory)


@st.fragment
@guard_against_missing_data()
def _show_map_and_card() -> None:
    gazetteer = load_gazetteer()
    territory: Territory = st.session_state[VIEW_KEY].territoire
    at_hand = available()
    perimeters = _shown(gazetteer, at_hand, territory)
    assert perimeters is not None  # noqa: S101 - the page draws this where there are some
    scope = gazetteer.surroundings(territory)
    drawn = draw_cpts(perimeters, scope)
    left, right = st.columns([7, 3])
    with left:
        pick = show_map(
            drawn.values,
            drawn.legend,
            seats_in(scope),
            key="cpts_map",
            view=_view_of(gazetteer, perimeters, territory),
            selected=("commune", commune) if (commune := _selected(perimeters, territory)) else None,
            labels=prefecture_labels(),
            height=MAP_HEIGHT,
        )
        if pick is not None:
            _answer(perimeters, pick)
        offer_map(
            indicator_of(perimeters), "commune", territory, "seuils", 5, ("cpts",), key="cpts_export", drawn=drawn
        )
        if told := say_days(seats_in(scope)):
            st.caption(told)
    with right:
        _pick_cpts(perimeters, territory)
        show_card(gazetteer, perimeters)


def _selected(perimeters: Perimeters, territory: Territory) -> str | None:
    """Return the commune to outline: the one clicked, else the most populous of the CPTS chosen, else the page's."""
    choice = chosen()
    if choice.commune or choice.cpts is None:
        return choice.commune or (territory.code if territory.level == "commune" else None)
    members = perimeters.table.loc[perimeters.table["cpts_id"] == choice.cpts, "commune_code"]
    communes = load_table("communes")
    return str(communes[communes["commune_code"].isin(members)].nlargest(1, "population")["commune_code"].iloc[0])


def _answer(perimeters: Perimeters, pick: Pick) -> None:
    """Open the card of the CPTS whose commune or seat was clicked."""
    table = perimeters.table
    code, found = pick.code, table.iloc[:0]
    if pick.kind == "structure":
        code = commune_of_site(pick.code)
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
    choose_one(
        "CPTS",
        options,
        format_func=names.__getitem__,
        key=CPTS_KEY,
        index=None,
        placeholder=f"Choisir parmi {len(named)} CPTS",
        on_change=lambda: choose(cpts=st.session_state[CPTS_KEY], commune=None),
    )
    ADDRESS.write(chosen())
