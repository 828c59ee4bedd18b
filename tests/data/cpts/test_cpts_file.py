"""A user's own list of CPTS: read whatever its form, each doubtful line said, kept from one visit to the next."""

import contextlib
import datetime as dt
import io
import json

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contracts.check import check
from data.cpts.reading import read_cpts_file
from data.cpts.saved import CptsList, forget_list, list_path, load_list, read_list, write_list
from data.errors import DataError, SourceLayoutError, SourceUnreadable

COMMUNES = pd.DataFrame(
    {
        "commune_code": ["01004", "11339", "2A004", "30247", "48061", "48095", "69123"],
        "name": [
            "Ambérieu-en-Bugey",
            "Saint-Denis",
            "Ajaccio",
            "Saint-Denis",
            "Florac Trois Rivières",
            "Mende",
            "Lyon",
        ],
        "departement_code": ["01", "11", "2A", "30", "48", "48", "69"],
    }
).astype("str")
LYON = [f"6938{rank}" for rank in range(1, 10)]
HISTORY = pd.DataFrame(
    {
        "old_code": ["48186", *LYON],
        "commune_code": ["48061", *["69123"] * 9],
        "relation": ["ancienne", *["arrondissement"] * 9],
    }
).astype("str")
DEPARTEMENTS = pd.DataFrame(
    {
        "departement_code": ["01", "11", "2A", "30", "48", "69"],
        "name": ["Ain", "Aude", "Corse-du-Sud", "Gard", "Lozère", "Rhône"],
    }
).astype("str")


def read(text, name="liste.csv", **options):
    contents = text if isinstance(text, bytes) else text.encode()
    return read_cpts_file(contents, name, COMMUNES, HISTORY, DEPARTEMENTS, **options)


def pairs(reading):
    return list(reading.perimeters[["cpts_id", "commune_code"]].itertuples(index=False, name=None))


