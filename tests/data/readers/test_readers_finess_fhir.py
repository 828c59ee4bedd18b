"""The readers of FINESS of 8 January 2021 in FHIR form and of the MSP of May 2026, on hand-written and real files."""

import pandas as pd
import pytest

from data.errors import SourceLayoutError, SourceMissing, SourceUnreadable
from data.readers.finess_fhir import read_finess_fhir
from data.readers.finess_msp_list import read_msp_list
from tests.data.tiny_mirror import fhir_archive, fhir_site, msp_list

LILLE = {"postcode": "59000", "town": "LILLE"}
MSP = fhir_site("590000001", "603", "MSP DE LILLE", (3.06, 50.63), **LILLE)


def write(folder, *sites, name="a.tar.gz"):
    path = folder / name
    path.write_bytes(fhir_archive([resource for site in sites for resource in site]))
    return path


def test_a_site_has_its_name_address_point_and_day(tmp_path):
    read = read_finess_fhir([write(tmp_path, MSP)])
    row = read.table.loc[0]
    assert row[["finess_code", "structure_type", "name"]].tolist() == ["590000001", "msp", "MSP DE LILLE"]
    assert row["address"] == "3 RUE HAUTE, 59000 LILLE"
    assert row[["longitude", "latitude"]].tolist() == [3.06, 50.63]
    assert row["opened_on"] == pd.Timestamp("2019-05-02")
    assert read.counts["n_establishments"] == 1


def test_doubled_numbers_and_lone_locations_are_counted_and_never_shown_twice(tmp_path):
    lone = fhir_site("590000009", "603", "PERDUE", (3.0, 50.6), **LILLE)[1:]
    first, second = write(tmp_path, MSP, lone), write(tmp_path, MSP, name="b.tar.gz")
    read = read_finess_fhir([first, second])
    assert read.table["finess_code"].tolist() == ["590000001"]
    assert (read.counts["n_repeated"], read.counts["n_locations_alone"]) == (1, 1)


def test_an_establishment_without_number_is_counted_and_left(tmp_path):
    nameless = fhir_site("abc", "603", "SANS NUMERO", None, **LILLE)
    read = read_finess_fhir([write(tmp_path, MSP, nameless)])
    assert len(read.table) == 1
    assert read.counts["n_without_number"] == 1


def test_a_site_without_point_has_none(tmp_path):
    read = read_finess_fhir([write(tmp_path, fhir_site("590000001", "604", "CPTS", None, **LILLE))])
    assert read.table[["longitude", "latitude"]].isna().all(axis=None)
    assert read.counts["n_without_point"] == 1


def test_a_cut_archive_is_named(tmp_path):
    path = write(tmp_path, MSP)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(SourceUnreadable, match="archive"):
        read_finess_fhir([path])


def test_what_is_no_archive_and_what_is_absent_are_named(tmp_path):
    path = tmp_path / "a.tar.gz"
    with pytest.raises(SourceMissing):
        read_finess_fhir([path])
    path.write_bytes(b"<html>")
    with pytest.raises(SourceUnreadable):
        read_finess_fhir([path])


@pytest.mark.parametrize(
    ("resources", "error"),
    [([{"resourceType": "Patient"}], SourceLayoutError), ([[1]], SourceLayoutError), ([], SourceLayoutError)],
)
def test_an_archive_of_something_else_is_refused(tmp_path, resources, error):
    path = tmp_path / "a.tar.gz"
    path.write_bytes(fhir_archive(resources))
    with pytest.raises(error):
        read_finess_fhir([path])


def test_msp_of_may_2026_say_how_their_category_is_known(tmp_path):
    path = tmp_path / "msp.csv"
    path.write_bytes(msp_list())
    table = read_msp_list(path)
    assert table["finess_code"].is_monotonic_increasing
    assert table["category_basis"].value_counts().to_dict() == {"finess_2021": 2, "nom": 2, "douteux": 1}


def test_the_real_archives_hold_what_was_published(mirror):
    read = read_finess_fhir(sorted((mirror / "finess_national_2021").glob("*.tar.gz")))
    counted = read.table["structure_type"].value_counts()
    assert counted[["msp", "cpts", "centre_sante", "pharmacie"]].tolist() == [1_763, 103, 2_495, 21_116]
    checked = pd.read_csv(mirror / "finess_national_2021" / "DERIVED_msp_cpts_2021.csv", dtype="str")
    ours = read.table[read.table["structure_type"].isin(["msp", "cpts"])]
    assert set(ours["finess_code"]) == set(checked["finess_et"])


def test_the_real_list_has_the_sites_that_its_description_says(mirror):
    table = read_msp_list(mirror / "finess_msp_2026" / "DERIVED_msp_2026_hors_occitanie.csv")
    assert table["category_basis"].value_counts().to_dict() == {"finess_2021": 1_478, "nom": 1_229, "douteux": 48}
