"""Classement: territories of a level ranked on any indicator, in a table, a map and bars that answer each other."""

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS, THEMES
from coverage.indicators.ranking import Ranking, rank
from coverage.territories.gazetteer import FRANCE, Territory
from geo.levels import BELOW_DEPARTEMENT, LEVEL_NAMES, OWN
from pages.app.facts import load_facts
from pages.app.notices import guard_against_missing_data, show_notices
from pages.app.session import change_view, current_view, write_address
from pages.app.tables import load_gazetteer
from pages.app.view import DEFAULT_RANKED, RANKED_LEVELS, VIEW_KEY, RankedLevel, View
from pages.widgets.charts import draw, draw_ranked_bars
from pages.widgets.choice import choose_one
from pages.widgets.exports.chart import offer_chart
from pages.widgets.exports.map import offer_map
from pages.widgets.exports.table import describe_sources, offer_table
from pages.widgets.horizon import choose_horizon
from pages.widgets.indicator_choice import choose_indicator
from pages.widgets.map.drawing import show_map, take_pick
from pages.widgets.map.places import look_at
from pages.widgets.map.values import draw_values
from pages.widgets.territory_rows import show_territories
from reports.figures.class_cuts import printed_decimals
from reports.figures.french import count_of
from reports.figures.map_classes import format_value, lies_inside, say_unit
from reports.figures.numbers import format_number, format_rank
from reports.figures.tables import export_values

HEIGHT: Final = 560
MAP_KEY: Final = "classement"
MOST_BARS: Final = 101  # every department; of a longer ranking the first ones are drawn
FIRST_BARS: Final = 30
MOST_NAMED: Final = 20


def show_page() -> None:
    """Draw the page."""
    view, notices = current_view()
    show_notices(notices)
    indicator_id, level = _ranked(view)
    what, where, which = st.columns([6, 3, 3], vertical_alignment="bottom")
    with what:
        st.session_state["ranked_indicator"] = indicator_id
        choose_indicator(
            "Classer sur",
            _rankable(),
            level=level,
            key="ranked_indicator",
            on_change=lambda: change_view(indicateur=st.session_state["ranked_indicator"], rang_indicateur=""),
        )
    with where:
        _pick_region(view, level)
    with which:
        st.session_state["ranked_level"] = level
        choose_one(
            "Territoires",
            [name for name in RANKED_LEVELS if name in INDICATORS[indicator_id].levels],
            format_func=lambda name: LEVEL_NAMES[name].choice,
            key="ranked_level",
            on_change=lambda: change_view(rang_maille=st.session_state["ranked_level"], selection=None),
        )
    if INDICATORS[indicator_id].is_projected:
        choose_horizon()
    _show_ranking()


def _rankable() -> list[str]:
    """Return the indicators that rank territories, by theme."""
    offered = load_facts().indicators.items()
    names = [name for name, card in offered if card.kind != "categorical" and set(RANKED_LEVELS) & set(card.levels)]
    return sorted(names, key=lambda name: THEMES.index(INDICATORS[name].theme))


def _ranked(view: View) -> tuple[str, RankedLevel]:
    """Return the indicator and the level of the ranking: those of the address, as far as they rank anything."""
    name = view.ranked if INDICATORS[view.ranked].kind != "categorical" else DEFAULT_RANKED
    levels = INDICATORS[name].levels
    level = view.rang_maille if view.rang_maille in levels else next(one for one in RANKED_LEVELS if one in levels)
    return name, level


def _pick_region(view: View, level: RankedLevel) -> None:
    """Draw the choice of the region whose territories are ranked; a region is ranked among all."""
    regions = load_gazetteer().regions.sort_values("name")
    names = dict(zip(regions["region_code"], regions["name"], strict=True))
    st.session_state["ranked_region"] = "" if level == "region" else view.rang_region
    choose_one(
        "Dans",
        ["", *names],
        format_func=lambda code: names.get(code, "France entière"),
        key="ranked_region",
        on_change=lambda: change_view(rang_region=st.session_state["ranked_region"]),
        disabled=level == "region",
    )


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page shows: the ranking of a scope, that of the country, the chosen territory and the reader's own."""

    view: View
    level: RankedLevel
    scope: Territory
    ranking: Ranking
    of_france: Ranking
    chosen: str | None
    own: str | None

    def name(self, code: str) -> str:
        """Return the name of a territory, with its code where many have the same."""
        gazetteer, territory = load_gazetteer(), Territory(self.level, code)
        return gazetteer.label(territory) if self.level == "commune" else gazetteer.bare_name(territory)


