"""The map of the CPTS: one colour each, never that of a neighbour; white where there is none; the seats on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.definitions.indicator import Indicator
from coverage.gazetteer import FRANCE, Gazetteer, Territory
from geo.layers import ClassedValues, Legend, LegendEntry, class_string
from geo.layers.legend import UNKNOWN_LABEL
from pages.parts.cpts_data import N_COLOURS, CptsFacts, facts_of, members_in
from pages.parts.tables import covered_regions, load_gazetteer, load_table
from reports.drawn_values import DrawnValues, lies_inside

if TYPE_CHECKING:
    from pages.parts.cpts_lists import Perimeters

COLOURS: Final = ("#77aadd", "#ee8866", "#eedd88", "#44bb99", "#ffaabb", "#bbcc33")
"""Paul Tol's "light" scheme, made to fill areas (Tol 2021, SRON/EPS/TN/09-002): told apart with the usual colour
deficiencies, pale enough for the seats to stand out."""

WHITE: Final = "#ffffff"
SHARED_COLOUR: Final = "#7d5ba6"
PALETTE: Final = (WHITE, *COLOURS, SHARED_COLOUR)
"""White in both themes, and first: the lightest where the map is printed in greys."""

SHARED_LABEL: Final = "dans deux CPTS ou plus"
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
def _drawn(_perimeters: Perimeters, version: str, scope: Territory) -> DrawnValues:  # noqa: ARG001 - key of the cache
    gazetteer = load_gazetteer()
    facts = facts_of(_perimeters)
    codes = pd.Index(gazetteer.communes["commune_code"])
    rows = _perimeters.table.drop_duplicates(["cpts_id", "commune_code"])
    first = rows.drop_duplicates("commune_code").set_index("commune_code")["cpts_id"]
    numbers = codes.map(first.map(facts.colours)).to_numpy(dtype=float)
    n_cpts = facts.n_cpts.to_numpy()
    classes = np.select([n_cpts == 0, n_cpts == 1, n_cpts > 1], [0.0, 1.0 + numbers, N_COLOURS + 1.0], np.nan)
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
    return DrawnValues(values, Legend("CPTS", _perimeters.citation, entries, NEIGHBOURS_NOTE))


def _names_of_members(rows: pd.DataFrame) -> pd.Series:
    """Write the CPTS of each commune; only those in several are joined, one by one."""
    several = rows["commune_code"].duplicated(keep=False)
    joined = rows[several].groupby("commune_code")["name"].agg(" ; ".join)
    return pd.concat([rows[~several].set_index("commune_code")["name"], joined])


def draw_cpts(perimeters: Perimeters, scope: Territory) -> DrawnValues:
    """Return what the map of a territory colours, and its legend."""
    return _drawn(perimeters, perimeters.version, scope)


@st.cache_resource(show_spinner=False, max_entries=16)
def draw_unknown(scope: Territory) -> DrawnValues:
    """Return the map where no perimeter is loaded: unknown everywhere, for the seats alone to be seen."""
    gazetteer = load_gazetteer()
    codes = pd.Index(gazetteer.communes["commune_code"])
    inside = lies_inside(gazetteer, scope, "commune", codes)
    classes = class_string(np.full(len(codes), np.nan), inside=inside)
    values = ClassedValues(level="commune", classes=classes, texts=[None] * len(codes), palette=(), indicator="CPTS")
    entry = LegendEntry("", "périmètre n.d.", classes.count("n"), hatch=True)
    return DrawnValues(values, Legend("CPTS", "périmètres non chargés", [entry]))


@st.cache_resource(show_spinner=False, max_entries=32)
def seats_in(scope: Territory) -> pd.DataFrame:
    """Return the seats of CPTS known to FINESS in a territory, with the name of their commune; not to be changed."""
    gazetteer = load_gazetteer()
    structures = load_table("structures")
    seats = structures[structures["structure_type"] == "cpts"]
    if scope != FRANCE:
        seats = seats[seats["commune_code"].isin(gazetteer.communes.loc[gazetteer.mask(scope), "commune_code"])]
    names = gazetteer.communes.set_index("commune_code")["name"]
    return seats.assign(commune_name=seats["commune_code"].map(names))


def knows_seats(gazetteer: Gazetteer, territory: Territory) -> bool:
    """Tell whether the seats of the territory, or of a part of France, are loaded."""
    regions = {other.code for other in (territory, *gazetteer.containing(territory)) if other.level == "region"}
    return not regions or bool(regions & covered_regions())


def _named_colours(perimeters: Perimeters, facts: CptsFacts, scope: Territory) -> list[LegendEntry]:
    """Name each CPTS beside its colour where there are few; else say what the colours are."""
    members = members_in(perimeters, scope)
    ids = list(members["cpts_id"].unique())
    inside = facts.n_cpts.index[load_gazetteer().mask(scope) & (facts.n_cpts == 1).to_numpy()]
    counts = members[members["commune_code"].isin(inside)]["cpts_id"].value_counts()
    colours = facts.colours[ids]
    if len(ids) <= MOST_NAMED and colours.is_unique:
        named = facts.portrait.loc[ids, "name"].sort_values()
        return [LegendEntry(COLOURS[colours[cpts_id]], _shorten(name), int(counts.get(cpts_id, 0)))
                for cpts_id, name in named.items()]  # fmt: skip
    return [LegendEntry(COLOURS[0], f"dans une CPTS ({len(ids)} en tout)", int(counts.sum()))]


def _shorten(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _other_entries(classes: str) -> list[LegendEntry]:
    entries = [
        LegendEntry(SHARED_COLOUR, SHARED_LABEL, classes.count(str(N_COLOURS + 1))),
        LegendEntry(WHITE, WHITE_LABEL, classes.count("0")),
        LegendEntry("", UNKNOWN_LABEL, classes.count("n"), hatch=True),
    ]
    return [entry for entry in entries if entry.count]
