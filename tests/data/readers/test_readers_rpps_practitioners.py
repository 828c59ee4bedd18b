"""The extraction of the RPPS: who is counted, once and where, and every fault that its file can have."""

import contextlib
import datetime as dt
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import DataError, SourceLayoutError, SourceMissing, SourceUnreadable
from data.readers import rpps_extraction
from data.readers.rpps_practitioners import PROFESSIONS, read_practitioners
from tests.data.care_files import RPPS_LABELS, rpps_file, rpps_line

NAME = "PS_LibreAcces_Personne_activite_202611200800.txt"
LINES = (
    rpps_line("A", "10", "09122", skill="SM54"),
    rpps_line("A", "10", "09122", skill="SM54"),  # two places of one commune: one person there
    rpps_line("A", "10", "75056", skill="SM54"),  # and one in another commune
    rpps_line("A", "10", "09122", skill="SM54", mode="S"),  # and one under another mode
    rpps_line("B", "10", "09122", skill="SM04"),  # a cardiologist
    rpps_line("C", "10", "09122", skill="C12"),  # the skill of another line makes him a GP
    rpps_line("C", "10", "75056", skill="SM26", mode="S"),
    rpps_line("D", "60", "09122", mode="B"),
    rpps_line("E", "60", "09122", category="E"),  # a student
    rpps_line("F", "28", "09122"),  # an optician: not counted
    rpps_line("G", "60", ""),  # without commune
    rpps_line("H", "21", "2A004", mode="S"),
)
COUNTED = {
    ("09122", "infirmier", "autre"): 1,
    ("09122", "medecin_autre", "liberal"): 1,
    ("09122", "medecin_generaliste", "liberal"): 2,
    ("09122", "medecin_generaliste", "salarie"): 1,
    ("2A004", "pharmacien", "salarie"): 1,
    ("75056", "medecin_generaliste", "liberal"): 1,
    ("75056", "medecin_generaliste", "salarie"): 1,
}


def written(folder: Path, contents: bytes, name: str = NAME) -> Path:
    path = folder / name
    path.write_bytes(contents)
    return path


def counts_of(path: Path) -> dict[tuple[str, str, str], float]:
    table = read_practitioners(path).table
    return {tuple(row[:3]): row[3] for row in table.itertuples(index=False)}


def test_each_person_is_counted_once_by_commune_profession_and_mode(tmp_path):
    read = read_practitioners(written(tmp_path, rpps_file(*LINES)))
    table = read.table
    assert {tuple(row[:3]): row[3] for row in table.itertuples(index=False)} == COUNTED
    assert list(table["commune_code"]) == sorted(table["commune_code"])
    assert read.as_of == dt.date(2026, 11, 20)
    assert read.counts == {
        "lines": 12,
        "other_professions": 1,
        "students": 1,
        "without_commune": 1,
        "lines_of_another_width": 0,
    }


