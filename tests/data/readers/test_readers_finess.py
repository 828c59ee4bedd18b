"""FINESS: which rows are kept, and which points are trusted."""

import numpy as np
import pandas as pd
import pytest

from data.errors import SourceValueError
from data.readers.finess import read_finess
from tests.data.official_files import FINESS_LABELS, finess_row, official_file


def read_rows(tmp_path, *rows):
    return read_finess(official_file("finess").with_model([FINESS_LABELS, *rows]).written(tmp_path))


def test_keeps_the_six_categories_and_no_row_less(tmp_path):
    table = read_finess(official_file("finess").written(tmp_path))
    # Eight rows, one of them a nursing home (500) that is none of our subject.
    assert table["category_code"].value_counts().to_dict() == {
        "603": 2,
        "101": 1,
        "620": 1,
        "604": 1,
        "124": 1,
        "355": 1,
    }
    assert table["structure_type"].value_counts().to_dict() == {
        "msp": 2,
        "hopital": 2,
        "pharmacie": 1,
        "cpts": 1,
        "centre_sante": 1,
    }
    assert table["finess_code"].is_monotonic_increasing


def test_gives_name_address_commune_point_and_day(tmp_path):
    (site,) = read_rows(tmp_path, finess_row(compvoie="B", lieuditbp="BP 9")).to_dict("records")
    assert site == {
        "finess_code": "090004219",
        "structure_type": "msp",
        "category_code": "603",
        "name": "MAISON DE SANTÉ DU PAYS DE FOIX",
        "address": "12 B R DES LILAS, BP 9, 09000 FOIX",
        "commune_code": "09122",
        "longitude": 1.596549728838394,
        "latitude": 42.96412464032834,
        "opened_on": pd.Timestamp("2018-10-11"),
    }


def test_short_name_where_there_is_no_long_one_and_no_day_where_there_is_none(tmp_path):
    table = read_rows(tmp_path, finess_row(rslongue="", dateouv=""))
    assert table["name"].tolist() == ["MSP DU PAYS DE FOIX"]
    assert table["opened_on"].isna().all()


@pytest.mark.parametrize(
    ("longitude", "latitude", "commune", "trusted"),
    [
        ("1.6", "42.96", "09122", True),
        ("8.7", "41.9", "2A004", True),
        ("55.45", "-20.88", "97411", True),
        ("-61.5", "16.2", "97105", True),
        ("", "", "09122", False),
        ("1.6", "", "09122", False),  # half a point is no point
        ("42.96", "1.6", "09122", False),  # swapped
        ("0", "0", "09122", False),  # the Gulf of Guinea
        ("1.6", "42.96", "97411", False),  # a site of La Réunion in the Pyrenees
        ("55.45", "-20.88", "09122", False),
        ("1,6", "42,96", "09122", False),
        ("591683", "6208210", "09122", False),  # Lambert-93 in the wrong columns
    ],
)
def test_a_point_out_of_its_territory_is_unknown_but_its_row_is_kept(tmp_path, longitude, latitude, commune, trusted):
    table = read_rows(tmp_path, finess_row(longitude=longitude, latitude=latitude, code_insee=commune))
    assert len(table) == 1
    assert table[["longitude", "latitude"]].notna().all(axis=None) == trusted
    assert table["longitude"].isna().tolist() == table["latitude"].isna().tolist()


def test_a_repeated_number_is_kept_but_drawn_once(tmp_path):
    table = read_rows(tmp_path, finess_row(), finess_row(rslongue="LA MÊME"))
    assert table["finess_code"].tolist() == ["090004219"] * 2
    assert np.isnan(table["longitude"]).tolist() == [False, True]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"code_insee": "9122"}, "code_insee.*« 9122 »"),
        ({"numero_finess_etablissement": "90004219"}, "neuf caractères"),
        ({"dateouv": "11/10/2018"}, "une date"),
        ({"dateouv": "2018-02-30"}, "une date"),
        ({"categetab": "MSP"}, "trois chiffres"),
        ({"categetab": "500"}, "603"),  # none of the categories we came for
    ],
)
def test_a_faulty_cell_is_named(tmp_path, cells, said):
    with pytest.raises(SourceValueError, match=f"finess.csv, ligne 2, .*{said}"):
        read_rows(tmp_path, finess_row(**cells))


@pytest.mark.mirror
def test_the_official_extraction_of_occitanie(mirror):
    table = read_finess(mirror / "finess_occitanie_2026" / "etablissements_occitanie.csv")
    counts = table["structure_type"].value_counts().to_dict()
    assert counts == {"pharmacie": 1888, "msp": 372, "centre_sante": 280, "hopital": 207, "cpts": 82}
    assert table["finess_code"].is_unique
    assert table["commune_code"].str[:2].nunique() == 13
    assert table[["longitude", "latitude", "opened_on"]].notna().all(axis=None)
