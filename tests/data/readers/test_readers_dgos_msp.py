"""DGOS's half-yearly counts: what is read, and the contradictions that are refused."""

import pandas as pd
import pytest

from data.errors import DataError, SourceLayoutError, SourceValueError
from data.readers.dgos_msp import read_msp_series, read_msp_targets
from tests.data.official_files import official_file


def departements_with(tmp_path, change):
    file = official_file("msp_departements")
    change(file.model)
    return file.written(tmp_path)


def test_reads_series_and_targets(tmp_path):
    path = official_file("msp_departements").written(tmp_path)
    series = read_msp_series(path, "departement")
    assert series["territory_code"].unique().tolist() == ["01", "2A", "974"]
    ain = series[(series["territory_code"] == "01") & (series["structure_type"] == "msp")]
    assert ain["n_structures"].tolist() == [33, 33, 35]
    assert ain["date"].tolist() == list(pd.to_datetime(["2021-12-31", "2022-06-30", "2022-12-31"]))
    # Dates that the source leaves out are left out: La Réunion has one count of centres de santé, not three.
    assert len(series[(series["territory_code"] == "974") & (series["structure_type"] == "centre_sante")]) == 1
    targets = read_msp_targets(path, "departement").set_index(["territory_code", "structure_type"])
    assert targets.loc[("01", "msp"), "target"] == 30
    assert targets.loc[("2A", "centre_sante"), "target"] == 0


def test_france_has_a_code_of_its_own(tmp_path):
    table = read_msp_series(official_file("msp_france").written(tmp_path), "france")
    assert set(table["territory_code"]) == {"FR"}
    assert set(table["level"]) == {"france"}


def test_the_wrong_level_is_refused(tmp_path):
    with pytest.raises(DataError):
        read_msp_series(official_file("msp_regions").written(tmp_path), "departement")
    with pytest.raises(ValueError, match="Niveau"):
        read_msp_series(official_file("msp_regions").written(tmp_path), "canton")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m[0].update(dep=1), "code en texte"),
        (lambda m: m[0].update(dep="01"), "écrit une fois"),
        (lambda m: m[0]["nb-maisons-sante"][0].update(value=-1), "nombre entier"),
        (lambda m: m[0]["nb-maisons-sante"][0].update(value=3.0), "nombre entier"),
        (lambda m: m[0]["nb-maisons-sante"][0].update(value=True), "nombre entier"),
        (lambda m: m[0]["nb-maisons-sante"][0].update(value=None), "nombre entier"),
        (lambda m: m[0]["nb-maisons-sante"][0].update(date="2022-02-30"), "une date"),
        (lambda m: m[0]["nb-maisons-sante"][0].update(date="2022-06-30"), "deux fois"),
        (lambda m: m[0]["values"]["nb-maisons-sante"].update(value=99), "2A.*Attendu : 5 au 2022-12-31. Trouvé : 99"),
        (lambda m: m[0]["nb-maisons-sante"].pop(), "Attendu : 4 au 2022-06-30"),  # a series that lost its end
    ],
)
def test_a_faulty_value_is_named(tmp_path, change, said):
    with pytest.raises(SourceValueError, match=said):
        read_msp_series(departements_with(tmp_path, change), "departement")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m[0].update({"nb-cpts": []}), "nb-cpts"),  # an unknown key: the format has changed
        (lambda m: m[0].pop("targets"), "les clés"),
        (lambda m: m[0]["nb-centres-sante"].clear(), "au moins une date"),
        (lambda m: m[0].update({"nb-maisons-sante": 5}), "une liste"),
        (lambda m: m.__setitem__(0, "Ain"), "les clés"),
    ],
)
def test_an_unexpected_layout_is_named(tmp_path, change, said):
    with pytest.raises(SourceLayoutError, match=said):
        read_msp_series(departements_with(tmp_path, change), "departement")


@pytest.mark.mirror
def test_the_official_documents(mirror):
    folder = mirror / "dgos_msp_2017_2022"
    files = {"france": "dms_nat.json", "region": "dms_reg.json", "departement": "dms_dep.json"}
    sums = {}
    for level, name in files.items():
        table = read_msp_series(folder / name, level)
        sums[level] = table[table["structure_type"] == "msp"].groupby("date")["n_structures"].sum()
        assert len(read_msp_targets(folder / name, level)) == 2 * table["territory_code"].nunique()
    expected = [1034, 1118, 1208, 1307, 1415, 1547, 1617, 1740, 1889, 2018, 2127, 2251]
    assert sums["france"].tolist() == sums["region"].tolist() == sums["departement"].tolist() == expected
