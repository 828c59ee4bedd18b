"""The maps of the simulator: before, after, difference, and the catchment of the current commune."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS, Indicator
from coverage.simulator.scenario_file import ClickedPoint, write_scenario
from coverage.simulator.supply_change import Change, Move, Opening
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.map import Comparison, Layer, Link, Pair, PairedTexts
from geo.map.points import COLUMNS as POINT_COLUMNS
from pages.app.tables import level_table, load_gazetteer
from pages.app.travel_times import minutes_around
from pages.screens.simulator.engine import Result
from pages.screens.simulator.signs import PROPOSED, existing_msp, gather, proposed_points
from pages.screens.simulator.state import keep_click
from pages.screens.simulator.words import APL_UNIT, format_fte, place_of
from pages.widgets.map.drawing import Pick, page_channel, show_map
from pages.widgets.map.places import look_at, zone_of
from pages.widgets.structures import commune_of_site
from reports.figures import map_classes
from reports.figures.map_classes import MapClasses
from reports.figures.numbers import format_number, format_signed
from reports.figures.rings import RINGS, draw_minutes

MODES: Final = {"before": "Avant", "after": "Après", "difference": "Différence", "zone": "Bassin"}
BOTH_MODES: Final = {"swipe": "Rideau", "beside": "Côte à côte"}
"""Before and after at once, where something changes."""
MODE_KEY: Final = "simulator_mode"
MODE_CHOSEN_KEY: Final = "simulator_mode_chosen"
BEFORE, AFTER = "Avant", "Après"
NOTICEABLE: Final = 0.0005
"""Under it the published three decimals don't move."""
STEPS: Final = (-1.0, -0.25, -NOTICEABLE, NOTICEABLE, 0.25, 1.0)
"""Fixed, so that the colours of two scenarios compare."""
STEP_LABELS: Final = (
    "baisse de plus de 1",
    "baisse de 0,25 à 1",
    "baisse de moins de 0,25",
    "inchangée",
    "hausse de moins de 0,25",
    "hausse de 0,25 à 1",
    "hausse de plus de 1",
)
ZONE_ZOOM: Final = 10

CHANGE_CARD: Final = Indicator(
    id="apl_change",
    label="Différence d’APL due au scénario",
    short_label="Différence d’APL",
    unit=APL_UNIT,
    decimals=2,
    levels=("commune",),
    kind="diverging",
    higher_is="mieux",
    source_ids=("drees_apl_mg",),
    vintage="2023",
    formula="",
    note="",
    theme="Accès aux généralistes",
    nature="estimé",
    thresholds=STEPS,
    pivot=0.0,
)
ZONE_CARD: Final = replace(RINGS, id="zone_min", label="Temps de trajet depuis la commune", vintage="temps de trajet")


def pick_mode(*, has_changes: bool, has_commune: bool) -> str:
    """Draw the choice of the map; until the reader chooses, the difference as soon as there is something to see."""
    chosen = st.session_state.get(MODE_CHOSEN_KEY)
    gone = (chosen == "zone" and not has_commune) or (chosen in BOTH_MODES and not has_changes)
    if chosen is None or gone:
        chosen = "difference" if has_changes else "before"
    st.session_state[MODE_KEY] = chosen
    modes = [mode for mode in MODES if mode != "zone" or has_commune]
    modes[2:2] = BOTH_MODES if has_changes else []
    st.segmented_control(
        "Carte",
        modes,
        format_func=(MODES | BOTH_MODES).__getitem__,
        key=MODE_KEY,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: st.session_state.update({MODE_CHOSEN_KEY: st.session_state[MODE_KEY]}),
    )
    return chosen