def test_nothing_of_a_person_is_kept(tmp_path):
    table = read_practitioners(written(tmp_path, rpps_file(*LINES))).table
    assert list(table) == ["commune_code", "profession", "practice_mode", "n_practitioners"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_any_encoding(tmp_path, encoding):
    assert counts_of(written(tmp_path, rpps_file(*LINES, encoding=encoding))) == COUNTED


def test_any_order_of_the_columns_and_labels_of_other_years(tmp_path):
    backwards = rpps_file(*(line[::-1] for line in LINES), labels=RPPS_LABELS[::-1])
    assert counts_of(written(tmp_path, backwards)) == COUNTED
    renamed = tuple(
        label.upper()
        .replace("CODE CATÉGORIE", "Code de catégorie")
        .replace("CODE MODE EXERCICE", "Code mode d’exercice")
        for label in RPPS_LABELS
    )
    assert counts_of(written(tmp_path, rpps_file(*LINES, labels=renamed))) == COUNTED


def test_the_day_of_another_name_is_unknown(tmp_path):
    assert read_practitioners(written(tmp_path, rpps_file(*LINES), "a.txt")).as_of is None
    assert read_practitioners(written(tmp_path, rpps_file(*LINES), "a_20261399.txt")).as_of is None


def test_skills_in_a_file_of_their_own(tmp_path):
    kept = [number for number, label in enumerate(RPPS_LABELS) if label != "Code savoir-faire"]
    labels = tuple(RPPS_LABELS[number] for number in kept)
    activities = rpps_file(*([line[number] for number in kept] for line in LINES), labels=labels)
    with pytest.raises(SourceLayoutError, match="Code savoir-faire"):
        read_practitioners(written(tmp_path, activities))
    skills = "Identification nationale PP|Code profession|Code savoir-faire|\nA|10|SM54|\nC|10|SM26|\nB|10|SM04|\n"
    written(tmp_path, skills.encode(), "PS_LibreAcces_SavoirFaire_202611200800.txt")
    assert counts_of(tmp_path) == COUNTED


def test_a_folder_without_the_file_is_refused(tmp_path):
    written(tmp_path, b"x\n", "lisez-moi.txt")
    with pytest.raises(SourceLayoutError, match="lisez-moi"):
        read_practitioners(tmp_path)


def test_a_stray_bar_is_stepped_over_but_not_many(tmp_path):
    lines = [*LINES, rpps_line("Z", "60", "09122", name="DU|PONT")]
    read = read_practitioners(written(tmp_path, rpps_file(*lines)))
    assert read.counts["lines_of_another_width"] == 1
    lines += [rpps_line("Y", "60", "09122", name="DU|PONT")]
    with pytest.raises(SourceUnreadable, match="2 lignes autres"):
        read_practitioners(written(tmp_path, rpps_file(*lines)))


@pytest.mark.parametrize(
    ("contents", "error", "said"),
    [
        (b"", SourceUnreadable, "Attendu"),
        (b"<!DOCTYPE html>\n", SourceUnreadable, "HTML"),
        (b"a\0b\n", SourceUnreadable, "binaire"),
        (rpps_file(*LINES)[:-20], SourceUnreadable, "milieu de ligne"),
        (rpps_file(), SourceLayoutError, "aucun"),
        (rpps_file(rpps_line("A", "28", "09122")), SourceLayoutError, "aucun"),
        (
            rpps_file(*LINES).replace(b"Code profession|", b"Code professions|"),
            SourceLayoutError,
            "plus proche est « Code professions »",
        ),
    ],
)
def test_a_fault_is_named(tmp_path, contents, error, said):
    with pytest.raises(error, match=said):
        read_practitioners(written(tmp_path, contents))


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(SourceMissing):
        read_practitioners(tmp_path / "nowhere.txt")


def naive(lines: list[tuple[str, str, str, str, str]]) -> Counter[tuple[str, str, str]]:
    """Count as one would by hand, with sets."""
    gps = {person for person, profession, skill, _, _ in lines if profession == "10" and skill in {"SM53", "SM54"}}
    seen = set()
    for person, profession, _, mode, commune in lines:
        if profession in PROFESSIONS:
            is_gp = profession == "10" and person in gps
            name = "medecin_generaliste" if is_gp else PROFESSIONS[profession]
            seen.add((person, commune, name, {"L": "liberal", "S": "salarie"}.get(mode, "autre")))
    return Counter((commune, name, mode) for _, commune, name, mode in seen)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABCDE"),
            st.sampled_from(["10", "60", "28"]),
            st.sampled_from(["SM54", "SM53", "SM04", ""]),
            st.sampled_from(["L", "S", "B"]),
            st.sampled_from(["09122", "75056", "2B033"]),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_the_same_as_with_sets(lines):
    # "B" and the empty mode are one « autre »: a person under both is one
    written_lines = [rpps_line(who, what, where, skill=skill, mode=mode) for who, what, skill, mode, where in lines]
    expected = naive(lines)
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), rpps_file(*written_lines))
        if not expected:
            with pytest.raises(SourceLayoutError):
                read_practitioners(path)
        else:
            assert counts_of(path) == dict(expected)


def test_blocks_do_not_change_the_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(rpps_extraction, "_BLOCK_BYTES", 4096)
    assert counts_of(written(tmp_path, rpps_file(*LINES * 50))) == COUNTED


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 3000), st.booleans())
def test_never_a_crash_without_a_named_error(junk, place, inside):
    good = rpps_file(*LINES)
    place = min(place, len(good))
    contents = good[:place] + junk + good[place:] if inside else junk
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(DataError):
        read_practitioners(written(Path(folder), contents))