@st.fragment
@guard_against_missing_data()
def _show_ranking() -> None:
    facts = load_facts()
    gazetteer = load_gazetteer()
    indicator_id, level = _ranked(st.session_state[VIEW_KEY])
    pick = take_pick(MAP_KEY)  # answered before anything of this run is drawn
    if pick and pick.kind == "territory":
        change_view(selection=Territory(level, pick.code))
    write_address()
    view: View = st.session_state[VIEW_KEY]
    scope = Territory("region", view.rang_region) if view.rang_region and level != "region" else FRANCE
    indicator = facts.indicator(indicator_id).at(level)
    values = facts.values(indicator_id, level)
    france = facts.value(indicator_id, FRANCE)
    of_france = rank(values, indicator, france)
    inside = lies_inside(gazetteer, scope, level, values.index)
    ranking = of_france if scope == FRANCE else rank(values[inside], indicator, france)
    if ranking.n_ranked == 0:
        st.info(f"« {indicator.label} » n’est connu pour aucun territoire de cette maille (n.d.).")
        return
    own = next((one for one in (view.territoire, *gazetteer.containing(view.territoire)) if one.level == level), None)
    shown = Shown(
        view=view,
        level=level,
        scope=scope,
        ranking=ranking,
        of_france=of_france,
        chosen=view.selection.code if view.selection and view.selection.level == level else None,
        own=own.code if own and own.code in ranking.table.index else None,
    )
    _say_result(shown)
    left, right = st.columns(2)
    with left:
        _show_table(shown)
    with right:
        _show_linked_map(shown)
    _show_bars(shown)


def _tell_own(own: Territory, shown: Shown) -> str:
    """Say where an own territory, which is in no ranking, would stand; empty for any other."""
    facts = load_facts()
    gazetteer, ranking = load_gazetteer(), shown.ranking
    value = facts.value(ranking.indicator.id, own)
    if gazetteer.official(own).level != OWN or not isinstance(value, float) or pd.isna(value):
        return ""
    values = ranking.table["value"].dropna()
    better = values < value if ranking.indicator.higher_is == "moins bien" else values > value
    figure = facts.figure(ranking.indicator.id, own)
    place = format_rank(int(better.sum()) + 1, len(values) + 1)
    return f"**{gazetteer.name(own)}** (territoire personnel, hors classement) : **{figure}**, il serait {place}."


def _say_result(shown: Shown) -> None:
    """Say in one sentence who is first, or where the chosen territory stands, or the reader's own."""
    facts = load_facts()
    ranking, indicator = shown.ranking, shown.ranking.indicator
    asked = next((code for code in (shown.chosen, shown.own) if code in ranking.table.index), None)
    code = str(asked or ranking.table.index[0])
    figure = facts.figure(indicator.id, Territory(shown.level, code))
    france = f" (France : {facts.figure(indicator.id, FRANCE)})" if pd.notna(ranking.france_value) else ""
    order = "du plus favorable au moins favorable" if indicator.higher_is else "du plus élevé au plus faible"
    place = f"**{_place(ranking, code)}**"
    if shown.scope != FRANCE:
        place += f" ({load_gazetteer().name(shown.scope)} ; {_place(shown.of_france, code)} en France)"
    st.markdown(
        f"**{load_gazetteer().name(Territory(shown.level, code))}** est {place} avec **{figure}**{france}. "
        f"Classement {order} ; {indicator.dated_at(shown.level)}."
    )
    if told := _tell_own(shown.view.territoire, shown):
        st.markdown(told)


def _place(ranking: Ranking, code: str) -> str:
    return format_rank(int(ranking.table.loc[code, "rank"]), ranking.n_ranked)


def _table_of(shown: Shown, codes: pd.Index) -> pd.DataFrame:
    """Return the rows of some territories, the figures in the printed unit."""
    indicator, rows = shown.ranking.indicator, shown.ranking.table.loc[codes]
    table = pd.DataFrame({"Rang": rows["rank"].to_numpy()}, index=codes)
    if shown.scope != FRANCE:
        table["Rang en France"] = shown.of_france.table.loc[codes, "rank"].to_numpy()
    table["Territoire"] = [load_gazetteer().bare_name(Territory(shown.level, code)) for code in codes]
    table["Code"] = codes
    table[indicator.short_label] = rows["value"].to_numpy() * indicator.display_factor
    if pd.notna(shown.ranking.france_value):
        table["Écart à la France"] = rows["gap_to_france"].to_numpy() * indicator.display_factor
    return table


