"""The grid of Filosofi: cells named by their corner, people shared between the communes that a cell touches."""

from __future__ import annotations

import math

import pytest

from data.errors import SourceLayoutError, SourceMissing, SourceUnreadable, SourceValueError
from data.readers import rpps_extraction
from data.readers.population_cells import UnknownProjection, read_population_cells
from tests.data.population_files import CELL_LABELS, CELLS, cell_line, cells_csv, text

FOIX = cell_line(2_244_000, 3_605_000, "09122", "120.5")


def written(folder, contents: bytes, name="carreaux_200m_met.csv"):
    path = folder / name
    path.write_bytes(contents)
    return path


def test_a_cell_is_at_its_centre_and_astride_communes_shares_its_people(tmp_path):
    table = read_population_cells(written(tmp_path, CELLS))
    assert table.columns.tolist() == ["commune_code", "epsg", "y_m", "x_m", "population", "imputed"]
    assert table.iloc[0].tolist() == ["09122", 3035, 2_244_100, 3_605_100, 120.5, False]
    astride = table[table["y_m"] == 2_244_500]
    assert astride["commune_code"].tolist() == ["09122", "09160"]
    assert astride["population"].tolist() == [20.5, 20.5]
    assert table["imputed"].tolist() == [False, True, False, False, False, False, False]


@pytest.mark.parametrize("codes", [["01001"], ["01001", "2A004", "97411"], ["01001"] * 1 + ["69123"] * 6])
def test_nobody_is_lost_whatever_the_number_of_communes(tmp_path, codes):
    lines = [cell_line(2_000_000 + 200 * n, 4_000_000, "".join(codes), f"{n + 0.1}") for n in range(50)]
    table = read_population_cells(written(tmp_path, cells_csv(lines)))
    assert len(table) == 50 * len(codes)
    assert math.isclose(math.fsum(table["population"]), math.fsum(n + 0.1 for n in range(50)), rel_tol=1e-14)


def test_capitals_quotes_and_another_order_of_the_columns_change_nothing(tmp_path):
    plain = read_population_cells(written(tmp_path, CELLS))
    rows = [line.split(",") for line in CELLS.decode().splitlines()]
    quoted = [[f'"{cell}"' for cell in reversed(row)] for row in [[label.upper() for label in rows[0]], *rows[1:]]]
    lines = "\n".join(",".join(row) for row in quoted) + "\n"
    assert read_population_cells(written(tmp_path, lines.encode(), "autre.csv")).equals(plain)


def test_several_territories_are_one_table_each_in_its_projection(tmp_path):
    island = written(tmp_path, cells_csv([cell_line(7_640_000, 340_000, "97411", "12", epsg=2975)]), "reun.csv")
    table = read_population_cells(written(tmp_path, CELLS), island)
    assert table.iloc[-1].tolist() == ["97411", 2975, 7_640_100, 340_100, 12.0, False]


def test_a_file_of_several_blocks_is_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(rpps_extraction, "_BLOCK_BYTES", 1_000)
    lines = [cell_line(2_000_000 + 200 * n, 4_000_000, "01001", "2") for n in range(300)]
    assert len(read_population_cells(written(tmp_path, cells_csv(lines)))) == 300
    lines[250] = cell_line(2_000_000, 9, "01001", "deux")
    with pytest.raises(SourceValueError, match=r"ligne 252, colonne « ind ».*deux"):
        read_population_cells(written(tmp_path, cells_csv(lines)))


@pytest.mark.parametrize(
    ("line", "error", "said"),
    [
        (cell_line(1, 1, "09122", "1", epsg=2154), UnknownProjection, "CRS3035.*CRS2154"),
        (["CRS3035RES1000mN2000000E4000000", *FOIX[1:]], SourceValueError, "carreau de 200 m"),
        (cell_line(1, 1, "0912", "1"), SourceValueError, "codes de communes.*0912"),
        (cell_line(1, 1, "09122 09160", "1"), SourceValueError, "codes de communes"),
        (cell_line(1, 1, "", "1"), SourceValueError, "codes de communes"),
        (cell_line(1, 1, "09122", "-1"), SourceValueError, "nombre d’habitants.*-1"),
        (cell_line(1, 1, "09122", ""), SourceValueError, "nombre d’habitants"),
        (cell_line(1, 1, "09122", "20000.5"), SourceValueError, "au plus 20000"),
        (cell_line(1, 1, "09122", "1", imputed=7), SourceValueError, "0 ou 1"),
        (FOIX, SourceValueError, "chaque carreau une fois.*N2244000E3605000"),
        (FOIX[:-1], SourceUnreadable, "34 cases par ligne"),
    ],
)
def test_a_line_that_is_none_of_a_cell_is_said_in_french(tmp_path, line, error, said):
    with pytest.raises(error, match=said):
        read_population_cells(written(tmp_path, cells_csv([FOIX, line])))


def test_a_file_that_is_no_grid_is_said_in_french(tmp_path):
    with pytest.raises(SourceMissing, match="absent"):
        read_population_cells(tmp_path / "rien.csv")
    with pytest.raises(SourceLayoutError, match="lcog_geo"):
        read_population_cells(written(tmp_path, cells_csv([FOIX], [x.replace("lcog", "code") for x in CELL_LABELS])))
    with pytest.raises(SourceLayoutError, match="aucun"):
        read_population_cells(written(tmp_path, cells_csv([])))
    with pytest.raises(SourceUnreadable, match="coupé"):
        read_population_cells(written(tmp_path, CELLS[:-3]))
    with pytest.raises(SourceUnreadable, match="HTML"):
        read_population_cells(written(tmp_path, b"<html><body>Maintenance</body></html>\n"))
    with pytest.raises(SourceUnreadable, match="binaire"):
        read_population_cells(written(tmp_path, b"7z\xbc\xaf\x27\x1c\x00\x04\n"))
    with pytest.raises(SourceLayoutError, match="idcar_200m"):
        read_population_cells(written(tmp_path, text([["a", "b"], ["1", "2"]], ",")))
