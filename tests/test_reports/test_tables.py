"""Tables that leave the app are read back by what opens them."""

import io

import openpyxl
import pandas as pd
import pytest

from reports.tables import write_csv, write_xlsx

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
