"""A set of communes as readers write it, each line that names none said."""

import pandas as pd
import pytest

from data.errors import FileRefused, SourceLayoutError
from data.projects.places import load_places
from data.territories.reading import MAX_TEXT, read_territory_file, read_text


@pytest.fixture(scope="module")
def places():
    return load_places()


def reasons(reading):
    return dict(zip(reading.report["written"], reading.report["reason"], strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "48095\n48061\n48080",
        "48095 48061 48080",
        "48095;48061;48080",
        "48095, 48061, 48080,",
        " \ufeff48095\t48061|48080 \n\n",
        "Mende\nFlorac Trois Rivières\nLangogne",
        "mende ; FLORAC-TROIS-RIVIERES ; langogne",
        "MENDE (48095)\n48061 Florac\nLangogne, Lozère",
    ],
)
def test_codes_and_names_are_read_however_they_are_parted(places, text):
    reading = read_text(text, places)
    assert reading.communes == {"48095", "48061", "48080"}
    assert reading.n_left == 0


def test_what_names_no_commune_is_said_line_by_line(places):
    reading = read_text("48095\n\nAtlantis ; Langogne\nSaint-Denis\n99999\n1234567", places)
    assert reading.communes == {"48095", "48080"}
    assert reading.n_read == 6
    left = reading.report[~reading.report["kept"]]
    assert left[["line", "written"]].values.tolist() == [
        [3, "Atlantis"], [4, "Saint-Denis"], [5, "99999"], [6, "1234567"]
    ]  # fmt: skip
    assert "portent ce nom" in reasons(reading)["Saint-Denis"]
    assert all(reason.startswith("attendu ") for reason in left["reason"])


def test_old_codes_and_arrondissements_are_taken_with_the_commune_of_today_and_said(places):
    reading = read_text("69381\n13055\n74011\n48061\n48061", places)
    assert reading.communes == {"69123", "13055", "74010", "48061"}
    assert reading.n_left == 0
    told = reading.report.set_index("line")
    assert "la commune entière est prise" in told.loc[1, "reason"]
    assert "Annecy (74010)" in told.loc[3, "reason"]
    assert told.loc[5, "reason"] == "déjà à la ligne 4"


def test_a_code_that_is_a_postcode_too_is_the_code_and_it_is_said(places):
    assert "48100" in places.known.by_postcode
    reading = read_text("48100", places)
    assert reading.communes == {"48100"}
    assert "aussi un code postal" in reasons(reading)["48100"]
    assert read_text("48095,48100", places).communes == {"48095", "48100"}


def test_a_postcode_of_one_commune_is_enough(places):
    assert read_text("48220\n48095", places).communes >= {"48095"}


def test_a_text_of_nothing_and_one_too_long(places):
    for text in ("", "  \n ;;; \n", "rien du tout"):
        assert read_text(text, places).communes == frozenset()
    with pytest.raises(FileRefused):
        read_text("a" * (MAX_TEXT + 1), places)


def test_a_list_file_is_read_by_its_columns_and_may_name_the_territory(places):
    table = pd.DataFrame(
        {"Territoire": ["Pays de Mende"] * 3, "Code commune": ["48095", "", "nulle"], "Commune": ["", "Langogne", ""]}
    )
    reading = read_territory_file(table.to_csv(sep=";", index=False).encode("cp1252"), "liste.csv", places)
    assert (reading.name, reading.communes, reading.n_left) == ("Pays de Mende", {"48095", "48080"}, 1)


def test_a_file_of_one_column_needs_no_known_head(places):
    assert read_territory_file(b"mes villages\nMende\nLangogne\n", "x.csv", places).communes == {"48095", "48080"}
    with pytest.raises(SourceLayoutError, match="Code commune"):
        read_territory_file(b"couleur;forme\nrouge;rond\n", "x.csv", places)