def show_result_map(
    gazetteer: Gazetteer,
    result: Result,
    mode: str,
    territory: Territory,
    *,
    key: str,
    selected: Territory | None = None,
    proposed: Sequence[str] = (),
    height: int,
    has_legend: bool = True,
) -> Pick | None:
    """Draw the maps of a mode with the openings as symbols; return what was clicked, and keep where.

    Parameters
    ----------
    mode
        One of `MODES` or `BOTH_MODES`; "zone" needs a commune selected.
    territory
        What is coloured: its department for a commune, so that it is seen among its neighbours.
    key
        Name of this map in the session.
    selected
        The current commune.
    proposed
        Communes that the siting proposes, marked and written on the map in its order.
    has_legend
        False where the page writes it itself.
    """
    scope = gazetteer.surroundings(territory)
    view = look_at(gazetteer, territory)
    existing, proposals = existing_msp(scope), proposed_points(gazetteer, proposed)
    openings = gather(existing, opening_points(gazetteer, result.counted.changes), proposals)

    def show(drawn: MapClasses, signs: pd.DataFrame, key: str, comparison: Comparison | None = None) -> Pick | None:
        return show_map(
            drawn.values,
            drawn.legend if has_legend else None,
            signs,
            key=key,
            view=view,
            selected=("commune", selected.code) if selected else None,
            zone=zone_of(gazetteer, territory),
            labels=_proposed_labels(gazetteer, proposed),
            comparison=comparison,
            height=height,
        )

    # The first map stands at one place in all modes: its frame is not made again, and nothing of another mode is left.
    places = st.columns(2 if mode == "beside" else 1, gap="small")
    if mode in BOTH_MODES:
        before, after = draw_result(result, "before", scope), draw_result(result, "after", scope)
        titled = replace(after.legend, title=before.legend.title)  # the name of the side says that it is after
        pair, bare = _pair_texts(result, scope), gather(existing, proposals)
        if mode == "swipe":
            over = Layer(after.values, titled, openings)
            with places[0]:
                pick = show(before, bare, key, Comparison(BEFORE, pair, second=over, second_name=AFTER))
        else:
            with places[0]:
                pick = show(before, bare, key, Comparison(BEFORE, pair, Link(page_channel(), leads=True)))
            with places[1]:
                link = Link(page_channel(), leads=False)
                named = replace(after, legend=titled)
                pick = show(named, openings, f"{key}_after", Comparison(AFTER, pair, link)) or pick
    else:
        if mode == "zone" and selected is not None:
            view = replace(look_at(gazetteer, selected), zoom=ZONE_ZOOM)
            drawn = draw_zone(selected.code)
        else:
            drawn = draw_result(result, mode, scope)
        with places[0]:
            pick = show(drawn, openings, key)
    if pick:
        keep_click(pick)
    return pick


def _hash_result(result: Result) -> str:
    return write_scenario(result.counted)


_BY_CHANGES: Final[dict[str | type[Any], Callable[[Any], Any]]] = {Result: _hash_result}


@st.cache_resource(show_spinner=False, max_entries=12, hash_funcs=_BY_CHANGES)
def draw_result(result: Result, mode: str, scope: Territory) -> MapClasses:
    """Class the APL before or after by the bounds of the series, or the difference by its own.

    The territory's communes are coloured, and those beyond it that the scenario changes.
    """
    codes = level_table("commune").index
    table = result.outcome.by_commune.reindex(codes)
    inside = map_classes.lies_inside(load_gazetteer(), scope, "commune", codes)
    inside |= (table["apl_change"].abs() >= NOTICEABLE).to_numpy()
    published = INDICATORS[result.counted.series]
    texts = _texts(table, mode, inside)
    if mode != "difference":
        indicator = published
        if mode == "after":
            indicator = replace(published, short_label=f"Après : {published.short_label}", nature="estimé")
        values = table[f"apl_{mode}"]
        return map_classes.draw_series(indicator, values, "commune", "seuils", 5, inside=inside, texts=texts)
    indicator = replace(CHANGE_CARD, short_label=f"Différence : {published.short_label}")
    n_classes = len(STEP_LABELS)
    drawn = map_classes.draw_series(
        indicator, table["apl_change"], "commune", "seuils", n_classes, inside=inside, texts=texts
    )
    entries = list(drawn.legend.entries)
    named = [replace(entry, label=label) for entry, label in zip(entries, STEP_LABELS, strict=False)]
    return replace(drawn, legend=replace(drawn.legend, entries=[*named, *entries[n_classes:]]))