def workbook(rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return buffer.getvalue()


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_separator_and_encoding_gives_the_same_perimeters(separator, encoding):
    lines = [("Nom de la CPTS", "Code INSEE"), ("CPTS Lozère", "48095"), ("CPTS Lozère", "48061")]
    reading = read("\n".join(separator.join(line) for line in lines).encode(encoding))
    assert pairs(reading) == [("cpts-lozere", "48061"), ("cpts-lozere", "48095")]
    assert reading.perimeters["name"].tolist() == ["CPTS Lozère"] * 2
    assert reading.report.empty
    check("cpts_perimeters", reading.perimeters, complete=False)


def test_a_workbook_under_a_title_with_codes_as_numbers():
    rows = [("Liste des CPTS", ""), ("CPTS", "code commune"), ("Bugey", 1004), ("Lozère", 48095)]
    reading = read(workbook(rows), "liste.xlsx")
    assert pairs(reading) == [("bugey", "01004"), ("lozere", "48095")]
    (line,) = reading.report.to_dict("records")
    assert line["kept"]
    assert "zéro perdu" in line["reason"]


def test_old_codes_are_carried_and_those_that_no_longer_exist_are_listed():
    reading = read("CPTS;Code commune\nA;48186\nA;48999\nA;97701\nA;48095\n")
    assert pairs(reading) == [("a", "48061"), ("a", "48095")]
    told = {row["commune"]: row for row in reading.report.to_dict("records")}
    assert told["48186"]["kept"]
    assert told["48186"]["reason"] == "ancien code 48186 : aujourd’hui Florac Trois Rivières (48061)"
    assert not told["48999"]["kept"]
    assert "absent de la liste actuelle" in told["48999"]["reason"]
    assert "hors champ" in told["97701"]["reason"]
    assert told["48999"]["line"] == 3


def test_communes_by_name_ask_for_the_department_where_two_have_it():
    text = (
        "CPTS;Commune;Département\nA;MENDE;\nA;St Denis;\nA;Saint-Denis;Gard\nA;Saint-Denis;11\n"
        "A;Ambérieu-en-Bugey;1\nA;Nulle-Part;48\nA;Mende;Atlantide\n"
    )
    reading = read(text)
    assert [code for _, code in pairs(reading)] == ["01004", "11339", "30247", "48095"]
    reasons = dict(zip(reading.report["line"], reading.report["reason"], strict=True))
    assert reasons[3] == "2 communes s’appellent « St Denis » (11339, 30247) : donnez le code ou le département"
    assert "dans le département 48" in reasons[7]
    assert "n’est pas un département" in reasons[8]


def test_a_code_in_the_column_of_names_is_a_code():
    assert pairs(read("CPTS;Commune\nA;2a004\n")) == [("a", "2A004")]


WRITINGS = {
    "MENDE": "48095", "Mende (48)": "48095", "MENDE CEDEX": "48095", "48000 MENDE": "48095", "Mende 48": "48095",
    "florac trois rivieres": "48061", "AMBERIEU EN BUGEY": "01004", "Ambérieu-en-Bugey (01)": "01004",
    "Saint-Denis (30)": "30247", "ST DENIS 11": "11339", "Ajaccio (2A)": "2A004",
}  # fmt: skip


@pytest.mark.parametrize("written", WRITINGS)
def test_communes_are_read_as_lists_write_them(written):
    reading = read(f"CPTS;Commune\nA;{written}\n")
    assert pairs(reading) == [("a", WRITINGS[written])]
    assert reading.report.empty


@pytest.mark.parametrize(("departement", "code", "found"), [("48", "95", "48095"), ("2A", "4", "2A004")])
def test_a_code_in_two_parts_is_one(departement, code, found):
    reading = read(f"CPTS;Département;Code commune\nA;{departement};{code}\n")
    assert pairs(reading) == [("a", found)]


def test_a_line_counted_twice_is_counted_once_even_when_written_by_an_old_code():
    reading = read("CPTS;Code commune\nA;48061\nA;48186\n")
    assert pairs(reading) == [("a", "48061")]
    assert reading.report["reason"].tolist() == ["même commune de la même CPTS que la ligne 2 : comptée une fois"]


def test_a_commune_may_be_in_two_cpts():
    assert pairs(read("CPTS;Code commune\nA;48061\nB;48061\n")) == [("a", "48061"), ("b", "48061")]


def test_a_code_that_contradicts_the_name_is_kept_and_said():
    reading = read("CPTS;Code commune;Commune\nA;48095;Florac Trois Rivières\n")
    assert pairs(reading) == [("a", "48095")]
    assert "celui de Mende" in reading.report["reason"].iloc[0]


def test_identifiers_keep_two_cpts_of_one_name_apart_and_the_seat_is_kept():
    text = "Identifiant CPTS;Nom;Code commune;N° FINESS\n1;Centre;48095;480001234\n2;Centre;48061;inconnu\n"
    perimeters = read(text).perimeters
    assert perimeters["cpts_id"].tolist() == ["1", "2"]
    assert perimeters["finess_code"].tolist()[0] == "480001234"
    assert perimeters["finess_code"].isna().tolist() == [False, True]


def test_a_line_without_a_cpts_or_a_commune_is_left_out_and_the_others_are_taken():
    reading = read("CPTS;Code commune\n;48095\nA;\nA;abc\nA;48061\n")
    assert pairs(reading) == [("a", "48061")]
    assert reading.n_rows == 4
    assert reading.report["reason"].tolist() == [
        "CPTS absente",
        "commune absente",
        "« abc » n’est pas un code de commune (cinq caractères, comme 48095)",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Code commune;Population\n48095;12\n", "CPTS"),
        ("CPTS;Population\nA;12\n", "Code commune"),
        ("CPTS;Code commune\nA;00000\n", "au moins une commune"),
        ("CPTS;Code commune\n", "aucune"),
    ],
)
def test_what_lacks_is_named(text, said):
    with pytest.raises(SourceLayoutError, match=said):
        read(text)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_perimeters_or_a_named_error(contents):
    with contextlib.suppress(DataError):
        check("cpts_perimeters", read(contents).perimeters, complete=False)


