"""Scenario files and tokens: what is written is read again, whatever is damaged is refused with its place."""

import contextlib
import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.json_document import MAX_BYTES
from coverage.simulator.scenario_file import (
    MAX_CHANGES,
    ClickedPoint,
    KnownCodes,
    SavedScenario,
    ScenarioFileError,
    read_scenario,
    read_token,
    write_scenario,
    write_token,
)
from coverage.simulator.supply_change import Closure, Departures, Move, Opening, RetirementOver65

COMMUNES = ("01001", "12145", "2A004", "97411")


def minutes_to_point(commune_code, longitude, latitude):
    """Give minutes that say all they were given, as the map's would."""
    return [(commune_code, abs(longitude)), ("01001", abs(latitude))]


def point(commune_code, longitude, latitude):
    return ClickedPoint(minutes_to_point(commune_code, longitude, latitude), longitude, latitude)


KNOWN = KnownCodes(
    {"commune": COMMUNES, "departement": ("12", "2A"), "france": ("FR",)},
    ("apl_2023", "apl_65_2023"),
    minutes_to_point,
)

communes = st.sampled_from(COMMUNES)
fte = st.floats(0, 1000).map(float)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
changes = st.one_of(
    st.builds(Opening, communes, fte, st.none(), names),
    st.builds(
        lambda code, gp_fte, longitude, latitude, name: Opening(code, gp_fte, point(code, longitude, latitude), name),
        communes,
        fte,
        st.floats(-180, 180),
        st.floats(-90, 90),
        names,
    ),
    st.builds(Closure, communes, fte, names),
    st.builds(Departures, communes, fte),
    st.builds(RetirementOver65, st.just("departement"), st.sampled_from(("12", "2A")), st.floats(0, 1)),
    st.builds(Move, communes, communes, fte),
)
scenarios = st.builds(
    SavedScenario,
    names.map(str.strip).filter(bool),
    st.sampled_from(sorted(KNOWN.series)),
    st.lists(changes, max_size=12).map(tuple),
)

MILLAU = SavedScenario(
    "Sud-Aveyron",
    "apl_2023",
    (Opening("12145", 3.0, name="MSP « du Larzac »"), RetirementOver65("departement", "12", 0.5)),
)


@given(scenarios)
def test_what_is_written_is_read_again(scenario):
    assert read_scenario(write_scenario(scenario), KNOWN) == scenario
    assert read_scenario(write_scenario(scenario).encode("utf-8-sig"), KNOWN) == scenario
    assert read_token(write_token(scenario), KNOWN) == scenario


@given(scenarios)
def test_a_file_is_plain_json_with_one_change_a_line(scenario):
    text = write_scenario(scenario)
    assert len(json.loads(text)["changes"]) == len(scenario.changes)
    assert text.count('    {"kind"') == len(scenario.changes)