@st.cache_resource(show_spinner=False, max_entries=6, hash_funcs=_BY_CHANGES)
def _pair_texts(result: Result, scope: Territory) -> Pair:
    """Write what a tooltip says of a commune before and after, and what parts them."""
    before, after = draw_result(result, "before", scope), draw_result(result, "after", scope)
    table = result.outcome.by_commune.reindex(level_table("commune").index)
    known = np.array([text is not None for text in before.values.texts])

    def write(column: str, form: Callable[[float, int], str]) -> list[str | None]:
        values = table[column].to_numpy(dtype=float)
        return [form(value, 2) if told else None for value, told in zip(values, known, strict=True)]

    published = INDICATORS[result.counted.series]
    return Pair(
        PairedTexts(BEFORE, before.values.texts, dated=f"{published.short_label}, {before.values.vintage}"),
        PairedTexts(AFTER, write("apl_after", format_number), dated=after.values.vintage),
        PairedTexts("Différence", write("apl_change", format_signed), APL_UNIT),
    )


@st.cache_resource(show_spinner=False, max_entries=24)
def draw_zone(commune_code: str) -> MapClasses:
    """Class the communes near one by their minutes to it; the others are left pale."""
    return draw_minutes(ZONE_CARD, minutes_around(commune_code).reindex(level_table("commune").index))


def opening_points(gazetteer: Gazetteer, changes: Sequence[Change]) -> pd.DataFrame:
    """Return the openings, and where moves lead, as the map reads structures."""
    rows = []
    for rank, change in enumerate(changes):
        match change:
            case Opening():
                code, name = change.commune_code, change.name or "Ouverture simulée"
            case Move():
                code, name = change.to_commune_code, "Arrivée simulée"
            case _:
                continue
        commune = gazetteer.row(Territory("commune", code))
        longitude, latitude = _place_of(change, commune)
        rows.append(
            {
                "finess_code": f"scenario-{rank}",
                "structure_type": "ouverture",
                "name": f"{name} ({format_fte(change.gp_fte)})",
                "commune_name": commune["name"],
                "longitude": longitude,
                "latitude": latitude,
                "opened_on": pd.NaT,
            }
        )
    return pd.DataFrame(rows, columns=list(POINT_COLUMNS)).astype({"opened_on": "datetime64[ns]"})


def _place_of(change: Change, commune: pd.Series) -> tuple[float, float]:
    """Return longitude and latitude of a change: the point clicked for an opening, else the commune's own."""
    if isinstance(change, Opening) and isinstance(change.minutes_to_point, ClickedPoint):
        return change.minutes_to_point.longitude, change.minutes_to_point.latitude
    return float(commune["longitude"]), float(commune["latitude"])


def picked_commune(pick: Pick, changes: Sequence[Change]) -> str:
    """Return the commune of a click: on its ground, or on the sign of a change, of a proposal, of an MSP."""
    if pick.kind == "territory":
        return pick.code
    if pick.code.startswith(PROPOSED):
        return pick.code.removeprefix(PROPOSED)
    if not pick.code.startswith("scenario-"):
        return commune_of_site(pick.code)
    change = changes[int(pick.code.removeprefix("scenario-"))]
    return change.to_commune_code if isinstance(change, Move) else place_of(change).code


def _proposed_labels(gazetteer: Gazetteer, proposed: Sequence[str]) -> list[tuple[float, float, str]]:
    labels = []
    for rank, code in enumerate(proposed, start=1):
        commune = gazetteer.row(Territory("commune", code))
        labels.append((float(commune["longitude"]), float(commune["latitude"]), f"{rank}. {commune['name']}"))
    return labels


def _texts(table: pd.DataFrame, mode: str, inside: npt.NDArray[np.bool_]) -> list[str | None]:
    """Write the tooltips of the coloured communes in the order of the map, both figures where the scenario moves one.

    Those left pale have no tooltip: not writing 30 000 texts halves the time that a map takes.
    """
    before, after, change = (table[name].to_numpy(dtype=float) for name in ("apl_before", "apl_after", "apl_change"))
    texts: list[str | None] = [None] * len(table)
    for k in np.flatnonzero(inside & ~np.isnan(change)):
        old, new = format_number(before[k], 2), format_number(after[k], 2)
        moved = abs(change[k]) >= NOTICEABLE
        if mode == "difference":
            texts[k] = format_signed(change[k], 2) + (f" ({old} → {new})" if moved else "")
        elif mode == "after":
            texts[k] = new + (f" (avant : {old})" if moved else "")
        else:
            texts[k] = old
    return texts
