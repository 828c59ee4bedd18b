"""The published figures: complete, sourced, and never in one series when their fields differ."""

import pytest

from data.errors import CatalogError
from data.reperes import load_reperes

ENTRY = (
    '{ territory_code = "FR", level = "france", date = "2021-06", indicator = "n_msp", label = "MSP", qualifier = "",'
    ' value = 3, unit = "MSP", source = "dgos_msp", certainty = "P", series = "toy" }'
)


def write(folder, *entries):
    path = folder / "reperes.toml"
    path.write_text("reperes = [\n" + ",\n".join(entries) + "\n]\n", encoding="utf-8")
    return path


def test_figures_of_the_notes():
    table = load_reperes()
    dgos = table[table["series"] == "msp_france_dgos"]
    assert dgos["value"].to_list() == [1034, 1118, 1208, 1307, 1415, 1547, 1617, 1740, 1889, 2018, 2127, 2251]
    occitanie = table[(table["territory_code"] == "76") & (table["indicator"] == "n_gp_needed")].iloc[0]
    assert (occitanie["value"], occitanie["date"], occitanie["source"]) == (2600, "2025/2035", "ars_occitanie")


def test_a_series_has_one_source_field_indicator_and_unit():
    for series, part in load_reperes().groupby("series"):
        for column in ("indicator", "unit", "territory_code"):
            assert part[column].nunique() == 1, (series, column)
    dgos_and_others = load_reperes().query("indicator == 'n_msp' and territory_code == 'FR'")
    assert (dgos_and_others.groupby("series")["source"].nunique() == 1).all()


def test_parts_are_between_0_and_1():
    table = load_reperes()
    assert table.loc[table["unit"] == "part", "value"].between(0, 1).all()


def test_the_dgos_figures_are_those_of_the_snapshot(snapshots):
    series = snapshots("msp_series")
    france = series[(series["level"] == "france") & (series["structure_type"] == "msp")]
    table = load_reperes()
    said = table[table["series"] == "msp_france_dgos"].set_index("date")["value"]
    assert france.set_index(france["date"].dt.strftime("%Y-%m"))["n_structures"].to_dict() == said.to_dict()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value = 3", 'value = "3"'),
        ("value = 3", "value = true"),
        ('source = "dgos_msp"', 'source = "nobody"'),
        ('source = "dgos_msp"', 'source = "insee_bpe"'),  # in the catalogue, but not for the repères
        ('certainty = "P"', 'certainty = "sure"'),
        ('qualifier = ""', 'qualifier = "peut-être"'),
        ('date = "2021-06"', 'date = "juin 2021"'),
        ('date = "2021-06"', 'date = "2021-13"'),
        ('unit = "MSP"', 'unit = ""'),
        ('level = "france"', 'level = "region"'),
        ('level = "france"', 'level = "commune"'),
        (', series = "toy"', ""),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, old, new):
    assert old in ENTRY
    with pytest.raises(CatalogError, match="repère 1"):
        load_reperes(write(tmp_path, ENTRY.replace(old, new)))


def test_a_series_says_one_value_a_date(tmp_path):
    with pytest.raises(CatalogError, match="toy, 2021-06"):
        load_reperes(write(tmp_path, ENTRY, ENTRY.replace("value = 3", "value = 4")))


@pytest.mark.parametrize("text", ["", "reperes = []", "reperes = 3", "reperes = [3]", "[["])
def test_another_document(tmp_path, text):
    path = tmp_path / "reperes.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError):
        load_reperes(path)