def _styled(shown: Shown, codes: pd.Index) -> Any:
    indicator = shown.ranking.indicator
    table = _table_of(shown, codes)
    if shown.own in codes:
        table.loc[shown.own, "Territoire"] += " (votre territoire)"
    writers = {
        indicator.short_label: lambda value: format_value(indicator, value / indicator.display_factor, unit=False),
        "Écart à la France": lambda value: format_number(value, printed_decimals(indicator, value)),
        "Rang": format_number,
        "Rang en France": format_number,
    }
    return table.style.format({name: writer for name, writer in writers.items() if name in table})


def _show_table(shown: Shown) -> None:
    view, ranking, indicator = shown.view, shown.ranking, shown.ranking.indicator
    codes = ranking.table.index
    show_territories(
        "ranking",
        shown.level,
        codes,
        shown.chosen,
        lambda some: _styled(shown, some),
        {"Territoire": st.column_config.Column(pinned=True)} if shown.level in BELOW_DEPARTEMENT else {},
        asked=(indicator.id, shown.level, shown.scope, view.horizon),
        alt="Classement des territoires",
        pinned=shown.own,
        height=HEIGHT - 60,
    )

    def write() -> pd.DataFrame:
        columns = {
            indicator.short_label: export_values(indicator, ranking.table["value"]).array,
            "Écart à la France": export_values(indicator, ranking.table["gap_to_france"]).array,
            "Unité": indicator.unit,
            "Millésime": indicator.vintage,
            "Nature": indicator.known_at(shown.level),
        }
        return _table_of(shown, codes).assign(**columns)

    inside = "" if shown.scope == FRANCE else f"_{shown.scope.slug}"
    offer_table(
        write,
        describe_sources([indicator.id], shown.level),
        title=indicator.label,
        name=f"maillage_classement_{shown.level}_{indicator.id}{inside}",
    )
    if ranking.unknown:
        names = ", ".join(shown.name(code) for code in ranking.unknown[:MOST_NAMED])
        others = len(ranking.unknown) - MOST_NAMED
        more = f" et {count_of(others, 'autre')}" if others > 0 else ""
        st.caption(f"Non classés, {indicator.unknown_because or 'valeur inconnue'} (n.d.) : {names}{more}.")
    st.caption(f"{indicator.formula} {indicator.note} Source : {load_facts().cite(indicator.id, level=shown.level)}.")


def _show_linked_map(shown: Shown) -> None:
    name = shown.ranking.indicator.id
    drawn = draw_values(name, shown.level, shown.scope, "quantiles", 5, shown.view.horizon)
    chosen = shown.chosen or shown.own
    show_map(
        drawn.values,
        drawn.legend,
        key=MAP_KEY,
        view=look_at(load_gazetteer(), shown.scope),
        selected=(shown.level, chosen) if chosen else None,
        outlines=("region",) if shown.scope == FRANCE else ("departement", "region"),
        height=HEIGHT,
    )
    offer_map(name, shown.level, shown.scope, "quantiles", 5, key="ranking_map")


def _show_bars(shown: Shown) -> None:
    ranking, indicator = shown.ranking, shown.ranking.indicator
    codes, chosen = ranking.table.index, shown.chosen or shown.own
    if len(codes) > MOST_BARS:
        codes = codes[:FIRST_BARS]
        if chosen in ranking.table.index and chosen not in codes:
            codes = pd.Index([*codes, chosen])
        st.caption(f"Les {FIRST_BARS} premiers sur {format_number(ranking.n_ranked)}, et le territoire choisi.")
    named = [shown.name(code) for code in codes]  # homonyms are told apart: no two may have the same bar
    names = [f"{name} ({code})" if named.count(name) > 1 else name for name, code in zip(named, codes, strict=True)]
    said = ", ".join(filter(None, (say_unit(indicator), indicator.dated_at(shown.level))))
    st.markdown(f"**{LEVEL_NAMES[shown.level].choice} : {indicator.label}** ({said})")
    chart = draw_ranked_bars(
        names,
        list(ranking.table.loc[codes, "value"] * indicator.display_factor),
        [load_facts().figure(indicator.id, Territory(shown.level, code), unit=False) for code in codes],
        chosen=names[codes.get_loc(chosen)] if chosen and chosen in codes else None,
        reference=ranking.france_value * indicator.display_factor,
    )
    draw(chart, "chart_ranking", f"{indicator.label}, par territoire", height=80 + 22 * len(names))
    offer_chart(
        chart,
        title=f"{LEVEL_NAMES[shown.level].choice} : {indicator.label}",
        subtitle=f"{said[:1].upper()}{said[1:]}. {indicator.formula}",
        source_ids=indicator.source_ids,
        name=f"maillage_classement_{shown.level}_{indicator.id}_barres",
        key="ranking_chart",
    )
