"""Classement: regions and departments ranked on any indicator, in a table, a map and bars that answer each other."""

import pandas as pd
import streamlit as st

from coverage.definitions import INDICATORS, THEMES
from coverage.gazetteer import FRANCE, Gazetteer, Territory
from coverage.ranking import Ranking, rank
from pages.parts.charts import draw, draw_ranked_bars
from pages.parts.downloads import describe_sources, offer_table
from pages.parts.exports_chart import offer_chart, sources_of
from pages.parts.exports_map import offer_map
from pages.parts.figures import cite, format_figure
from pages.parts.frame import run_page
from pages.parts.map_values import draw_values
from pages.parts.map_view import show_map
from pages.parts.notices import guard_against_missing_data, show_notices
from pages.parts.numbers import format_number, format_rank
from pages.parts.session import VIEW_KEY, change_view, current_view, write_address
from pages.parts.tables import dated_indicator, level_table, load_gazetteer, offered_indicators, value_of
from pages.parts.view_state import View
from reports.drawn_values import say_unit

LEVEL_PLURALS = {"region": "Régions", "departement": "Départements"}
HEIGHT = 560


def show_page() -> None:
    view, notices = current_view()
    show_notices(notices)
    what, level = st.columns([6, 2], vertical_alignment="bottom")
    with what:
        st.session_state["ranked_indicator"] = view.rang_indicateur
        st.selectbox(
            "Classer sur",
            _rankable(),
            format_func=lambda name: f"{INDICATORS[name].theme} · {INDICATORS[name].label}",
            key="ranked_indicator",
            on_change=lambda: change_view(rang_indicateur=st.session_state["ranked_indicator"]),
        )
    with level:
        st.session_state["ranked_level"] = view.rang_maille
        st.segmented_control(
            "Territoires",
            list(LEVEL_PLURALS),
            format_func=LEVEL_PLURALS.__getitem__,
            key="ranked_level",
            required=True,
            on_change=lambda: change_view(rang_maille=st.session_state["ranked_level"], selection=None),
        )
    _show_ranking()


def _rankable() -> list[str]:
    """Return the indicators that rank regions and departments, by theme."""
    offered = offered_indicators().items()
    names = [name for name, card in offered if "region" in card.levels and card.kind != "categorical"]
    return sorted(names, key=lambda name: THEMES.index(INDICATORS[name].theme))


@st.fragment
@guard_against_missing_data()
def _show_ranking() -> None:
    gazetteer = load_gazetteer()
    view: View = st.session_state[VIEW_KEY]
    indicator = dated_indicator(view.rang_indicateur)
    values = level_table(view.rang_maille)[indicator.id]
    ranking = rank(values, indicator, value_of(indicator.id, FRANCE))
    if ranking.n_ranked == 0:
        st.info(f"« {indicator.label} » n’est connu pour aucun territoire de cette maille (n.d.).")
        return
    chosen = view.selection.code if view.selection and view.selection.level == view.rang_maille else None
    _say_result(gazetteer, view, ranking, chosen)
    left, right = st.columns(2)
    with left:
        _show_table(gazetteer, view, ranking)
    with right:
        _show_linked_map(view, chosen)
    _show_bars(gazetteer, view, ranking, chosen)


def _name(gazetteer: Gazetteer, view: View, code: str) -> str:
    return gazetteer.name(Territory(view.rang_maille, code))


def _say_result(gazetteer: Gazetteer, view: View, ranking: Ranking, chosen: str | None) -> None:
    """Say in one sentence who is first, or where the chosen territory stands."""
    indicator = ranking.indicator
    code = str(chosen if chosen in ranking.table.index else ranking.table.index[0])
    figure = format_figure(indicator.id, Territory(view.rang_maille, code))
    france = format_figure(indicator.id, FRANCE)
    order = "du plus favorable au moins favorable" if indicator.higher_is else "du plus élevé au plus faible"
    place = format_rank(int(ranking.table.loc[code, "rank"]), ranking.n_ranked)
    st.markdown(
        f"**{_name(gazetteer, view, code)}** est **{place}** avec **{figure}** (France : {france}). "
        f"Classement {order} ; {indicator.vintage}, {indicator.nature_at(view.rang_maille)}."
    )


