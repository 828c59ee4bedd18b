"""CNAM's counts: totals checked then dropped, small counts suppressed and not lost."""

import pytest

from data.errors import SourceValueError
from data.readers.cnam_counts import read_professionals
from tests.data.official_files import CNAM_LABELS, cnam_row, official_file


def read_rows(tmp_path, *rows):
    return read_professionals(official_file("cnam").with_model([CNAM_LABELS, *rows]).written(tmp_path))


def test_departments_only_and_suppressed_is_neither_zero_nor_missing_row(tmp_path):
    table = read_professionals(official_file("cnam").written(tmp_path))
    assert table["departement_code"].tolist() == ["2A", "2A", "2B", "974"]
    assert table["suppressed"].tolist() == [False, False, True, False]
    assert table["n_professionals"].tolist()[:2] == [120.0, 7.0]
    assert table["n_professionals"].isna().tolist() == [False, False, True, False]
    assert set(table["vintage"]) == {2024}


@pytest.mark.parametrize(("total", "accepted"), [("10", True), ("14", True), ("9", False), ("15", False), ("NS", True)])
def test_a_suppressed_count_is_worth_nought_to_four_in_its_total(tmp_path, total, accepted):
    # 10 known and one hidden below five: the total can only be 10 to 14.
    rows = [cnam_row("Infirmiers", "94", "2A", "10"), cnam_row("Infirmiers", "94", "2B", "NS")]
    rows += [cnam_row("Infirmiers", region, "999", total) for region in ("94", "99")]
    if accepted:
        assert len(read_rows(tmp_path, *rows)) == 2
    else:
        with pytest.raises(SourceValueError, match=f"Infirmiers, 94.*Attendu : le total.*Trouvé : {total}"):
            read_rows(tmp_path, *rows)


def test_a_file_cut_between_two_lines_shows_by_its_totals(tmp_path):
    file = official_file("cnam")
    whole_professions = 7  # lines, header included: only the checksum of the download tells such a cut
    for n in set(range(2, len(file.model))) - {whole_professions}:
        with pytest.raises(SourceValueError):
            read_professionals(file.with_model(file.model[:n]).written(tmp_path))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([cnam_row("Infirmiers", "94", "20", "1")], "code de département"),
        ([cnam_row("Infirmiers", "94", "2A", "1.5")], "nombre entier"),
        ([cnam_row("Infirmiers", "94", "2A", "")], "nombre entier ou « NS »"),
        ([cnam_row("Infirmiers", "94", "2A", "5")] * 2, "une fois par profession"),
        ([cnam_row("", "94", "2A", "5")], "une profession"),
        ([cnam_row("Infirmiers", "99", "2A", "5")], "99 pour le total"),
    ],
)
def test_a_faulty_line_is_named(tmp_path, rows, said):
    with pytest.raises(SourceValueError, match=said):
        read_rows(tmp_path, *rows)


def test_a_file_split_by_age_is_refused(tmp_path):
    row = cnam_row("Infirmiers", "94", "2A", "5")
    row[CNAM_LABELS.index("classe_age")] = "60-64"
    with pytest.raises(SourceValueError, match="tout_age"):
        read_rows(tmp_path, row)


@pytest.mark.mirror
def test_the_official_file(mirror):
    table = read_professionals(mirror / "cnam_effectifs_2024" / "toutes_specialites_departement_2024.csv")
    assert table["profession"].nunique() == 38
    assert table["departement_code"].nunique() == 101
    assert len(table) == 38 * 101
    gps = table[table["profession"] == "Ensemble des médecins généralistes"]
    assert gps["n_professionals"].sum() == 55_546