CELL = st.sampled_from(["", "48095", "48186", "1004", "Mende", "Saint-Denis", "99999", "é;", "'", "2A004", "=1+1"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "A", "Zone Nord", "!!"]), CELL, CELL), min_size=1, max_size=12))
def test_no_line_is_lost_between_the_perimeters_and_the_report(rows):
    table = pd.DataFrame(rows, columns=["CPTS", "Code commune", "Commune"])
    try:
        reading = read(table.to_csv(index=False, sep=";"))
    except DataError:
        return
    left_out = (~reading.report["kept"].astype(bool)).sum()
    assert len(reading.perimeters) + left_out == reading.n_rows
    check("cpts_perimeters", reading.perimeters, complete=False)


def kept_list():
    reading = read("CPTS;Code commune;N° FINESS\nA;48061;480001234\nB;48095;\n")
    return CptsList("liste.csv", dt.date(2026, 11, 22), ("48",), reading.perimeters)


def test_a_list_is_kept_and_reopened_as_it_was(tmp_path):
    made = kept_list()
    assert load_list("poste", COMMUNES, HISTORY, tmp_path) is None
    path = list_path("poste", tmp_path)
    path.parent.mkdir()
    path.write_text(write_list(made), encoding="utf-8")
    again = load_list("poste", COMMUNES, HISTORY, tmp_path)
    pd.testing.assert_frame_equal(again.perimeters, made.perimeters)
    assert (again.name, again.read_on, again.complete_in) == (made.name, made.read_on, made.complete_in)
    assert again.digest == made.digest
    assert load_list("compte:autre", COMMUNES, HISTORY, tmp_path) is None
    forget_list("poste", tmp_path)
    forget_list("poste", tmp_path)
    assert load_list("poste", COMMUNES, HISTORY, tmp_path) is None


def test_an_owner_never_is_a_path(tmp_path):
    path = list_path("../../etc/passwd", tmp_path)
    assert path.parent == tmp_path / "cpts"


def test_communes_merged_since_are_carried_when_the_list_is_reopened():
    made = kept_list()
    text = write_list(made).replace("48095", "48186")
    again = read_list(text, "x.json", COMMUNES, HISTORY).perimeters
    assert again["commune_code"].tolist() == ["48061", "48061"]
    assert again["unit_code"].tolist() == ["48061", "48061"]


def units_of(perimeters):
    return perimeters[["cpts_id", "commune_code", "unit_code"]].to_numpy().tolist()


def test_an_arrondissement_is_a_part_of_its_city_and_no_former_code(tmp_path):
    reading = read("CPTS;Code INSEE;Commune\nA;69383;Lyon 3e Arrondissement\nB;69387;\nB;69388;\n")
    assert units_of(reading.perimeters) == [["a", "69123", "69383"], ["b", "69123", "69387"], ["b", "69123", "69388"]]
    said = reading.report["reason"].unique().tolist()
    assert said == ["arrondissement de Lyon : la CPTS n’en couvre qu’une partie"]
    check("cpts_perimeters", reading.perimeters, complete=False)
    made = CptsList("liste.csv", dt.date(2026, 11, 22), ("69",), reading.perimeters)
    again = read_list(write_list(made), "x.json", COMMUNES, HISTORY)
    pd.testing.assert_frame_equal(again.perimeters, made.perimeters)


@pytest.mark.parametrize("codes", [LYON, ["69123", "69383"], ["69383", "69123", "69383"]])
def test_all_the_arrondissements_or_the_city_itself_are_the_whole_city(codes):
    reading = read("\n".join(["CPTS;Code INSEE", *(f"A;{code}" for code in codes)]))
    assert units_of(reading.perimeters) == [["a", "69123", "69123"]]
    assert "qu’une partie" not in " ".join(reading.report["reason"])


def test_eight_arrondissements_are_not_the_city():
    reading = read("\n".join(["CPTS;Code INSEE", *(f"A;{code}" for code in LYON[:8])]))
    assert reading.perimeters["unit_code"].tolist() == LYON[:8]