@given(scenarios)
def test_a_token_needs_no_escape_in_an_address(scenario):
    assert set(write_token(scenario)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_twenty_openings_fit_in_an_address():
    # 1 500 characters of address is what mail programs carry without folding it
    many = SavedScenario("Vingt", "apl_2023", tuple(Opening(COMMUNES[k % 4], 3.0, name=f"MSP {k}") for k in range(20)))
    assert len(write_token(many)) < 1500


@given(st.binary(max_size=300))
def test_any_bytes_are_a_scenario_or_a_sentence(content):
    with pytest.raises(ScenarioFileError):
        read_scenario(content, KNOWN)


@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_byte_altered_is_a_scenario_or_a_sentence_never_another_error(at, value):
    content = bytearray(write_scenario(MILLAU).encode())
    content[at % len(content)] = value
    with contextlib.suppress(ScenarioFileError):
        assert read_scenario(bytes(content), KNOWN).name


@given(st.text(max_size=100))
def test_any_token_is_a_scenario_or_a_sentence(token):
    with pytest.raises(ScenarioFileError):
        read_token(token, KNOWN)


@given(st.integers(0, 400))
def test_a_token_cut_short_is_refused(length):
    token = write_token(MILLAU)
    with pytest.raises(ScenarioFileError, match=r"Adresse|Scénario"):
        read_token(token[: length % len(token)], KNOWN)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"schema": "maillage-scenario-1"', '"schema": "maillage-scenario-9"', "ligne 2 : attendu schema"),
        ('"name": "Sud-Aveyron"', '"name": " "', "ligne 3, name : attendu un nom"),
        ('"apl_2023"', '"apl_1999"', "ligne 4, series : attendu apl_2023 ou apl_65_2023, trouvé « apl_1999 »"),
        ('"12145"', '"99999"', "ligne 6, commune_code : attendu une commune connue, trouvé « 99999 »"),
        ('"12145"', "12145", "ligne 6, commune_code : attendu une commune connue"),
        ("3.0", "-3", "ligne 6, gp_fte : attendu un nombre de 0 à 1000, trouvé « -3 »"),
        ("3.0", "true", "ligne 6, gp_fte"),
        ("3.0", '"trois"', "ligne 6, gp_fte"),
        ("3.0", "NaN", "trouvé NaN"),
        ("3.0", "9" * 5000, "nombre démesuré"),
        ("3.0", "1e400", "ligne 6, gp_fte"),
        ('"opening"', '"explosion"', "ligne 6, kind : attendu opening"),
        ('"gp_fte": 3.0, ', "", "ligne 6 : attendu gp_fte, trouvé rien"),
        ('"gp_fte"', '"ged"', "ligne 6 : attendu kind, commune_code, gp_fte"),
        ('"level": "departement"', '"level": "canton"', "ligne 7, level"),
        ('"territory_code": "12"', '"territory_code": "99"', "ligne 7, territory_code : attendu un territoire connu"),
        ('"share": 0.5', '"share": 2', "ligne 7, share : attendu un nombre de 0 à 1"),
        ('"series": "apl_2023",', '"series": "apl_2023"', "ligne 5, colonne 3 : attendu du JSON"),
        ("  ]\n}", "", "attendu du JSON, trouvé la fin"),
        ('{"kind": "opening"', '12, {"kind": "opening"', "changement 1 : attendu un changement entre accolades"),
    ],
)
def test_a_damaged_file_is_refused_with_the_line_at_fault(old, new, said):
    text = write_scenario(MILLAU)
    assert old in text
    with pytest.raises(ScenarioFileError) as caught:
        read_scenario(text.replace(old, new, 1), KNOWN)
    assert said in str(caught.value)


def test_half_a_character_in_a_name_is_refused():
    # JSON can write one half of a surrogate pair; no file nor address could be written of it again
    text = write_scenario(MILLAU).replace("Sud-Aveyron", "\\ud800")
    with pytest.raises(ScenarioFileError, match="ligne 3, name"):
        read_scenario(text, KNOWN)


def test_lines_are_counted_in_a_file_laid_out_by_another_program():
    text = json.dumps(json.loads(write_scenario(MILLAU)), indent=4).replace("12145", "99999")
    line = text.split("\n").index("        {") + 1
    with pytest.raises(ScenarioFileError, match=f"ligne {line}, commune_code"):
        read_scenario(text, KNOWN)


def test_braces_inside_a_name_do_not_move_the_lines():
    scenario = SavedScenario('{["\\', "apl_2023", (Opening("12145", 1.0, name='}]"{'), Opening("01001", 1.0)))
    with pytest.raises(ScenarioFileError, match="ligne 7, commune_code"):
        read_scenario(write_scenario(scenario).replace("01001", "00000"), KNOWN)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ligne 1"),
        (b"[]", "entre accolades"),
        (b"\n\n\xff", "ligne 3 : attendu du texte UTF-8"),
        (b"[" * 100_000, "imbriqués"),
        (b" " * (MAX_BYTES + 1), "octets"),
    ],
)
def test_what_is_no_scenario_at_all(content, said):
    with pytest.raises(ScenarioFileError, match=said):
        read_scenario(content, KNOWN)


