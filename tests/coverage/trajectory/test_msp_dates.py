"""MSP at three dates: a slow twin on the toy country, what is left out, and INSEE's and FINESS's own counts."""

import numpy as np
import pandas as pd
import pytest

from coverage.indicators.sites import communes_of_2021
from coverage.indicators.structures import covered_communes
from coverage.trajectory.growth import population_at, population_by_year
from coverage.trajectory.msp_dates import BPE, FINESS_2021, FINESS_NOW, msp_at_dates, sites_at_dates
from data import store
from tests.toy import COVERED_REGIONS, toy_country


def dates_of(tables, regions):
    communes = tables["communes"]
    counts, days = sites_at_dates(
        tables["structures"],
        tables["structures_2021"],
        tables["bpe_communes"],
        covered_communes(communes, regions),
        communes_of_2021(communes, tables["structures_2021"]),
        communes.set_index("commune_code")["departement_code"],
    )
    by_year = population_by_year(communes, tables["population_estimates"], bpe_departements=tables["bpe_departements"])
    return msp_at_dates(counts, days, communes, by_year), by_year


NAMES = ("communes", "structures", "structures_2021", "bpe_communes", "population_estimates", "bpe_departements")


@pytest.fixture(scope="module")
def toy():
    country = toy_country()
    tables = {name: getattr(country, name) for name in NAMES}
    return (*dates_of(tables, COVERED_REGIONS), tables)


def test_each_count_is_that_of_the_slow_twin(toy):
    table, by_year, tables = toy
    communes = tables["communes"]
    bpe = tables["bpe_communes"].set_index("commune_code")["n_msp"]
    for row in table.to_dict("records"):
        column = {"departement": "departement_code", "region": "region_code"}.get(row["level"])
        inside = communes if column is None else communes[communes[column] == row["territory_code"]]
        total, people, left_out = 0.0, 0.0, []
        for departement, here in inside.groupby("departement_code"):
            codes = list(here["commune_code"])
            if row["origin"] == BPE:
                n = sum(bpe.get(code, np.nan) for code in codes)
            else:
                name = "structures" if row["origin"] == FINESS_NOW else "structures_2021"
                rows = tables[name]
                n = ((rows["structure_type"] == "msp") & rows["commune_code"].isin(codes)).sum()
                n = n if set(here["region_code"]) <= COVERED_REGIONS else np.nan
            if np.isnan(n):
                left_out.append(departement)
                continue
            total += n
            people += population_at(by_year, [row["date"]]).loc[("departement", departement)].iloc[0]
        assert row["left_out"] == ",".join(left_out)
        if len(left_out) == inside["departement_code"].nunique():
            assert np.isnan(row["n_structures"])
            assert np.isnan(row["per_100k"])
        else:
            assert row["n_structures"] == total
            assert row["population"] == pytest.approx(people)
            assert row["per_100k"] == pytest.approx(total / people * 1e5)


def test_an_unknown_count_is_not_none(toy):
    table, _, _ = toy
    unknown = table[(table["territory_code"] == "69") & (table["origin"] != BPE)]
    assert unknown["n_structures"].isna().all()
    assert table[["level", "territory_code", "origin"]].duplicated().sum() == 0


@pytest.fixture(scope="module")
def table():
    tables = {name: store.load(name) for name in NAMES}
    table, _ = dates_of(tables, store.covered_regions("structures", "msp"))
    return table.set_index(["origin", "level", "territory_code"])


class TestRealFiles:
    """Against INSEE's own counts of 1 January 2024 and those read in FINESS of 2021."""

    def test_france(self, table):
        n = table["n_structures"].xs("france", level="level").droplevel("territory_code")
        assert n[[FINESS_2021, BPE]].to_dict() == {FINESS_2021: 1763, BPE: 2586}
        assert abs(n[FINESS_NOW] - 3080) < 10
        assert table.loc[(FINESS_2021, "france", "FR"), "left_out"] == "976"
        assert table.loc[(FINESS_NOW, "france", "FR"), "days"] == "01/04/2026 et 12/05/2026"

    @pytest.mark.parametrize(
        ("origin", "level", "code", "n"),
        [
            (FINESS_2021, "region", "32", 171),
            (FINESS_2021, "region", "93", 88),
            (FINESS_2021, "departement", "84", 18),
            (BPE, "region", "32", 253),
            (BPE, "region", "93", 139),
            (BPE, "departement", "84", 25),
            (BPE, "region", "06", 3),
            (FINESS_NOW, "region", "76", 372),
        ],
    )
    def test_regions_and_departments(self, table, origin, level, code, n):
        assert table.loc[(origin, level, code), "n_structures"] == n

    def test_mayotte_of_2021_is_unknown(self, table):
        assert pd.isna(table.loc[(FINESS_2021, "region", "06"), "n_structures"])
