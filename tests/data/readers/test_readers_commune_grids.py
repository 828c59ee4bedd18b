"""Grids of communes, quartiers prioritaires and APL of other professions: small files, faults, official figures."""

import json

import pandas as pd
import pytest

from data.errors import DataError, SourceLayoutError, SourceMissing, SourceUnreadable, SourceValueError
from data.readers import commune_grids
from data.readers.apl_professions import read_apl_professions
from data.readers.bpe_communes import read_bpe_counts
from tests.data.tiny_mirror import apl_of_professions

DENSITY = "\ufeffinsee_com,lib_com,niveau_densite\n01004,Ambérieu,Centres urbains intermédiaires\n01001,L'A,{}\n"


def written(folder, text, name="grid.csv"):
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_density_by_code_whatever_the_mark_at_the_start(tmp_path):
    table = commune_grids.read_density(written(tmp_path, DENSITY.format("Rural à habitat dispersé")))
    assert table.to_numpy().tolist() == [["01001", "6"], ["01004", "2"]]


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        (DENSITY.format("Banlieue"), SourceValueError, "ligne 3, colonne « niveau_densite »"),
        (DENSITY.format("Bourgs ruraux") + "01001,Encore,Bourgs ruraux\n", SourceValueError, "une seule fois"),
        (DENSITY.format("Bourgs ruraux").replace("01001", "1001"), SourceValueError, "code INSEE"),
        ("insee_com,lib_com\n01001,A\n", SourceLayoutError, "niveau_densite"),
        ("", SourceUnreadable, "grid.csv"),
    ],
)
def test_a_faulty_grid_is_named(tmp_path, text, error, said):
    with pytest.raises(error, match=said):
        commune_grids.read_density(written(tmp_path, text))


def test_what_the_source_does_not_know_is_unknown(tmp_path):
    text = "insee_com,lib_com,niveau_ruralite\n01001,A, Commune dont le périmètre a changé depuis la réalisation"
    table = commune_grids.read_rurality(written(tmp_path, text + " de la typologie\n"))
    assert table["rural_type"].isna().tolist() == [True]
    minutes = commune_grids.read_emergency_minutes(
        written(tmp_path, "code,nom,temps_acces_su_smur_min_2019\n01001,A,\n01002,B,0.0\n")
    )
    assert minutes["emergency_min"].fillna(-1).tolist() == [-1, 0]  # unknown is not 0 minutes


def test_quarters_of_a_commune_are_told_apart(tmp_path):
    features = [{"properties": {"insee_com": "01053", "code_qp": "QN00101M, QN00102M", "lib_qp": "Reyssouze, Terre"}}]
    table = commune_grids.read_qpv(written(tmp_path, json.dumps({"features": features})))
    assert table.to_numpy().tolist() == [["QN00101M", "01053", "Reyssouze"], ["QN00102M", "01053", "Terre"]]
    features[0]["properties"]["lib_qp"] = "Reyssouze"  # one name for two codes
    with pytest.raises(SourceValueError, match="entité 1"):
        commune_grids.read_qpv(written(tmp_path, json.dumps({"features": features})))


def test_access_to_professions_comes_wide_without_the_gps(tmp_path):
    table = read_apl_professions(written(tmp_path, apl_of_professions(), "apl.parquet"))
    assert len(table) == 6
    assert "apl_medecin_generaliste" not in table
    assert table.loc[0, ["vintage", "unit_code", "apl_dentists", "standardised_nurses"]].tolist() == [
        2022, "09122", 150.5, 9000.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows.assign(score_apl=-1.0), "score_apl"),
        (lambda rows: rows.assign(code_commune="1"), "code_commune"),
        (lambda rows: pd.concat([rows, rows]), "une seule ligne"),
        (lambda rows: rows[rows["profession"] != "sage_femme"], "sage_femme"),
        (lambda rows: rows.drop(columns="annee"), "annee"),
    ],
)
def test_a_faulty_table_of_professions_is_named(tmp_path, change, said):
    path = written(tmp_path, apl_of_professions(), "apl.parquet")
    change(pd.read_parquet(path)).to_parquet(path)
    with pytest.raises(DataError, match=said):
        read_apl_professions(path)


def test_a_missing_and_a_broken_parquet_are_named(tmp_path):
    with pytest.raises(SourceMissing):
        read_apl_professions(tmp_path / "absent.parquet")
    with pytest.raises(SourceUnreadable, match="Parquet"):
        read_apl_professions(written(tmp_path, b"PAR1 nothing", "apl.parquet"))


def test_equipment_needs_every_type(tmp_path):
    path = written(tmp_path, "code_commune,D106,D108,D113,D265,D277,D281,D307\n01004,1,0,1,25,15,33,4\n")
    with pytest.raises(SourceLayoutError, match="D279"):
        read_bpe_counts([path], year=2024)
    other = written(tmp_path, "code_commune,D278,D279\n01005,0,2\n", "other.csv")
    table = read_bpe_counts([path, other], year=2024).table.set_index("commune_code")
    assert table.loc["01004", ["n_msp", "n_midwives"]].tolist() == [1, 0]
    assert table.loc["01005", ["n_gp", "n_physiotherapists"]].tolist() == [0, 2]


def test_the_embedded_tables_hold_what_is_published_elsewhere(snapshots):
    frr = snapshots("commune_traits")["frr"].value_counts()
    assert frr.drop("non").sum() == 19_934  # DGCL
    assert frr["frr_plus"] == 4_456
    assert (
        snapshots("qpv")["qpv_code"].nunique() == 1_493
    )  # 1 362 in metropolitan France, 131 overseas (decree of 2023)
    equipment = snapshots("bpe_communes")
    assert equipment["n_msp"].sum() == 2_586
    departements = snapshots("bpe_departements").set_index("departement_code")
    home = snapshots("communes").set_index("commune_code")["departement_code"]
    by_departement = equipment.groupby(equipment["commune_code"].map(home)).sum(numeric_only=True)
    for kind in ("n_gp", "n_nurses", "n_pharmacies", "n_dentists", "n_emergency"):  # INSEE, Statistiques locales
        assert by_departement[kind].to_dict() == departements[kind].to_dict(), kind