def _show_table(gazetteer: Gazetteer, view: View, ranking: Ranking) -> None:
    indicator = ranking.indicator
    factor = indicator.display_factor
    codes = list(ranking.table.index)
    table = pd.DataFrame(
        {
            "Rang": ranking.table["rank"].to_numpy(),
            "Territoire": [_name(gazetteer, view, code) for code in codes],
            "Code": codes,
            indicator.short_label: ranking.table["value"].to_numpy() * factor,
            "Écart à la France": ranking.table["gap_to_france"].to_numpy() * factor,
        }
    )

    def write(value: float) -> str:
        return format_number(value, indicator.decimals)

    styled = table.style.format({indicator.short_label: write, "Écart à la France": write})
    key = f"ranking_{view.rang_maille}_{indicator.id}"
    event = st.dataframe(
        styled,
        hide_index=True,
        height=HEIGHT - 60,
        on_select="rerun",
        selection_mode="single-row",
        key=key,
        alt="Classement des territoires",
    )
    rows = event["selection"]["rows"]
    if rows and codes[rows[0]] != st.session_state.get(f"{key}_answered"):
        st.session_state[f"{key}_answered"] = codes[rows[0]]
        _choose(view, codes[rows[0]])
    offer_table(
        table.assign(Unité=indicator.unit, Millésime=indicator.vintage),
        describe_sources([indicator.id]),
        title=indicator.label,
        name=f"maillage_classement_{view.rang_maille}_{indicator.id}",
    )
    if ranking.unknown:
        names = ", ".join(_name(gazetteer, view, code) for code in ranking.unknown)
        st.caption(f"Non classés, valeur inconnue (n.d.) : {names}.")
    st.caption(f"{indicator.formula} {indicator.note} Source : {cite(indicator.id)}.")


def _show_linked_map(view: View, chosen: str | None) -> None:
    drawn = draw_values(view.rang_indicateur, view.rang_maille, FRANCE, "quantiles", 5)
    pick = show_map(
        drawn.values,
        drawn.legend,
        key="classement",
        selected=(view.rang_maille, chosen) if chosen else None,
        outlines=("region",),
        height=HEIGHT,
    )
    offer_map(view.rang_indicateur, view.rang_maille, FRANCE, "quantiles", 5, key="ranking_map")
    if pick and pick.kind == "territory":
        _choose(view, pick.code)


def _choose(view: View, code: str) -> None:
    change_view(selection=Territory(view.rang_maille, code))
    write_address()
    st.rerun(scope="fragment")


def _show_bars(gazetteer: Gazetteer, view: View, ranking: Ranking, chosen: str | None) -> None:
    indicator = ranking.indicator
    names = [_name(gazetteer, view, code) for code in ranking.table.index]
    figure = draw_ranked_bars(
        names,
        list(ranking.table["value"] * indicator.display_factor),
        [format_figure(indicator.id, Territory(view.rang_maille, code), unit=False) for code in ranking.table.index],
        chosen=_name(gazetteer, view, chosen) if chosen else None,
        reference=ranking.france_value * indicator.display_factor,
    )
    draw(figure, "chart_ranking", f"{indicator.label}, par territoire", height=80 + 22 * len(names))
    said = ", ".join(filter(None, (say_unit(indicator), indicator.vintage, indicator.nature_at(view.rang_maille))))
    offer_chart(
        figure,
        title=f"{LEVEL_PLURALS[view.rang_maille]} : {indicator.label}",
        subtitle=f"{said[:1].upper()}{said[1:]}. {indicator.formula}",
        source_ids=sources_of(indicator.id),
        name=f"maillage_classement_{view.rang_maille}_{indicator.id}_barres",
        key="ranking_chart",
    )


run_page(show_page)
