"""The part of a projection that falls to any set of communes."""

import numpy as np
import pandas as pd
import pytest

from coverage.projection import MEASURES, Scenario, arrivals_margin, project, project_band
from coverage.projection.share import (
    departement_shares,
    share_of_ages,
    share_of_band,
    share_of_margin,
    share_of_path,
)
from data import store
from reports.projection.start import start_of

BANDED = ("stock", "gp_per_100k", "left_to_convince")


@pytest.fixture(scope="module")
def communes():
    return store.load("communes")


@pytest.fixture(scope="module")
def baseline():
    return start_of(store.load)


@pytest.fixture(scope="module")
def projection(baseline):
    return project(baseline, Scenario())


@pytest.fixture(scope="module")
def bands(baseline):
    drawn = project_band(baseline, Scenario(), n_draws=50, measures=BANDED)
    return drawn.set_index(["level", "territory_code", "measure", "year"])[["p10", "p90"]].sort_index()


def of(projection, level, code):
    yearly = projection.yearly
    return yearly[(yearly["level"] == level) & (yearly["territory_code"] == code)].set_index("year")


@pytest.mark.parametrize("code", ["48", "75", "974", "2A"])
def test_the_communes_of_a_department_have_its_projection(communes, baseline, projection, bands, code):
    shares = departement_shares(communes, communes["departement_code"].eq(code).to_numpy())
    assert shares.to_dict() == {code: 1.0}
    found = share_of_path(projection.yearly, shares)
    np.testing.assert_allclose(found[list(MEASURES)], of(projection, "departement", code)[list(MEASURES)], rtol=1e-12)
    band = share_of_band(bands, projection.yearly, shares)
    for measure in BANDED:
        np.testing.assert_allclose(band.loc[measure], bands.loc[("departement", code, measure)], rtol=1e-12)
    margins = arrivals_margin(baseline, Scenario()).set_index(["level", "territory_code"])
    assert share_of_margin(margins, shares) == pytest.approx(margins.loc[("departement", code), "margin"], rel=1e-12)
    ages = projection.ages.query("level == 'departement' and territory_code == @code")
    for year in ages["year"].unique():
        expected = ages[ages["year"] == year].set_index("age")["n_gp"]
        np.testing.assert_allclose(share_of_ages(projection.ages, shares, year), expected, rtol=1e-12)


@pytest.mark.parametrize("region", ["76", "94", "06", "84"])
def test_the_communes_of_a_region_have_its_central_path(communes, projection, region):
    shares = departement_shares(communes, communes["region_code"].eq(region).to_numpy())
    found, wanted = share_of_path(projection.yearly, shares), of(projection, "region", region)
    columns = [*MEASURES, "n_departements", "n_unknown"]
    if region == "06":  # Mayotte is not projected: unknown, never 0
        assert found["left_to_convince"].isna().all()
        assert (found["n_unknown"] == 1).all()
        return
    np.testing.assert_allclose(found[columns].astype(float), wanted[columns].astype(float), rtol=1e-9)


def test_a_set_and_what_it_leaves_add_up_to_the_whole(communes, projection):
    draw = np.random.default_rng(5)
    in_region = communes["region_code"].eq("76").to_numpy()
    part = in_region & (draw.random(len(communes)) < 0.3)
    whole, one, rest = (
        share_of_path(projection.yearly, departement_shares(communes, mask))
        for mask in (in_region, part, in_region & ~part)
    )
    sums = [name for name in MEASURES if name != "gp_per_100k"]
    np.testing.assert_allclose(whole[sums], one[sums] + rest[sums], rtol=1e-9)


def test_shares_are_those_of_a_slow_count(communes):
    draw = np.random.default_rng(6)
    inside = draw.random(len(communes)) < 0.01
    found = departement_shares(communes, inside)
    people: dict[str, list[float]] = {}
    for row, held in zip(communes.itertuples(index=False), inside, strict=True):
        counted = people.setdefault(row.departement_code, [0.0, 0.0, 0.0])
        counted[0] += row.population
        counted[1] += row.population if held else 0.0
        counted[2] += held
    wanted = {code: held / whole for code, (whole, held, n_held) in people.items() if n_held}
    assert found.to_dict() == pytest.approx(wanted)


def test_nobody_living_there_is_a_share_of_zero():
    communes = pd.DataFrame({"departement_code": ["48", "48"], "population": [0.0, 12.0]})
    assert departement_shares(communes, np.array([True, False])).to_dict() == {"48": 0.0}
