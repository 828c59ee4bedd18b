"""Travel times: the value, the estimate, the file on disk, the user's table."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import planar_frame
from geo.travel_time.errors import (
    TravelTimeFileError,
    TravelTimeParameterError,
    TravelTimeTableError,
    TravelTimeValueError,
)
from geo.travel_time.estimate import (
    EstimateParameters,
    estimate_minutes_to_point,
    estimate_travel_times,
    pace_min_per_km,
    read_estimate_parameters,
)
from geo.travel_time.matrix import TravelTimes, destination_dtype, floor_to_tenths, travel_times_from_pairs
from geo.travel_time.storage import cached_travel_times, load_travel_times, save_travel_times
from geo.travel_time.table import read_travel_time_table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.toy import ToyCountry

EDGES_MIN = (5, 10, 15, 20, 30, 60)


def small_matrix() -> TravelTimes:
    return travel_times_from_pairs(
        ["01001", "01002", "01003"],
        np.array([0, 0, 1, 1, 2, 0]),
        np.array([0, 1, 1, 0, 2, 2]),
        np.array([0.0, 9.96, 0.0, 12.5, 0.0, 61.0]),
        limit_min=60.0,
        provider="table",
        vintage="2026",
    )


# --- the value ------------------------------------------------------------------------------------------------------


@given(st.floats(0, 6000))
def test_no_pair_changes_band_by_being_stored(minutes: float):
    stored = int(floor_to_tenths([minutes])[0])
    for edge in EDGES_MIN:
        assert (minutes < edge) == (stored < 10 * edge)


def test_whole_tenths_are_stored_exactly():
    # n / 10 × 10 gives n back in float64; in float32 it does not always, which is why float32 is refused
    n = np.arange(65_000)
    assert (floor_to_tenths(n[:65_000] / 10) == n).all()


@pytest.mark.parametrize("minutes", [[-0.1], [math.nan], [7000.0]])
def test_impossible_minutes_are_refused(minutes: list[float]):
    with pytest.raises(TravelTimeValueError, match="attendu entre 0"):
        floor_to_tenths(minutes)


def test_float32_is_refused():
    with pytest.raises(TravelTimeValueError, match="float64"):
        floor_to_tenths(np.array([1.0], dtype=np.float32))


def test_pairs_beyond_the_limit_are_dropped_and_a_zero_stays():
    times = small_matrix()
    assert times.minutes_from("01001") == {"01001": 0.0, "01002": 9.9}
    assert times.minutes_from("01003") == {"01003": 0.0}
    assert times.n_pairs == 5


def test_a_pair_given_twice_is_refused():
    with pytest.raises(TravelTimeValueError, match="01001 → 01001"):
        travel_times_from_pairs(
            ["01001"], np.array([0, 0]), np.array([0, 0]), np.zeros(2), limit_min=9, provider="x", vintage="x"
        )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pointers": np.array([0, 5, 2, 5])}, "croissants"),
        ({"pointers": np.array([0, 5])}, "pointeurs"),
        ({"destinations": np.array([0, 1, 0, 1, 7], dtype=np.uint16)}, "trouvé 7"),
        ({"destinations": np.array([1, 0, 0, 1, 2], dtype=np.uint16)}, "destinations croissantes"),
        ({"tenths": np.array([0, 99, 125, 0, 601], dtype=np.uint16)}, "au plus 60"),
        ({"tenths": np.zeros(2, dtype=np.uint16)}, "durées"),
        ({"place_codes": ("01001", "01001", "01003")}, "doublons"),
    ],
)
def test_arrays_that_contradict_each_other_are_refused(change: dict[str, object], message: str):
    times = small_matrix()
    fields = {name: getattr(times, name) for name in ("place_codes", "pointers", "destinations", "tenths")}
    with pytest.raises(TravelTimeValueError, match=message):
        TravelTimes(**(fields | change), limit_min=60.0, provider="x", vintage="x")


def test_arrays_cannot_be_changed_from_outside():
    with pytest.raises(ValueError, match="read-only"):
        small_matrix().tenths[0] = 3


def test_cutting_keeps_the_limit_itself_and_cannot_lengthen():
    times = small_matrix()
    assert times.within(9.9).minutes_from("01001") == {"01001": 0.0, "01002": 9.9}
    assert times.within(9.8).minutes_from("01001") == {"01001": 0.0}
    with pytest.raises(TravelTimeValueError, match="au plus 60"):
        times.within(61)


def test_the_hash_tells_content_and_nothing_else():
    assert small_matrix().content_hash == small_matrix().content_hash
    assert small_matrix().content_hash != small_matrix().within(9.9).content_hash


def test_destinations_of_the_communes_take_two_bytes():
    assert destination_dtype(34_875) is np.uint16
    assert destination_dtype(65_537) is np.int32


# --- the estimate ---------------------------------------------------------------------------------------------------


def slow_estimate(places: pd.DataFrame, settings: EstimateParameters) -> dict[tuple[str, str], float]:
    """Compute the formula of the docstring pair by pair."""
    frame = planar_frame(places["longitude"], places["latitude"], places["departement_code"])
    minutes = {}
    for i, a in enumerate(places.itertuples()):
        for j, b in enumerate(places.itertuples()):
            paces = []
            for place in (a, b):
                density = 0.0 if math.isnan(place.area_km2) else place.population / place.area_km2
                of_class = max(k for k, lower in enumerate(settings.density_from_per_km2) if density >= lower)
                pace = 60 / settings.road_km_per_h[of_class]
                paces.append(
                    pace * (settings.relief_factor if place.departement_code in settings.relief_departements else 1)
                )
            crow_km = math.dist(frame[i], frame[j]) / 1000
            value = 0.0 if i == j else settings.detour * crow_km * sum(paces) / 2 + settings.terminal_min
            if value <= settings.limit_min:
                minutes[a.commune_code, b.commune_code] = value
    return minutes


def test_estimate_equals_its_slow_twin(toy_country: ToyCountry):
    settings = read_estimate_parameters()
    times = estimate_travel_times(toy_country.communes, settings)
    slow = slow_estimate(toy_country.communes, settings)
    found = {(code, to): t for code in times.place_codes for to, t in times.minutes_from(code).items()}
    assert found.keys() == slow.keys()
    for pair, minutes in slow.items():
        assert found[pair] == pytest.approx(
            math.floor(minutes * 10) / 10, abs=0.11 if abs(minutes * 10 % 1) < 1e-6 else 1e-9
        )


def test_places_in_many_blocks_have_the_minutes_of_the_formula():
    n_places, settings = 1300, read_estimate_parameters()
    generator = np.random.default_rng(7)
    places = pd.DataFrame(
        {
            "commune_code": [f"P{k:04}" for k in range(n_places)],
            "departement_code": generator.choice(["2B", "06", "73"], n_places),
            "longitude": generator.uniform(6.0, 8.0, n_places),
            "latitude": generator.uniform(43.5, 45.5, n_places),
            "population": generator.lognormal(6.0, 2.0, n_places),
            "area_km2": 10.0,
        }
    )
    places.loc[5, "longitude"] = np.nan
    times = estimate_travel_times(places, settings)
    x, y = planar_frame(places["longitude"], places["latitude"], places["departement_code"]).T
    pace = pace_min_per_km(places["population"] / places["area_km2"], places["departement_code"], settings)
    metres = np.sqrt(np.subtract.outer(x, x) ** 2 + np.subtract.outer(y, y) ** 2)
    minutes = settings.detour * metres / 1000 * np.add.outer(pace, pace) / 2 + settings.terminal_min
    np.fill_diagonal(minutes, 0.0)
    origins, destinations = np.nonzero(minutes <= settings.limit_min)
    assert np.diff(times.pointers).tolist() == np.bincount(origins, minlength=n_places).tolist()
    assert times.destinations.tolist() == destinations.tolist()
    assert times.tenths.tolist() == floor_to_tenths(minutes[origins, destinations]).tolist()


def test_territories_never_mix():
    # Bastia and Nice, then the same longitude and latitude in Guadeloupe and Martinique: no road, whatever the distance
    places = pd.DataFrame(
        {
            "commune_code": ["06088", "2B033", "97101", "97201"],
            "departement_code": ["06", "2B", "971", "972"],
            "longitude": [9.0, 9.0, -61.3, -61.3],
            "latitude": [43.0, 43.0, 15.2, 15.2],
            "population": 100.0,
            "area_km2": 10.0,
        }
    )
    times = estimate_travel_times(places)
    assert [list(times.minutes_from(code)) for code in times.place_codes] == [[code] for code in times.place_codes]


def test_a_place_without_point_reaches_only_itself(toy_country: ToyCountry):
    places = toy_country.communes.copy()
    places.loc[0, ["longitude", "latitude"]] = np.nan
    times = estimate_travel_times(places)
    assert times.minutes_from("31001") == {"31001": 0.0}
    assert all("31001" not in times.minutes_from(code) for code in times.place_codes[1:])


def test_order_of_places_is_irrelevant(toy_country: ToyCountry):
    times = estimate_travel_times(toy_country.communes)
    turned = estimate_travel_times(toy_country.communes.sample(frac=1, random_state=1))
    assert all(times.minutes_from(code) == turned.minutes_from(code) for code in times.place_codes)


def test_minutes_to_a_point_are_those_of_a_place_there(toy_country: ToyCountry):
    communes = toy_country.communes.set_index("commune_code", drop=False)
    town = communes.loc["31002"]
    to_point = estimate_minutes_to_point(
        toy_country.communes, (town["longitude"], town["latitude"]), "31", town["population"] / town["area_km2"]
    )
    times = estimate_travel_times(toy_country.communes)
    for code, minutes in to_point.items():
        expected = times.minutes_from(code).get("31002", math.nan)
        # a clicked point is a trip like another: only the place itself is at zero minutes from itself
        assert minutes == (2.0 if code == "31002" else pytest.approx(expected, nan_ok=True))


def test_a_missing_column_is_named(toy_country: ToyCountry):
    with pytest.raises(TravelTimeValueError, match="area_km2"):
        estimate_travel_times(toy_country.communes.drop(columns="area_km2"))


def test_the_table_of_places_is_left_as_it_was(toy_country: ToyCountry):
    before = toy_country.communes.copy()
    estimate_travel_times(toy_country.communes)
    pd.testing.assert_frame_equal(toy_country.communes, before)


@pytest.mark.parametrize(
    "text",
    ["not toml [", "[estimation]\nedition = '2026'", "[other]\na = 1"],
    ids=["syntax", "missing key", "no section"],
)
def test_damaged_parameters_are_named(tmp_path: Path, text: str):
    path = tmp_path / "parameters.toml"
    path.write_text(text)
    with pytest.raises(TravelTimeParameterError, match=r"parameters\.toml"):
        read_estimate_parameters(path)


def test_parameters_out_of_range_are_refused():
    good = read_estimate_parameters()
    with pytest.raises(TravelTimeParameterError, match="detour"):
        EstimateParameters(**{**good.__dict__, "detour": 0.9})


# --- on disk --------------------------------------------------------------------------------------------------------


def test_a_saved_matrix_comes_back_whole_and_byte_identical(tmp_path: Path):
    times = small_matrix()
    save_travel_times(times, tmp_path / "a.npz")
    save_travel_times(times, tmp_path / "b.npz")
    again = load_travel_times(tmp_path / "a.npz")
    assert again.content_hash == times.content_hash
    assert again.header() == times.header()
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz", "b.npz"]


def test_estimated_parameters_survive_the_file(tmp_path: Path, toy_country: ToyCountry):
    times = estimate_travel_times(toy_country.communes)
    save_travel_times(times, tmp_path / "a.npz")
    assert load_travel_times(tmp_path / "a.npz").parameters["detour"] == times.parameters["detour"]


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(TravelTimeFileError, match="aucun fichier"):
        load_travel_times(tmp_path / "none.npz")


def test_any_damage_raises_the_named_error(tmp_path: Path):
    path = tmp_path / "a.npz"
    save_travel_times(small_matrix(), path)
    whole = path.read_bytes()
    harmless = 0
    for at in range(0, len(whole), 3):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            # a byte of the zip's own dates or attributes may change without touching the content: then the content is
            # whole
            assert load_travel_times(path).content_hash == small_matrix().content_hash
            harmless += 1
        except TravelTimeFileError as error:
            assert "a.npz" in str(error)  # noqa: PT017 - either the named error, or a sound matrix
    assert harmless < len(whole) / 3 / 2
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        with pytest.raises(TravelTimeFileError):
            load_travel_times(path)


def test_an_altered_value_is_seen_by_the_hash(tmp_path: Path):
    path = tmp_path / "a.npz"
    times = small_matrix()
    save_travel_times(times, path)
    with np.load(path) as archive:
        arrays = dict(archive)
    arrays["tenths"] = arrays["tenths"] + np.uint16(1)
    np.savez(path, **arrays)
    with pytest.raises(TravelTimeFileError, match="empreinte"):
        load_travel_times(path)


def test_another_format_is_named(tmp_path: Path):
    path = tmp_path / "a.npz"
    save_travel_times(small_matrix(), path)
    with np.load(path) as archive:
        arrays = dict(archive)
    header = json.loads(arrays["header"].tobytes()) | {"format": "older"}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    np.savez(path, **arrays)
    with pytest.raises(TravelTimeFileError, match="trouvé 'older'"):
        load_travel_times(path)


def test_the_cache_computes_once_and_again_when_damaged(tmp_path: Path):
    calls = []

    def compute() -> TravelTimes:
        calls.append(1)
        return small_matrix()

    for _ in range(2):
        assert cached_travel_times(tmp_path, b"inputs", compute).content_hash == small_matrix().content_hash
    assert len(calls) == 1
    cached_travel_times(tmp_path, b"other inputs", compute)
    assert len(calls) == 2
    next(tmp_path.glob("*.npz")).write_bytes(b"damaged")
    cached_travel_times(tmp_path, b"inputs", compute)
    cached_travel_times(tmp_path, b"other inputs", compute)
    assert len(calls) == 3


# --- the user's table -----------------------------------------------------------------------------------------------

CODES = ["01001", "01002", "2A004"]


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "temps.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("origin,destination,minutes\n01001,01002,9.96\n", "utf-8"),
        ("origin;destination;minutes\n01001;01002;9,96\n", "utf-8-sig"),
        ("minutes,destination,origin,note\n9.96,01002,01001,x\n", "utf-8"),
    ],
    ids=["comma", "semicolon and BOM", "columns shuffled"],
)
def test_a_csv_is_read(tmp_path: Path, text: str, encoding: str):
    times = read_travel_time_table(write(tmp_path, text, encoding), CODES, vintage="METRIC 2023")
    assert times.minutes_from("01001") == {"01001": 0.0, "01002": 9.9}
    assert times.minutes_from("01002") == {"01002": 0.0}
    assert (times.provider, times.vintage) == ("table", "METRIC 2023")


def test_a_parquet_file_is_read_both_ways_when_symmetric(tmp_path: Path):
    path = tmp_path / "temps.parquet"
    pd.DataFrame({"origin": ["01001", "2A004"], "destination": ["01002", "2A004"], "minutes": [70.0, 1.0]}).to_parquet(
        path
    )
    times = read_travel_time_table(path, CODES, limit_min=90, vintage="x", symmetric=True)
    assert times.minutes_from("01002") == {"01001": 70.0, "01002": 0.0}
    assert times.minutes_from("2A004") == {"2A004": 1.0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("origin,minutes\n01001,3\n", "ligne 1 : attendu les colonnes origin, destination, minutes, trouvé"),
        ("origin,destination,minutes\n01001,01002,3\n99999,01002,4\n", "ligne 3 : colonne origin.*trouvé '99999'"),
        ("origin,destination,duree\n01001,01002,3\n", "ne dit pas son unité"),
        ("origin,destination,minutes\n01001,01002,\n", "ligne 2 : colonne minutes"),
        ("origin,destination,minutes\n01001,01002,dix\n", "ligne 2 : colonne minutes.*'dix'"),
        ("origin,destination,minutes\n01001,01002,-1\n01002,01001,-2\n", r"ligne 2 .*'-1' \(2 lignes"),
        ("origin,destination,minutes\n01001,01002,3\n01001,01002,4\n", "ligne 3 .*01001 → 01002 déjà"),
        ("", "temps.csv"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, text: str, message: str):
    with pytest.raises(TravelTimeTableError, match=message):
        read_travel_time_table(write(tmp_path, text), CODES, vintage="x")


def test_a_wrong_byte_names_its_line_and_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(TravelTimeTableError, match="ligne 2 : colonne origin, attendu un code de commune connu"):
        read_travel_time_table(
            write(tmp_path, "origin,destination,minutes\né,01002,3\n", "latin-1"), CODES, vintage="x"
        )
    with pytest.raises(TravelTimeTableError, match="aucun fichier"):
        read_travel_time_table(tmp_path / "none.csv", CODES, vintage="x")


@pytest.mark.parametrize(
    "columns",
    [
        {"origin": [1001, 1002], "destination": [1002, 1001], "minutes": [3.0, 4.0]},
        {"origin": ["1001", "01002"], "destination": [b"01002", b"01001"], "minutes": ["3", "4,0"]},
        {"idSrc": ["01001", "01002"], "idDst": ["01002", "01001"], "Durée (s)": [180, 240]},
        {"source": [1001.0, 1002.0], "destination": [1002.0, 1001.0], "duration_seconds": ["180", "240"]},
    ],
    ids=["numbers", "bytes and texts", "METRIC in seconds", "OSRM"],
)
def test_columns_of_any_type_and_usual_label_are_read(tmp_path: Path, columns):
    path = tmp_path / "temps.parquet"
    pd.DataFrame(columns).to_parquet(path)
    times = read_travel_time_table(path, CODES, vintage="x")
    assert (times.minutes_from("01001")["01002"], times.minutes_from("01002")["01001"]) == (3.0, 4.0)


def test_codes_of_another_year_are_carried_and_the_shortest_way_is_kept(tmp_path: Path):
    text = "origin,destination,minutes\n01001,01002,9\n01777,01002,5\n01777,01001,3\n"
    now = {"01777": "01001"}
    times = read_travel_time_table(write(tmp_path, text), CODES, vintage="x", now=now)
    assert times.minutes_from("01001") == {"01001": 0.0, "01002": 5.0}
    assert "1 d’un code d’une autre année" in times.parameters["summary"]
    assert "1 à l’intérieur" in times.parameters["summary"]


def test_arrondissements_are_carried_to_their_town(tmp_path: Path):
    text = "origin,destination,minutes\n75113,01001,12\n75114,01001,10\n75113,75114,5\n"
    times = read_travel_time_table(write(tmp_path, text), ["01001", "75056"], vintage="x")
    assert times.minutes_from("75056") == {"75056": 0.0, "01001": 10.0}


def test_a_few_lines_that_say_nothing_are_left_out_and_said(tmp_path: Path):
    codes = [f"01{number:03d}" for number in range(1, 12)]
    lines = [f"{origin},{other},7" for origin in codes for other in codes]
    lines[4] = "99999,01001,7"
    lines[9] = "01001,01010,dix"
    times = read_travel_time_table(
        write(tmp_path, "\n".join(["origin,destination,minutes", *lines])), codes, vintage="x"
    )
    summary = times.parameters["summary"]
    assert "121 lignes, 119 prises" in summary
    assert "ligne 6" in summary
    assert "'99999'" in summary
    assert "ligne 11" in summary
    assert "01010" not in times.minutes_from("01001")
