"""Numbers as a French reader expects them."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.indicators.cards import INDICATORS
from coverage.terms.months import format_date, format_month
from coverage.territories.gazetteer import Territory
from coverage.territories.own import OwnTerritory
from reports.figures.french import at_name, begin, count_of, in_territory, of_name, within_sentence
from reports.figures.map_classes import format_value
from reports.figures.numbers import MINUS, UNKNOWN, format_number, format_rank, format_share, format_signed


def test_thousands_are_parted_by_a_narrow_space_and_decimals_by_a_comma():
    assert format_number(1234567.891, 2) == "1\u202f234\u202f567,89"
    assert format_number(2501, unit="MSP") == "2\u202f501\u00a0MSP"


def test_unknown_is_never_zero():
    assert format_number(math.nan) == format_number(None, 2, "km") == format_share(math.nan) == UNKNOWN


def test_a_rounded_zero_has_no_sign():
    assert format_number(-0.004, 1) == "0,0"


def test_a_negative_number_has_a_true_minus():
    assert format_number(-1234.5, 1) == "\u22121\u202f234,5"
    assert format_number(-math.inf) == "\u2212∞"
    assert format_share(-0.53, 0) == "\u221253\u00a0%"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0.004, 2, "0,00"), (-0.004, 2, "0,00"), (0.12, 2, "+0,12"), (-0.12, 2, "\u22120,12"), (math.nan, 1, UNKNOWN)],
)
def test_a_difference_has_its_sign(value, decimals, text):
    assert format_signed(value, decimals) == text


def test_shares_dates_and_ranks():
    assert format_share(0.1234) == "12,3\u00a0%"
    assert format_date(dt.date(2026, 4, 1)) == "1er avril 2026"
    assert format_rank(1, 18) == "1re sur 18"
    assert format_rank(2, 18) == "2e sur 18"


@given(st.floats(-1e12, 1e12), st.integers(0, 3))
def test_what_is_written_can_be_read_back(value, decimals):
    read = float(format_number(value, decimals).replace("\u202f", "").replace(",", ".").replace(MINUS, "-"))
    assert abs(read - value) <= 0.5 * 10**-decimals * (1 + 1e-9) + abs(value) * 1e-12


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("n_msp_finess", 0.0, "0\u00a0site"),
        ("n_msp_finess", 1.0, "1\u00a0site"),
        ("n_msp_finess", 12.0, "12\u00a0sites"),
        ("nearest_msp_min", 1.0, "1,0\u00a0min"),
        ("apl_2023", 1.98, "1,98\u00a0consultation par an et par habitant"),
        ("share_75plus", 0.005, "0,5\u00a0%"),
        ("n_msp", math.nan, UNKNOWN),
    ],
)
def test_a_unit_is_plural_from_two_on(name, value, text):
    assert format_value(INDICATORS[name], value) == text


def test_places_are_named_after_de_as_french_does():
    assert [of_name(name) for name in ("Le Vigan", "Les Angles", "Auch", "Île-de-Bréhat", "Mende")] == [
        "du Vigan",
        "des Angles",
        "d’Auch",
        "d’Île-de-Bréhat",
        "de Mende",
    ]
    assert [count_of(n, "commune") for n in (0, 1, 2, 1234)] == [
        "0 commune",
        "1 commune",
        "2 communes",
        "1\u202f234 communes",
    ]


def test_a_half_year_is_named_by_the_month_it_ends_with():
    assert format_month(dt.date(2022, 12, 31)) == "déc. 2022"
    assert format_month(dt.date(2017, 6, 30)) == "juin 2017"


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("france", "en France"),
        ("region-76", "en Occitanie"),
        ("region-32", "dans les Hauts-de-France"),
        ("region-44", "dans le Grand Est"),
        ("region-04", "à La Réunion"),
        ("departement-48", "en Lozère"),
        ("departement-01", "dans l’Ain"),
        ("departement-32", "dans le Gers"),
        ("departement-40", "dans les Landes"),
        ("departement-80", "dans la Somme"),
        ("departement-75", "à Paris"),
        ("commune-30350", "au Vigan"),
        ("commune-48034", "à La Canourgue"),
        ("epci-244800405", "dans la CC Coeur de Lozère"),
        ("bassin_de_vie-48080", "dans le bassin de vie de Langogne"),
        ("aire_attraction-300", "dans l’aire d’attraction de Saint-Amand-Montrond"),
    ],
)
def test_where_something_is_as_french_says_it(studio, key, where):
    gazetteer = studio.facts.gazetteer
    assert in_territory(gazetteer, gazetteer.parse(key)) == where


def test_an_own_territory_is_named_in_quotes(studio):
    own = Territory.of_own(OwnTerritory.of("Mon coin", frozenset({"48095", "48061"})))
    assert in_territory(studio.facts.gazetteer, own) == "dans « Mon coin »"


def test_every_region_and_department_has_its_preposition(studio):
    gazetteer = studio.facts.gazetteer
    for level in ("region", "departement"):
        for code, name in gazetteer.names[level].items():
            where = in_territory(gazetteer, Territory(level, code))
            assert where.endswith(name)
            assert ("dans les " in where) <= name.split("-")[0].split(" ")[0].endswith(("s", "x"))
            assert not ("dans le " in where and name[0] in "AEIOUÉÎ")


def test_a_label_begins_a_sentence_or_stands_within():
    assert [at_name(name) for name in ("Le Vigan", "Les Angles", "Auch")] == ["au Vigan", "aux Angles", "à Auch"]
    assert [begin(text) for text in ("à Auch", "")] == ["À Auch", ""]
    said = [within_sentence(label) for label in ("Temps de trajet", "MSP labellisées", "France Ruralités", "")]
    assert said == ["temps de trajet", "MSP labellisées", "France Ruralités", ""]
