"""Tables that leave the app are read back by what opens them."""

import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.indicators.cards import INDICATORS
from reports.figures.facts import Facts
from reports.figures.tables import describe_sources, export_value, say_nature, write_csv, write_xlsx

TABLE = pd.DataFrame({"Territoire": ["Aude", "=1+1", "Hérault"], "APL": [3.25, float("nan"), 1234.5]})
SOURCES = [{"Source": "APL", "Producteur": "DREES", "Millésime": "2023", "Licence": "Licence Ouverte 2.0"}]


def test_csv_opens_in_a_french_spreadsheet():
    content = write_csv(TABLE)
    assert content.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(io.BytesIO(content), sep=";", decimal=",", encoding="utf-8-sig")
    assert back["APL"].tolist()[::2] == [3.25, 1234.5]
    assert back["APL"].isna().tolist() == [False, True, False]


def test_a_cell_can_not_be_run_as_a_formula():
    assert "'=1+1" in write_csv(TABLE).decode("utf-8-sig")
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(TABLE, SOURCES, title="Essai")))["Données"]
    assert sheet["A3"].value == "=1+1"
    assert sheet["A3"].data_type == "s"


def test_workbook_says_its_sources():
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(TABLE, SOURCES, title="APL par département")))
    assert book.sheetnames == ["Données", "Sources"]
    cells = [cell.value for row in book["Sources"].iter_rows() for cell in row if cell.value]
    assert {"APL par département", "DREES", "2023", "Licence Ouverte 2.0"} <= set(cells)
    assert book["Données"]["B3"].value is None


def test_the_input_is_left_untouched():
    before = TABLE.copy()
    write_csv(TABLE)
    pd.testing.assert_frame_equal(TABLE, before)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_every_formula_start_is_neutralised(start):
    table = pd.DataFrame({"nom": [f"{start}cmd"]})
    assert write_csv(table).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")


def test_a_column_of_numbers_and_words_has_commas_too():
    mixed = pd.DataFrame(
        {"Beaucaire": pd.Series([4.733, 32, "ZIP", None, -0.5], dtype=object), "Gard": [4.2, 1, 2, 3, 4]}
    )
    lines = write_csv(mixed).decode("utf-8-sig").split()
    assert lines[1:] == ["4,733;4,2", "32;1,0", "ZIP;2,0", ";3,0", "-0,5;4,0"]


def test_counts_are_whole_and_noise_is_left_out():
    table = pd.DataFrame({"n": [32.0, float("nan")], "part": [100 * 0.07, 1 / 3], "infini": [float("inf"), 1.0]})
    assert write_csv(table).decode("utf-8-sig").splitlines()[1:] == ["32;7,0;inf", ";0,333333;1,0"]
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(table, SOURCES, title="Essai")))["Données"]
    assert [cell.value for cell in sheet[2]][:2] == [32, 7]
    assert sheet["A3"].value is None


@given(st.sampled_from(sorted(name for name, card in INDICATORS.items() if card.kind != "categorical")),
       st.floats(-1e6, 1e6))  # fmt: skip
def test_what_leaves_is_what_is_printed(name, value):
    indicator = INDICATORS[name]
    left = export_value(indicator, value)
    exact = value * indicator.display_factor
    assert abs(left - exact) <= 0.5 * 10.0 ** -(indicator.decimals + 2 if indicator.decimals else 0) * (1 + 1e-6) + 1e-6
    assert isinstance(left, float) == bool(indicator.decimals)


@pytest.mark.parametrize(
    ("name", "levels", "nature"),
    [
        ("share_75plus", ["commune"], "mesuré"),
        ("share_75plus", ["departement", "france"], "estimé"),
        ("share_75plus", ["commune", "region", "france"], "mesuré (commune), estimé (région, France)"),
        ("gp_per_100k", ["commune", "departement"], "mesuré"),  # the commune has none
        ("apl_at_risk_share_2023", ["commune"], "estimé"),
    ],
)
def test_the_nature_of_a_line_is_that_of_its_levels(name, levels, nature):
    assert say_nature(INDICATORS[name], levels) == nature
    sources = Facts.of_snapshot().sources
    assert {line["Nature"] for line in describe_sources([name], sources, levels)} == {nature}
