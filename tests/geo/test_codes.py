import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import codes
from geo.errors import InvalidCodeError


def test_there_are_101_departments():
    assert len(set(codes.DEPARTEMENT_CODES)) == 101
    assert len(codes.METROPOLITAN_DEPARTEMENT_CODES) == 96


def test_paris_lyon_and_marseille_have_45_arrondissements():
    assert [len(members) for members in codes.ARRONDISSEMENT_CODES.values()] == [20, 9, 16]
    assert len(codes.COMMUNE_OF_ARRONDISSEMENT) == 45


@pytest.mark.parametrize(
    ("commune_code", "departement_code"),
    [("01001", "01"), ("2A004", "2A"), ("2B033", "2B"), ("95680", "95"), ("97105", "971"), ("97611", "976")],
)
def test_the_department_is_read_from_the_code(commune_code, departement_code):
    assert codes.departement_of(commune_code) == departement_code
    assert codes.departements_of(pd.Series([commune_code])).tolist() == [departement_code]


@pytest.mark.parametrize(
    "wrong",
    ["", "1001", "01 01", "20004", "2C004", "2a004", "96001", "97502", "98818", "00001", "010011", "01001\n", "٠١٠٠١"],
)
def test_what_is_no_commune_of_the_101_departments_is_refused(wrong):
    # 20004: Corsica before 1976; 97502: Saint-Pierre-et-Miquelon, a collectivity
    assert not codes.is_commune_code(wrong)
    with pytest.raises(InvalidCodeError, match="attendu"):
        codes.departement_of(wrong)
    with pytest.raises(InvalidCodeError, match="Codes de commune non valides"):
        codes.departements_of(pd.Series(["01001", wrong]))


def test_a_number_is_no_code():
    assert not codes.is_commune_code(31555)


def test_the_column_keeps_its_index_its_gaps_and_its_input():
    given_codes = pd.Series(["97411", None, "2A004"], index=[7, 3, 5])
    before = given_codes.copy()
    result = codes.departements_of(given_codes)
    assert result.index.tolist() == [7, 3, 5]
    assert result.tolist()[0::2] == ["974", "2A"]
    assert pd.isna(result[3])
    assert result.name == "departement_code"
    pd.testing.assert_series_equal(given_codes, before)


def test_an_empty_column_gives_an_empty_column():
    assert codes.departements_of(pd.Series([], dtype="str")).empty


def test_arrondissements_belong_to_their_commune():
    commune_of = codes.COMMUNE_OF_ARRONDISSEMENT
    assert {commune_of[code] for code in ("75101", "75120")} == {"75056"}
    assert {commune_of[code] for code in ("69381", "69389")} == {"69123"}
    assert commune_of["13216"] == "13055"
    assert "13217" not in commune_of  # one beyond the last arrondissement: a code of its own


def test_corsica_is_listed_between_19_and_21():
    # Corsica was department 20: its letter sorts between 20 and 21 once "2A" is read as "20A".
    listed = sorted(codes.DEPARTEMENT_CODES, key=lambda code: re.sub(r"^2([AB])", r"20\1", code))
    assert list(codes.DEPARTEMENT_CODES) == listed


@given(st.sampled_from(codes.DEPARTEMENT_CODES), st.integers(0, 999))
def test_every_department_finds_itself_again(departement_code, number):
    commune_code = departement_code + f"{number:03d}"[-(5 - len(departement_code)) :]
    assert codes.departement_of(commune_code) == departement_code


def test_the_check_of_departments_names_the_wrong_ones():
    codes.check_departement_codes(["01", "2A", "976"])
    with pytest.raises(InvalidCodeError, match="20, 975"):
        codes.check_departement_codes(["01", "975", "20"])
