"""The four providers behind one protocol, and what the user's choice becomes."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from geo.travel_time.errors import ProviderError, RouteServiceError
from geo.travel_time.estimate import estimate_travel_times
from geo.travel_time.matrix import TravelTimes
from geo.travel_time.provider import PROVIDER_LABELS, Provider, choose_provider, provider_label
from tests.geo.travel_time.test_roads import osm_file
from tests.toy import ToyCountry


def no_road(url: str) -> bytes:
    """Answer as a server whose places are all on islands."""
    query = url.rpartition("?")[2]
    n_rows, n_columns = (part.count(";") + 1 for part in query.split("&"))
    return json.dumps({"code": "Ok", "durations": [[None] * n_columns] * n_rows}).encode()


@pytest.fixture
def providers(tmp_path: Path) -> dict[str, Provider]:
    table = tmp_path / "temps.csv"
    table.write_text("origin,destination,minutes\n31001,31002,12.5\n")
    roads = osm_file(tmp_path, {1: (0, 0), 2: (9, 0)}, [{"nodes": [1, 2], "highway": "primary"}])
    return {
        "estimation": choose_provider("estimation"),
        "table": choose_provider("table", path=table, vintage="METRIC 2023"),
        "osm": choose_provider("osm", path=roads, folder=tmp_path / "kept"),
        "osrm": choose_provider("osrm", url="http://127.0.0.1:5000", fetch=no_road, vintage="2026"),
    }


@pytest.mark.parametrize("name", list(PROVIDER_LABELS))
def test_each_provider_gives_a_matrix_that_says_where_it_comes_from(
    providers: dict[str, Provider], toy_country: ToyCountry, name: str
):
    before = toy_country.communes.copy()
    said: list[tuple[float, str]] = []
    provider = providers[name]
    times = provider.travel_times(toy_country.communes, lambda share, sentence: said.append((share, sentence)))
    assert isinstance(times, TravelTimes)
    assert times.provider == provider.name == name
    assert times.place_codes == tuple(toy_country.communes["commune_code"])
    assert times.vintage
    assert provider.vintage
    json.dumps(dict(provider.parameters))
    json.dumps(times.header())
    assert all(0 <= share <= 1 and sentence.endswith(".") for share, sentence in said)
    pd.testing.assert_frame_equal(toy_country.communes, before)
    assert providers[name].travel_times(toy_country.communes).content_hash == times.content_hash


def test_labels_are_those_of_the_screen():
    assert [provider_label(name) for name in PROVIDER_LABELS] == ["estimation", "table fournie", "routes OSM", "OSRM"]


def test_the_limit_reaches_the_estimate(toy_country: ToyCountry):
    shorter = choose_provider("estimation", limit_min=20.0).travel_times(toy_country.communes)
    whole = estimate_travel_times(toy_country.communes)
    assert shorter.limit_min == 20.0
    assert (shorter.tenths == whole.within(20.0).tenths).all()


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"name": "google"}, "estimation, table, osm, osrm, trouvé 'google'"),
        ({"name": "table"}, "table fournie : attendu un fichier"),
        ({"name": "osm"}, "routes OSM : attendu un fichier"),
        ({"name": "osrm"}, "OSRM : attendu l’adresse"),
        ({"name": "osrm", "url": "http://h"}, "OSRM : attendu l’adresse"),
    ],
)
def test_a_choice_that_lacks_something_is_refused(choice: dict[str, str], message: str):
    with pytest.raises(ProviderError, match=message):
        choose_provider(**choice)


def test_an_address_of_another_protocol_is_refused():
    with pytest.raises(RouteServiceError, match="http"):
        choose_provider("osrm", url="ftp://h", fetch=no_road)