def test_too_many_changes_are_refused():
    scenario = SavedScenario("Trop", "apl_2023", (Departures("12145", 1.0),) * (MAX_CHANGES + 1))
    with pytest.raises(ScenarioFileError, match="au plus 500 changements, trouvé 501"):
        read_scenario(write_scenario(scenario), KNOWN)


def test_a_token_that_inflates_beyond_measure_is_refused():
    bomb = SavedScenario("Bombe", "apl_2023", (Departures("12145", 1.0),) * 40_000)
    with pytest.raises(ScenarioFileError, match="démesurée"):
        read_token(write_token(bomb), KNOWN)


AT_POINT = SavedScenario("Point", "apl_2023", (Opening("12145", 3.0, point("12145", 3.07812, 44.1)),))


def test_an_opening_at_a_clicked_point_is_written_with_its_commune_and_place():
    assert json.loads(write_scenario(AT_POINT))["changes"] == [
        {
            "kind": "opening",
            "commune_code": "12145",
            "gp_fte": 3.0,
            "point": {"longitude": 3.07812, "latitude": 44.1},
        }
    ]


def test_two_points_of_the_same_minutes_are_two_and_a_copy_is_the_same():
    here, there = ClickedPoint((("12145", 3.0),), 3.0, 44.0), ClickedPoint((("12145", 3.0),), 3.00001, 44.0)
    assert here != there
    assert copy.deepcopy(here) == here
    assert hash(copy.copy(here)) == hash(here)
    assert list(here) == [("12145", 3.0)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("3.07812", "180.5", "ligne 6, point, longitude : attendu un nombre de -180 à 180, trouvé « 180.5 »"),
        ("44.1", "-91", "ligne 6, point, latitude : attendu un nombre de -90 à 90"),
        ("44.1", "true", "ligne 6, point, latitude"),
        ("44.1", '"44"', "ligne 6, point, latitude"),
        ("44.1", "null", "ligne 6, point, latitude : attendu un nombre de -90 à 90, trouvé rien"),
        ("44.1", "NaN", "trouvé NaN"),
        ("44.1", "1e400", "ligne 6, point, latitude"),
        (', "latitude": 44.1', "", "ligne 6, point : attendu longitude et latitude"),
        ('"latitude"', '"altitude"', "ligne 6, point : attendu longitude et latitude"),
        ('{"longitude": 3.07812, "latitude": 44.1}', "[3.07812, 44.1]", "ligne 6, point : attendu longitude"),
        ('{"longitude": 3.07812, "latitude": 44.1}', "null", "ligne 6, point : attendu longitude"),
        ('"opening"', '"closure"', "ligne 6 : attendu kind, commune_code, gp_fte, name, trouvé « point »"),
        ('"12145"', '"99999"', "ligne 6, commune_code : attendu une commune connue"),
    ],
)
def test_a_damaged_point_is_refused_with_its_line(old, new, said):
    text = write_scenario(AT_POINT)
    assert old in text
    with pytest.raises(ScenarioFileError) as caught:
        read_scenario(text.replace(old, new, 1), KNOWN)
    assert said in str(caught.value)


def test_a_point_is_refused_where_the_way_to_it_cannot_be_known():
    # read as the commune's, it would be another scenario
    with pytest.raises(ScenarioFileError, match="ligne 6, point : attendu une ouverture à la mairie"):
        read_scenario(write_scenario(AT_POINT), KnownCodes(KNOWN.territories, KNOWN.series))


def test_minutes_without_their_place_cannot_be_written():
    without_place = SavedScenario("Point", "apl_2023", (Opening("12145", 1.0, minutes_to_point=(("12145", 3.0),)),))
    for write in (write_scenario, write_token):
        with pytest.raises(ScenarioFileError, match="point de la carte"):
            write(without_place)
