"""The map of the CPTS: one colour each, never that of a neighbour; white where there is none; the seats on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.indicators.cards.indicator import Indicator
from coverage.territories.gazetteer import Territory
from geo.map import ClassedValues, Legend, LegendEntry, class_string
from geo.map.legend import UNKNOWN_LABEL
from pages.app.tables import load_gazetteer, load_units
from pages.screens.cpts.data import N_COLOURS, CptsFacts, facts_of, is_in_part, members_in
from pages.screens.cpts.words import short_unit
from pages.widgets.structures import structures_on_map
from reports.figures.map_classes import MapClasses, lies_inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pages.app.perimeters import Perimeters

COLOURS: Final = ("#77aadd", "#ee8866", "#eedd88", "#44bb99", "#ffaabb", "#bbcc33")
"""Paul Tol's "light" scheme, made to fill areas (Tol 2021, SRON/EPS/TN/09-002): told apart with the usual colour
deficiencies, pale enough for the seats to stand out."""

WHITE: Final = "#ffffff"
SHARED_COLOUR: Final = "#7d5ba6"
PART_COLOUR: Final = "#c8b6dd"
PALETTE: Final = (WHITE, *COLOURS, SHARED_COLOUR, PART_COLOUR)
"""White in both themes, and first: the lightest where the map is printed in greys."""

SHARED_LABEL: Final = "dans deux CPTS ou plus"
PART_LABEL: Final = "en partie, ou par arrondissement"
"""The shapes of the arrondissements are not in the snapshot: the city has a colour of its own, that of no CPTS."""
WHITE_LABEL: Final = "aucune CPTS (zone blanche)"
NEIGHBOURS_NOTE: Final = "Deux CPTS voisines n’ont jamais la même couleur."
LONGEST_NAME: Final = 34
MOST_NAMED: Final = N_COLOURS


def indicator_of(perimeters: Perimeters | None) -> Indicator:
    """Return the card that names the map where it is printed."""
    said = f"Périmètres : {perimeters.citation}." if perimeters else "Périmètres non chargés : sièges seuls."
    return Indicator(
        id="cpts",
        label="Communes couvertes par une CPTS",
        short_label="CPTS",
        unit="",
        decimals=0,
        levels=("commune",),
        kind="categorical",
        higher_is=None,
        source_ids=(perimeters.source_id,) if perimeters and perimeters.source_id else (),
        vintage="communes de 2026",
        formula=said,
        note="",
        theme="Structures",
    )


@st.cache_resource(show_spinner=False, max_entries=16)
def _drawn(_perimeters: Perimeters, version: str, scope: Territory) -> MapClasses:  # noqa: ARG001 - key of the cache
    gazetteer = load_gazetteer()
    facts = facts_of(_perimeters)
    codes = pd.Index(gazetteer.communes["commune_code"])
    rows = _perimeters.table
    first = rows.drop_duplicates("commune_code").set_index("commune_code")["cpts_id"]
    numbers = codes.map(first.map(facts.colours)).to_numpy(dtype=float)
    n_cpts = facts.n_by_commune.to_numpy()
    classes = np.select(
        [codes.isin(facts.in_part), n_cpts == 0, n_cpts == 1, n_cpts > 1],
        [N_COLOURS + 2.0, 0.0, 1.0 + numbers, N_COLOURS + 1.0],
        np.nan,
    )
    names = codes.map(_names_of_members(rows))
    texts = [WHITE_LABEL if n == 0 else name if n > 0 else None for n, name in
             zip(n_cpts, names, strict=True)]  # fmt: skip
    inside = lies_inside(gazetteer, scope, "commune", codes)
    values = ClassedValues(
        level="commune",
        classes=class_string(classes, inside=inside),
        texts=texts,
        palette=PALETTE,
        indicator="CPTS",
    )
    entries = [*_named_colours(_perimeters, facts, scope), *_other_entries(values.classes)]
    return MapClasses(values, Legend("CPTS", _perimeters.citation, entries, NEIGHBOURS_NOTE))


def _names_of_members(rows: pd.DataFrame) -> pd.Series:
    """Write the CPTS of each commune, and what part of it they cover; only those of several rows are joined."""
    in_part = is_in_part(rows)
    units = load_units().set_index("unit_code")["name"]
    parts = rows[in_part].groupby(["cpts_id", "commune_code", "name"], sort=False)["unit_code"].agg(list).reset_index()
    written = [
        f"{name} ({say_units(cell, code, units)})"
        for name, code, cell in parts[["name", "commune_code", "unit_code"]].itertuples(index=False)
    ]
    lines = pd.concat([pd.DataFrame({"commune_code": rows["commune_code"], "name": rows["name"]})[~in_part],
                       parts[["commune_code"]].assign(name=written)], ignore_index=True)  # fmt: skip
    several = lines["commune_code"].duplicated(keep=False)
    joined = lines[several].groupby("commune_code")["name"].agg(" ; ".join)
    return pd.concat([lines[~several].set_index("commune_code")["name"], joined])


def say_units(unit_codes: Sequence[str], commune_code: str, names: pd.Series) -> str:
    """Write which part of a commune a CPTS covers: "1er, 2e", or "en partie" where it is not known."""
    known = [short_unit(names[unit], names[commune_code]) for unit in unit_codes if unit != commune_code]
    return ", ".join(known) or "en partie"


def draw_cpts(perimeters: Perimeters, scope: Territory) -> MapClasses:
    """Return what the map of a territory colours, and its legend."""
    return _drawn(perimeters, perimeters.version, scope)


@st.cache_resource(show_spinner=False, max_entries=16)
def draw_unknown(scope: Territory) -> MapClasses:
    """Return the map where no perimeter is loaded: unknown everywhere, for the seats alone to be seen."""
    gazetteer = load_gazetteer()
    codes = pd.Index(gazetteer.communes["commune_code"])
    inside = lies_inside(gazetteer, scope, "commune", codes)
    classes = class_string(np.full(len(codes), np.nan), inside=inside)
    values = ClassedValues(level="commune", classes=classes, texts=[None] * len(codes), palette=(), indicator="CPTS")
    entry = LegendEntry("", "périmètre n.d.", classes.count("n"), hatch=True)
    return MapClasses(values, Legend("CPTS", "périmètres non chargés", [entry]))


@st.cache_resource(show_spinner=False, max_entries=32)
def seats_in(scope: Territory) -> pd.DataFrame:
    """Return the seats of CPTS known to FINESS in a territory, each of its own day; not to be changed."""
    return structures_on_map(("cpts",), scope)


def _named_colours(perimeters: Perimeters, facts: CptsFacts, scope: Territory) -> list[LegendEntry]:
    """Name each CPTS beside its colour where there are few; else say what the colours are."""
    members = members_in(perimeters, scope)
    ids = list(members["cpts_id"].unique())
    alone = (facts.n_by_commune == 1) & ~facts.n_by_commune.index.isin(facts.in_part)
    inside = facts.n_by_commune.index[load_gazetteer().mask(scope) & alone.to_numpy()]
    counts = members[members["commune_code"].isin(inside)]["cpts_id"].value_counts()
    drawn = [cpts_id for cpts_id in ids if cpts_id in counts]
    colours = facts.colours[drawn]
    if len(drawn) <= MOST_NAMED and colours.is_unique:
        named = facts.portrait.loc[drawn, "name"].sort_values()
        return [LegendEntry(COLOURS[colours[cpts_id]], _shorten(name), int(counts[cpts_id]))
                for cpts_id, name in named.items()]  # fmt: skip
    return [LegendEntry(COLOURS[0], f"dans une CPTS ({len(ids)} en tout)", int(counts.sum()))]


def _shorten(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _other_entries(classes: str) -> list[LegendEntry]:
    entries = [
        LegendEntry(SHARED_COLOUR, SHARED_LABEL, classes.count(str(N_COLOURS + 1))),
        LegendEntry(PART_COLOUR, PART_LABEL, classes.count(str(N_COLOURS + 2))),
        LegendEntry(WHITE, WHITE_LABEL, classes.count("0")),
        LegendEntry("", UNKNOWN_LABEL, classes.count("n"), hatch=True),
    ]
    return [entry for entry in entries if entry.count]
