"""MSP of two days against one another: a slow twin on toy countries, what is kept, and counts published elsewhere."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.indicators.sites import communes_of_2021, dated_sites
from coverage.indicators.structures import covered_communes
from coverage.trajectory.msp_changes import (
    CHANGES,
    GONE,
    OPENED,
    STAYED,
    count_changes,
    msp_changes,
    name_key,
    same_msp,
)
from data import store
from tests.toy import COVERED_REGIONS, toy_country

COLUMNS = ["finess_code", "name", "commune_code"]
NAMES = ["MSP du Lac", "Maison de santé du Lac", "MSP", "Pôle de santé Les Tilleuls", "MSP Tilleuls", "MSP A"]
side = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from(NAMES), st.sampled_from(["01001", "01002"])),
    max_size=8,
    unique_by=lambda row: row[0],
)


def sites(rows):
    return pd.DataFrame([(str(code), name, commune) for code, name, commune in rows], columns=COLUMNS)


def slow_pairs(before, now):
    """Return the pairs as one would make them by hand: every site of today looked for among all those of before."""
    pairs = {}
    for here in now.to_dict("records"):
        if any(there["finess_code"] == here["finess_code"] for there in before.to_dict("records")):
            pairs[here["finess_code"]] = here["finess_code"]
    old = [row for row in before.to_dict("records") if row["finess_code"] not in pairs.values()]
    new = [row for row in now.to_dict("records") if row["finess_code"] not in pairs]

    def alike(one, other):
        same = name_key(one["name"]) == name_key(other["name"]) != ""
        return same and one["commune_code"] == other["commune_code"]

    for here in new:
        found = [there for there in old if alike(here, there)]
        if len(found) == 1 and sum(alike(found[0], other) for other in new) == 1:
            pairs[here["finess_code"]] = found[0]["finess_code"]
    return pairs


@given(side, side)
def test_pairs_are_those_of_the_slow_twin(before, now):
    before, now = sites(before), sites(now)
    found = {code: former for code, (former, _) in same_msp(before, now).items()}
    assert found == slow_pairs(before, now)
    assert len(set(found.values())) == len(found)  # each once at most


def test_a_name_that_two_share_joins_none():
    before = sites([(1, "MSP du Lac", "01001")])
    now = sites([(8, "Maison de santé du Lac", "01001"), (9, "Msp Lac", "01001")])
    assert same_msp(before, now) == {}
    assert list(same_msp(before, now[:1])) == ["8"]
    assert same_msp(before, now[:1].assign(commune_code="01002")) == {}


@pytest.fixture
def toy():
    return toy_country()


def changes_of(toy, structures=None, of_2021=None):
    structures = toy.structures if structures is None else structures
    of_2021 = toy.structures_2021 if of_2021 is None else of_2021
    known = covered_communes(toy.communes, COVERED_REGIONS) & communes_of_2021(toy.communes, of_2021)
    return msp_changes(structures, of_2021, known, toy.bpe_communes), known


def test_what_stayed_opened_and_went(toy):
    lost = toy.structures_2021[toy.structures_2021["finess_code"] == "310000001"].assign(
        finess_code="310000099", name="MSP Disparue", commune_code="31002"
    )
    changes, _ = changes_of(toy, of_2021=pd.concat([toy.structures_2021, lost], ignore_index=True))
    sign = changes.set_index("finess_code")["sign"]
    assert sign.to_dict() == {
        "310000001": STAYED,
        "310000002": STAYED,
        "320000001": STAYED,
        "320000003": OPENED,
        "310000099": GONE,
    }
    gone = changes[changes["sign"] == GONE].iloc[0]
    assert gone["as_of"] == pd.Timestamp("2021-01-08")
    assert gone["nature"] == "mesuré"  # every category of the region is FINESS's own


def test_how_surely_it_is_known(toy):
    by_name = toy.structures["finess_code"] == "320000003"
    old = toy.structures["finess_code"] == "310000001"
    partly = toy.structures.assign(
        category_basis=np.select([by_name, old], ["nom", "finess_2021"], "finess").astype(object)
    )
    lost = toy.structures_2021.iloc[[0]].assign(finess_code="310000099", name="MSP Disparue", commune_code="32001")
    changes, _ = changes_of(toy, partly, pd.concat([toy.structures_2021, lost], ignore_index=True))
    nature = changes.set_index("finess_code")["nature"]
    assert nature[["310000001", "310000002", "320000003", "310000099"]].tolist() == [
        "supposé",
        "mesuré",
        "estimé",
        "estimé",
    ]
    doubt = changes.set_index("finess_code")["doubt"]
    assert "renommée" in doubt["320000003"]
    assert "renommée" in doubt["310000099"]
    assert doubt["310000002"] == ""


def test_a_health_centre_of_2021_and_an_opening_declared_before_are_doubtful(toy):
    centre = toy.structures.iloc[[3]].assign(structure_type="msp")
    changes, _ = changes_of(toy, pd.concat([toy.structures.drop(index=3), centre], ignore_index=True))
    doubt = changes.set_index("finess_code").loc["310000004", "doubt"]
    assert doubt == "même numéro en 2021, sous un autre type ; ouverture déclarée avant le 8 janvier 2021"


@pytest.mark.parametrize("level", ["commune", "epci", "departement", "region"])
def test_counts_balance_in_every_territory(toy, level):
    moved = toy.structures.assign(
        commune_code=toy.structures["commune_code"].mask(toy.structures["finess_code"] == "310000002", "32002")
    )
    changes, known = changes_of(toy, moved)
    communes = toy.communes.set_index("commune_code", drop=False)
    home = communes[f"{level}_code"]
    counts = count_changes(changes, home, known)
    some = counts.dropna()
    assert (some["n_2021"] == some["n_stayed"] + some["n_left"] + some["n_gone"]).all()
    assert (some["n_now"] == some["n_stayed"] + some["n_came"] + some["n_opened"]).all()
    assert counts["n_now"].isna().sum() == (~known.groupby(home.to_numpy()).any()).sum()
    for code in some.index:
        inside = set(home.index[home == code])
        assert some.loc[code, "n_opened"] == sum(
            row["sign"] == OPENED and row["commune_code"] in inside for row in changes.to_dict("records")
        )
    if level == "commune":
        assert (some.loc["31004", "n_left"], some.loc["32002", "n_came"]) == (1, 1)


@pytest.fixture(scope="module")
def tables():
    return {name: store.load(name) for name in ("structures", "structures_2021", "communes", "bpe_communes")}


@pytest.fixture(scope="module")
def known(tables):
    regions = store.covered_regions("structures", "msp")
    communes = tables["communes"]
    return covered_communes(communes, regions) & communes_of_2021(communes, tables["structures_2021"])


@pytest.fixture(scope="module")
def changes(tables, known):
    return msp_changes(tables["structures"], tables["structures_2021"], known, tables["bpe_communes"])


class TestRealFiles:
    """Against counts read elsewhere: PROVENANCE of the file of 2021, national FINESS of March 2026."""

    def test_each_msp_of_both_days_is_there_once(self, changes, known, tables):
        counts = changes["sign"].value_counts()
        assert set(counts.index) == set(CHANGES)
        assert counts[STAYED] + counts[GONE] == 1763
        mayotte = tables["structures"]["region_code"] == "06"
        n_now = ((tables["structures"]["structure_type"] == "msp") & ~mayotte).sum()
        assert counts[STAYED] + counts[OPENED] == n_now
        assert abs(n_now - 3080) < 10
        assert changes["finess_code"].is_unique
        assert not known[tables["communes"].set_index("commune_code")["region_code"] == "06"].any()
        # 1 478 numbers of 2021 outside Occitanie are still there.
        assert (changes["category_basis"][changes["rule"] == "numéro FINESS"] == "finess_2021").sum() == 1478

    @pytest.mark.parametrize(("level", "code", "n"), [("region", "32", 171), ("region", "93", 88),
                                                      ("region", "76", 199), ("departement", "84", 18)])  # fmt: skip
    def test_the_counts_of_2021_are_those_published(self, changes, known, tables, level, code, n):
        home = tables["communes"].set_index("commune_code")[f"{level}_code"]
        assert count_changes(changes, home, known).loc[code, "n_2021"] == n

    def test_seats_of_2021_stand_where_those_of_today_are_not_known(self, tables):
        def known_regions(kind):
            return store.covered_regions("structures", kind)

        shown = dated_sites(tables["structures"], tables["structures_2021"], known_regions)
        assert shown["finess_code"].is_unique
        former = shown[shown["sign"].str.endswith("_2021")]
        assert set(former["sign"]) == {"cpts_2021", "centre_sante_2021"}
        assert "76" not in set(former["region_code"])
        assert (former["as_of"] == pd.Timestamp("2021-01-08")).all()
        then = dated_sites(tables["structures"], tables["structures_2021"], known_regions, "2021")
        assert then["sign"].value_counts()[["msp_2021", "cpts_2021"]].tolist() == [1763, 103]
        today = dated_sites(tables["structures"], tables["structures_2021"], known_regions, "actuelles")
        assert len(today) == len(tables["structures"])
