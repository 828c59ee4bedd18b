"""The published figures: complete, sourced, and never in one series when their fields differ."""

import pytest

from coverage.terms.natures import NATURES
from data.errors import CatalogError
from data.sources.reperes import load_comparisons, load_reperes

ENTRY = (
    '{ territory_code = "FR", level = "france", date = "2021-06", indicator = "n_msp", label = "MSP", qualifier = "",'
    ' value = 3, unit = "MSP", source = "dgos_msp", certainty = "P", nature = "mesuré", series = "toy" }'
)


COMPARISON = '{ series = "toy", date = "2021-06", measure = "count", period = "", gap = "Deux comptes." }'


def write(folder, *entries, comparisons=(COMPARISON,)):
    path = folder / "reperes.toml"
    lists = {"reperes": entries, "comparisons": comparisons}
    texts = (f"{name} = [\n" + ",\n".join(listed) + "\n]\n" for name, listed in lists.items())
    path.write_text("".join(texts), encoding="utf-8")
    return path


def figure_of(series, date=None):
    table = load_reperes()
    rows = table[(table["series"] == series) & (True if date is None else table["date"] == date)]
    assert len(rows) == 1, series
    return rows.iloc[0]


def test_figures_of_the_notes():
    table = load_reperes()
    dgos = table[table["series"] == "msp_france_dgos"]
    assert dgos["value"].to_list() == [1034, 1118, 1208, 1307, 1415, 1547, 1617, 1740, 1889, 2018, 2127, 2251]
    occitanie = table[(table["territory_code"] == "76") & (table["indicator"] == "n_gp_needed")].iloc[0]
    assert (occitanie["value"], occitanie["date"], occitanie["source"]) == (2600, "2025/2035", "ars_occitanie")


@pytest.mark.parametrize(
    ("series", "date", "qualifier", "value", "unit", "certainty", "nature"),
    [
        ("msp_occitanie", "2025", "plus de", 360, "MSP", "S", "annonce"),  # « + 360 »
        ("msp_occitanie_multiplication", "2010/2025", "", 36, "fois", "S", "annonce"),
        ("msp_occitanie_total_valide", "", "", 248, "MSP", "S", "annonce"),  # undated, and validated
        ("msp_occitanie_dix_ans_avant", "", "moins de", 10, "MSP", "S", "annonce"),
        ("aci_occitanie", "2025", "", 0.9, "part", "S", "annonce"),
        ("patients_occitanie", "2023/2024", "", 0.02, "variation", "S", "mesuré"),
        ("patients_c2s_occitanie", "2023/2024", "", 0.032, "variation", "S", "mesuré"),
        ("besoin_occitanie", "2025/2035", "", 2600, "médecins généralistes", "S", "annonce"),
        ("hdf_n_msp_projects", "2021-06", "plus de", 26, "projets", "S", "mesuré"),
        ("hdf_n_msp_aci", "2021-06", "", 121, "MSP", "S", "mesuré"),
        ("hdf_fir_eur", "2021-06", "en moyenne plus de", 1_000_000, "euros", "S", "annonce"),  # no « par an »
        ("msp_france_these", "2014", "", 436, "MSP", "S", "mesuré"),
        ("aci_france_moyenne", "2023", "", 80_040, "euros", "S", "mesuré"),
        ("aci_france_total", "2018", "", 46_600_000, "euros", "S", "mesuré"),
        ("mg_en_msp", "2023", "", 8714, "médecins généralistes", "S", "mesuré"),
        ("msp_sites_finess", "2026-03", "", 3080, "sites", "S", "mesuré"),
        ("mg_france_cnam_sans_mep", "2024", "", 51_775, "médecins généralistes", "P", "mesuré"),
        ("mg_france_drees_projection", "2028", "", 92_427, "médecins généralistes", "S", "projection d’un tiers"),
        ("aci_cpts_2019_taille_4", "2019", "au plus", 450_000, "euros par an", "S", "annonce"),
    ],
)
def test_a_figure_is_as_its_source_says_it(series, date, qualifier, value, unit, certainty, nature):
    row = figure_of(series, date)
    found = tuple(row[["qualifier", "value", "unit", "certainty", "nature"]])
    assert found == (qualifier, value, unit, certainty, nature)


def test_only_the_files_that_were_read_are_primary():
    table = load_reperes()
    assert set(table.loc[table["certainty"] == "P", "source"]) == {"dgos_msp", "cnam_effectifs", "finess_comptes"}
    assert set(table["nature"]) <= set(NATURES)
    future = table[table["date"].str.split("/").str[-1].str[:4].gt("2026")]
    assert len(future) == 5
    assert not (future["nature"] == "mesuré").any()


def test_the_professions_of_hauts_de_france_leave_699_others():
    named = sum(figure_of(f"hdf_n_{name}")["value"] for name in ("gp", "nurses", "physiotherapists", "midwives"))
    total = figure_of("hdf_n_professionals")
    assert (named, total["value"] - named) == (1660, 699)
    assert "699" in total["label"]
    assert 12 <= total["value"] / figure_of("hdf_n_msp")["value"] <= 13


def test_the_cnam_counts_are_those_of_the_snapshot(snapshots):
    counted = snapshots("professionals").groupby("profession")["n_professionals"].sum()
    assert counted["Ensemble des médecins généralistes"] == figure_of("mg_france_cnam")["value"]
    without = "Médecins généralistes (hors médecins à expertise particulière - MEP)"
    assert counted[without] == figure_of("mg_france_cnam_sans_mep")["value"]


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
        ('nature = "mesuré"', 'nature = "sûr"'),
        (', nature = "mesuré"', ""),
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


def test_a_comparison_carries_its_claim(tmp_path):
    (row,) = load_comparisons(write(tmp_path, ENTRY)).to_dict("records")
    assert (row["value"], row["measure"], row["gap"], row["nature"]) == (3, "count", "Deux comptes.", "mesuré")
    assert load_comparisons()["gap"].str.endswith(".").all()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('series = "toy"', 'series = "other"'),
        ('date = "2021-06"', 'date = "2021-07"'),
        ('measure = "count"', 'measure = "guess"'),
        ('period = ""', 'period = "juin"'),
        ('gap = "Deux comptes."', 'gap = ""'),
        (', period = ""', ""),
    ],
)
def test_a_wrong_comparison_is_named(tmp_path, old, new):
    assert old in COMPARISON
    with pytest.raises(CatalogError, match="comparaison 1"):
        load_comparisons(write(tmp_path, ENTRY, comparisons=[COMPARISON.replace(old, new)]))


@pytest.mark.parametrize("text", ["", "reperes = []", "reperes = 3", "reperes = [3]", "[["])
def test_another_document(tmp_path, text):
    path = tmp_path / "reperes.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError):
        load_reperes(path)
