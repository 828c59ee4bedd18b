"""What stands around a commune against a slow twin, row by row: unknown is never 0, and each day is its own."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from coverage.access.around import BPE_PROFESSIONS, BPE_STRUCTURES, AroundTables, count_around
from coverage.territories.aggregation import Territories
from tests.toy import COVERED_REGIONS, toy_country
from tests.toy_practitioners import rpps_practitioners

TOY = toy_country()
CODES = list(TOY.communes["commune_code"])
TABLES = AroundTables(
    TOY.communes, TOY.bpe_communes, TOY.structures, TOY.structures_2021, lambda _: COVERED_REGIONS, rpps_practitioners()
)
SETS = [*combinations(CODES, 2), ("31001",), ("32004",), tuple(CODES)]


def counted(codes, tables=TABLES):
    place = Territories.of_own(TOY.communes, np.isin(CODES, codes))
    return {(count.kind, count.source): count.number for count in count_around(tables, place)}


def of_commune(codes, column):
    """Return the values of some communes for a column of their table, in the order of the codes."""
    return TOY.communes.set_index("commune_code").loc[list(codes), column].tolist()


def slow_bpe(kind, codes):
    rows = {row["commune_code"]: row[f"n_{kind}"] for row in TOY.bpe_communes.to_dict("records")}
    return sum(rows.get(code, math.nan) for code in codes)


def slow_sites(kind, codes):
    """Count the sites of a type: those of today where their regions are known, else of 2021 where it speaks of all."""
    regions = of_commune(codes, "region_code")
    if set(regions) <= COVERED_REGIONS:
        rows, source = TOY.structures.to_dict("records"), "finess"
    elif kind == "hopital":
        return "finess", math.nan
    else:
        rows, source = TOY.structures_2021.to_dict("records"), "finess_2021"
        if not set(regions) <= {row["region_code"] for row in rows}:
            return source, math.nan
    return source, sum(row["structure_type"] == kind and row["commune_code"] in codes for row in rows)


def slow_liberal(profession, codes):
    rows = rpps_practitioners().to_dict("records")
    named = set(of_commune([row["commune_code"] for row in rows], "departement_code"))
    if not set(of_commune(codes, "departement_code")) <= named:
        return math.nan
    wanted = (row for row in rows if (row["profession"], row["practice_mode"]) == (profession, "liberal"))
    return sum(row["n_practitioners"] for row in wanted if row["commune_code"] in codes)


@pytest.mark.parametrize("codes", SETS)
def test_what_is_around_is_the_sum_of_its_communes_or_unknown(codes):
    wanted = {(kind, "bpe"): slow_bpe(kind, codes) for kind in (*BPE_STRUCTURES, *BPE_PROFESSIONS)}
    for kind in ("cpts", "hopital"):
        source, number = slow_sites(kind, codes)
        wanted[kind, source] = number
    wanted |= {(name, "rpps"): slow_liberal(name, codes) for name in ("infirmier", "medecin_generaliste")}
    found = counted(codes)
    assert found.keys() == wanted.keys()
    for name, number in wanted.items():
        assert found[name] == pytest.approx(number, nan_ok=True), name


def test_without_a_sync_the_rpps_is_not_spoken_of():
    tables = AroundTables(
        TOY.communes, TOY.bpe_communes, TOY.structures, TOY.structures_2021, lambda _: COVERED_REGIONS
    )
    assert not any(source == "rpps" for _, source in counted(("31001",), tables))
