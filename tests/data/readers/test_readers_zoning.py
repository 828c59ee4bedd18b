"""The zoning of GPs: four zones, and unknown."""

import pytest

from data.errors import SourceValueError
from data.readers.zoning import read_zoning
from tests.data.official_files import official_file


def test_zones_and_unknown(tmp_path):
    table = read_zoning(official_file("zoning").written(tmp_path))
    assert table["commune_code"].tolist() == ["01001", "01002", "01004", "2A004", "97411"]
    assert table["zone"].fillna("?").tolist() == ["ZAC", "ZIP", "ZAR", "HZ", "?"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [(0, "2A004", "une seule fois"), (0, "1001", "cinq caractères"), (3, "ZIP", "1_ZIP"), (3, "", "1_ZIP")],
)
def test_a_faulty_line_is_named(tmp_path, column, value, said):
    file = official_file("zoning")
    file.model[2][column] = value
    with pytest.raises(SourceValueError, match=f"zoning.csv, ligne 3, .*{said}"):
        read_zoning(file.written(tmp_path))


@pytest.mark.mirror
def test_the_official_file(mirror):
    table = read_zoning(mirror / "ars_zonage_mg_2025" / "zonage_mg_par_code_insee.csv")
    assert len(table) == 34_849
    assert table["zone"].value_counts().to_dict() == {"ZAC": 16_679, "ZIP": 13_596, "HZ": 3_046, "ZAR": 1_502}
    reunion = table["commune_code"].str.startswith("974")
    assert table.loc[reunion, "zone"].isna().all()
