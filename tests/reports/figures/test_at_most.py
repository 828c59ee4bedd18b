"""Maxima in words and shares, on a made-up country of four communes."""

import numpy as np
import pandas as pd
import pytest

from reports.figures.at_most import minutes_behind, people_at_most, share_at_most, tell_at_most

COMMUNES = pd.DataFrame(
    {"population": [100.0, 300.0, 50.0, 600.0], "nearest_centre_sante_min": [12.0, 30.0, np.nan, 4.0]},
    index=["31001", "31002", "31003", "31004"],
)
OUT_MIN = pd.Series([20.0, 25.0, 1.0, 9.0], index=COMMUNES.index)
EVERYWHERE = np.ones(4, dtype=bool)


@pytest.mark.parametrize(
    ("indicator", "minutes"),
    [
        ("nearest_msp_min", "nearest_msp_min"),
        ("share_population_within_20_min_centre_sante", "nearest_centre_sante_min"),
        ("apl_65_2023", ""),
        ("population_per_msp", ""),
    ],
)
def test_the_minutes_behind_an_indicator(indicator, minutes):
    assert minutes_behind(indicator) == minutes


def test_only_communes_nearer_to_unknown_ground_are_concerned():
    people = people_at_most("nearest_centre_sante_min", COMMUNES, OUT_MIN)
    assert people.to_dict() == {"31001": 0, "31002": 300, "31003": 0, "31004": 0}
    assert share_at_most("nearest_centre_sante_min", people, COMMUNES, EVERYWHERE) == pytest.approx(
        300 / 1_000
    )  # 31003 n.d.
    said = tell_at_most("share_population_within_10_min_centre_sante", people, COMMUNES, EVERYWHERE).replace(
        "\u00a0", " "
    )
    assert said.startswith("1 commune, 300 habitants (30,0 %) : temps maximal")


def test_nothing_is_said_where_nobody_is_concerned():
    people = people_at_most("nearest_centre_sante_min", COMMUNES, OUT_MIN)
    elsewhere = np.array([True, False, True, True])
    assert tell_at_most("nearest_centre_sante_min", people, COMMUNES, elsewhere) == ""
    assert share_at_most("nearest_centre_sante_min", people, COMMUNES, elsewhere) == 0
    loaded = people_at_most("nearest_centre_sante_min", COMMUNES, OUT_MIN * np.inf)
    assert tell_at_most("nearest_centre_sante_min", loaded, COMMUNES, EVERYWHERE) == ""
    other = people_at_most("apl_65_2023", COMMUNES, OUT_MIN)
    assert tell_at_most("apl_65_2023", other, COMMUNES, EVERYWHERE) == ""


def test_the_minutes_to_an_msp_of_the_bpe_are_never_a_maximum():
    communes = COMMUNES.rename(columns={"nearest_centre_sante_min": "nearest_msp_min"})
    assert people_at_most("nearest_msp_min", communes, OUT_MIN).sum() == 0
    assert people_at_most("nearest_centre_sante_min", COMMUNES, OUT_MIN).sum() > 0