def test_a_city_of_a_list_kept_before_arrondissements_may_be_a_part_of_it():
    document = json.loads(write_list(kept_list()))
    columns = ["cpts_id", "commune_code", "name", "finess_code"]
    rows = [["a", "69123", "CPTS A", None], ["a", "48095", "CPTS A", None]]
    text = json.dumps(document | {"columns": columns, "rows": rows})
    again = read_list(text, "x.json", COMMUNES, HISTORY).perimeters
    assert again[["unit_code", "extent"]].to_numpy().tolist() == [["48095", "entier"], ["69123", "partie"]]


MERGED = "CPTS;Code INSEE\n;11339\nCausses;48061\n;48095\nBugey;01004\n;99999\n;\n"


def test_a_line_without_a_cpts_is_left_aside_and_counted_until_its_owner_says():
    reading = read(MERGED)
    assert pairs(reading) == [("bugey", "01004"), ("causses", "48061")]
    assert (reading.n_rows, reading.n_left, reading.n_nameless) == (5, 3, 2)
    assert reading.report["reason"].tolist() == [
        "CPTS absente",
        "CPTS absente (celle du dessus, « Causses » ?)",
        "CPTS absente (celle du dessus, « Bugey » ?)",
    ]


def test_told_so_the_cpts_above_names_its_lines_and_each_is_said():
    reading = read(MERGED, from_above=True)
    assert pairs(reading) == [("bugey", "01004"), ("causses", "48061"), ("causses", "48095")]
    assert (reading.n_rows, reading.n_left, reading.n_nameless) == (5, 2, 2)
    said = reading.report[["line", "kept", "reason"]].to_numpy().tolist()
    assert said[0] == [2, False, "CPTS absente"]  # nothing above it
    assert said[1] == [4, True, "CPTS absente : celle du dessus, « Causses », est prise"]
    assert said[2][:2] == [6, False]
    assert said[2][2].startswith("CPTS absente : celle du dessus, « Bugey », est prise ; « 99999 » n’est pas")


def test_a_list_where_each_line_has_its_cpts_is_the_same_either_way():
    text = "CPTS;Code INSEE\nA;48061\nB;48095\n"
    assert pairs(read(text)) == pairs(read(text, from_above=True))
    assert read(text, from_above=True).report.empty
    assert read(text).n_nameless == 0


def test_a_former_name_is_the_commune_of_today_and_is_said():
    communes = COMMUNES.assign(former_names=[None, None, None, None, "La Salle-Prunet", None, None])
    text = "CPTS;Commune;Département\nA;Salle-Prunet (La);48\n"
    reading = read_cpts_file(text.encode(), "liste.csv", communes, HISTORY, DEPARTEMENTS)
    assert pairs(reading) == [("a", "48061")]
    assert reading.report["reason"].tolist() == ["« Salle-Prunet (La) » : aujourd’hui Florac Trois Rivières (48061)"]


def test_lines_left_aside_are_counted_and_kept_with_the_list():
    reading = read("CPTS;Code commune\nA;48061\nA;48061\nA;99999\n;48095\n")
    assert reading.n_left == 2  # the line that says the same thing twice hides nothing
    made = CptsList(reading.name, dt.date(2026, 1, 2), (), reading.perimeters, reading.n_left)
    again = read_list(write_list(made), "x.json", COMMUNES, HISTORY)
    assert (again.n_left, again.complete_in, again.digest) == (2, (), made.digest)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("maillage-cpts-1", "maillage-cpts-9"),
        lambda text: text.replace("entier", "à peu près"),
        lambda text: json.dumps(json.loads(text) | {"rows": []}),
        lambda text: json.dumps(json.loads(text) | {"rows": [[1]]}),
        lambda text: json.dumps(json.loads(text) | {"read_on": "hier"}),
        lambda text: json.dumps(json.loads(text) | {"n_left": float("inf")}),
        lambda _text: "[]",
        lambda _text: "null",
    ],
)
def test_a_damaged_list_is_a_clear_sentence(damage):
    with pytest.raises(SourceUnreadable, match="Chargez de nouveau votre liste"):
        read_list(damage(write_list(kept_list())), "x.json", COMMUNES, HISTORY)


def test_where_the_list_is_complete_changes_its_digest():
    made = kept_list()
    assert CptsList(made.name, made.read_on, (), made.perimeters).digest != made.digest
