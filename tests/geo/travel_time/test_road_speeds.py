"""Speeds of cars by the tags of OpenStreetMap, and the dated settings that they are read from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.travel_time.errors import TravelTimeParameterError
from geo.travel_time.roads.speeds import (
    RoadSettings,
    is_closed,
    read_limit_km_per_h,
    read_road_settings,
    stops_cars,
    way_speeds_km_per_h,
)
from tests.geo.travel_time.test_roads import PLAIN


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "primary"}, (65.0, 65.0)),
        ({"highway": "primary", "maxspeed": "50"}, (40.0, 40.0)),  # 0.8 × 50
        ({"highway": "primary", "maxspeed": "50", "maxspeed:backward": "30"}, (40.0, 24.0)),
        ({"highway": "primary", "oneway": "yes"}, (65.0, 0.0)),
        ({"highway": "primary", "oneway": "-1"}, (0.0, 65.0)),
        ({"highway": "residential", "junction": "roundabout"}, (25.0, 0.0)),
        ({"highway": "motorway"}, (90.0, 0.0)),
        ({"highway": "motorway", "oneway": "no"}, (90.0, 90.0)),
        ({"highway": "primary", "oneway": "reversible"}, None),
        ({"highway": "primary", "area": "yes"}, None),
        ({"highway": "footway"}, None),
        ({"highway": "track"}, None),
        ({"highway": "residential", "access": "private"}, None),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, (25.0, 25.0)),  # the most precise decides
        ({"highway": "residential", "access": "yes", "motorcar": "no"}, None),
        ({"highway": "residential", "access": "destination"}, (25.0, 25.0)),
        ({"route": "ferry"}, None),
        ({}, None),
    ],
)
def test_speed_of_a_way_by_its_tags(tags: dict[str, str], expected: tuple[float, float] | None):
    assert way_speeds_km_per_h(tags, read_road_settings()) == expected


@pytest.mark.parametrize(
    ("text", "km_per_h"),
    [
        ("50", 50.0),
        ("50 km/h", 50.0),
        ("30 mph", 48.28032),
        ("FR:urban", 50.0),
        ("FR:rural", 80.0),
        ("FR:zone30", 30.0),
        ("FR:30", 30.0),
        ("70;50", 50.0),
        ("none", None),
        ("signals", None),
        ("0", None),
        ("", None),
        (None, None),
    ],
)
def test_speed_limits_as_they_are_written(text: str | None, km_per_h: float | None):
    assert read_limit_km_per_h(text, read_road_settings()) == (km_per_h and pytest.approx(km_per_h))


@given(st.text(max_size=30))
def test_no_text_of_a_limit_breaks_the_reader(text: str):
    limit = read_limit_km_per_h(text, PLAIN)
    assert limit is None or limit > 0


def test_barriers_stop_cars_unless_their_access_says_otherwise():
    assert stops_cars({"barrier": "bollard"}, PLAIN)
    assert not stops_cars({"barrier": "bollard", "motor_vehicle": "yes"}, PLAIN)
    assert not stops_cars({"barrier": "gate"}, PLAIN)
    assert stops_cars({"barrier": "gate", "access": "private"}, PLAIN)
    assert not is_closed({}, PLAIN)


@pytest.mark.parametrize("text", ["not toml [", "[roads]\nedition = 'x'", "[roads]\nedition = 1\nspeeds = 3"])
def test_damaged_settings_are_named(tmp_path: Path, text: str):
    path = tmp_path / "road_speeds.toml"
    path.write_text(text)
    with pytest.raises(TravelTimeParameterError, match=r"road_speeds\.toml"):
        read_road_settings(path)


@pytest.mark.parametrize("change", [{"km_per_h": {}}, {"limit_factor": 0.0}, {"duration_factor": -1.0}])
def test_settings_out_of_range_are_refused(change: dict[str, object]):
    with pytest.raises(TravelTimeParameterError, match="attendu"):
        replace(PLAIN, **change)


def test_settings_say_all_that_they_assume():
    described = read_road_settings().as_json()
    assert set(described) == set(RoadSettings.__dataclass_fields__)
    assert described["closed_barriers"] == sorted(described["closed_barriers"])
