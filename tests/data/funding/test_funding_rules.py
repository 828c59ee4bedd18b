"""The dated rules of funding: the files that we ship, the choice of an edition, and each way to get a file wrong."""

import datetime as dt
import shutil
from typing import get_args

import pytest

from coverage.funding import read_msp_rules, rules
from data.errors import DataError
from data.funding import rules as funding_rules
from data.funding.rules import (
    DEFAULT_FOLDER,
    FundingRulesError,
    load_editions,
    load_project_aids,
    load_rules,
    load_zone_aids,
)

TODAY = dt.date(2026, 11, 22)
MSP_FILE = "msp_avenant_1_2022.toml"
CPTS_FILE = "cpts_2024.toml"


@pytest.fixture
def folder(tmp_path):
    """Copy the rules that we ship, so that a test may spoil them."""
    return shutil.copytree(DEFAULT_FOLDER, tmp_path / "funding")


def spoil(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the file no longer says {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_rules_are_those_of_avenant_1():
    rules = load_rules("msp", on=TODAY)
    assert rules["edition"] == "avenant-1-2022"
    assert rules["file"] == MSP_FILE
    assert rules["point_eur"] == 7
    assert rules["reference_patients"] == 4000
    assert "avenant 2" in rules["warning"]
    assert rules["advance"]["certainty"] == "S"  # the 60 % is known from secondary sources only
    assert len(rules["line"]) == 14


def test_the_minimum_advance_and_what_is_left_out_are_said():
    rules = load_rules("msp", on=TODAY)
    assert (rules["document_date"], rules["advance"]["minimum_eur"]) == ("2022-10", 12_000)
    left = rules["not_counted"]
    assert (left["points"], left["value_eur"], left["certainty"]) == (2100, 14_800, "S")
    assert left["value_eur"] == pytest.approx(left["points"] * rules["point_eur"], rel=0.01)  # both are rounded
    for named in ("coordination externe", "niveaux 2 et 3", "nationaux", "cardiaque", "obésité", "avancé", "IPA"):
        assert named in left["text"]


def test_the_shipped_range_of_a_cpts_is_one_and_its_ends_are_tied_to_a_size_as_an_assumption():
    rules = load_rules("cpts", on=TODAY)
    assert (rules["range"]["low_eur"], rules["range"]["high_eur"]) == (287_500, 580_000)
    assert rules["range"]["condition"] == "selon la population couverte et l’atteinte des objectifs"
    assert any("lecture de Maillage" in said["text"] and said["certainty"] == "?" for said in rules["assumption"])
    sizes = rules["size"]
    assert [size.get("supposed_eur") for size in sizes] == [287_500, None, None, 580_000]
    assert [size["most_2019_eur"] for size in sizes] == [220_000, 287_000, 370_000, 450_000]
    assert [size.get("under_population") for size in sizes] == [40_000, 80_000, 175_000, None]


def test_an_unknown_edition_is_refused_with_the_list_of_the_known_ones():
    with pytest.raises(FundingRulesError, match=r"avenant-1-2022 \(document de 2022-10\).*Trouvé : avenant-9"):
        load_rules("msp", on=TODAY, edition="avenant-9")


def test_an_edition_of_a_later_document_is_refused(folder):
    text = (folder / MSP_FILE).read_text(encoding="utf-8")
    later = text.replace('"avenant-1-2022"', '"avenant-2"').replace(
        'document_date = "2022-10"', 'document_date = "2027"'
    )
    (folder / "msp_avenant_2.toml").write_text(later, encoding="utf-8")
    assert list(load_editions("msp", folder=folder)) == ["avenant-1-2022", "avenant-2"]
    assert load_rules("msp", on=TODAY, folder=folder)["edition"] == "avenant-1-2022"
    with pytest.raises(FundingRulesError, match="avenant-2, d’un document postérieur au 22/11/2026"):
        load_rules("msp", on=TODAY, edition="avenant-2", folder=folder)
    assert load_rules("msp", on=dt.date(2027, 1, 1), folder=folder)["edition"] == "avenant-2"


def test_before_the_first_document_there_is_nothing():
    with pytest.raises(FundingRulesError, match="aucune édition, d’un document postérieur"):
        load_rules("msp", on=dt.date(2016, 1, 1))


def test_an_unknown_scheme_is_refused():
    with pytest.raises(FundingRulesError, match="msp ou cpts"):
        load_editions("esp")


def test_two_files_of_one_edition_are_refused(folder):
    shutil.copy(folder / MSP_FILE, folder / "msp_copie.toml")
    with pytest.raises(FundingRulesError, match="un nom par édition"):
        load_editions("msp", folder=folder)


def test_an_empty_folder_and_a_damaged_file_are_said(tmp_path, folder):
    with pytest.raises(FundingRulesError, match="aucun"):
        load_editions("msp", folder=tmp_path / "rien")
    (folder / MSP_FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=f"{MSP_FILE}.*un fichier TOML"):
        load_editions("msp", folder=folder)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('scheme = "msp"', 'scheme = "cpts"', "scheme"),
        ('edition = "avenant-1-2022"', 'edition = ""', "edition. Attendu : un texte"),
        ('document_date = "2022-10"', "document_date = 2022-10-01", "document_date. Attendu : une année ou un mois"),
        ('document_date = "2022-10"', 'document_date = "2022-13"', "document_date"),
        ('document_date = "2022-10"', 'document_date = "2022-10"\nvalid_to = 2022-09-30', "valid_to"),
        ("minimum_eur = 12000", "minimum_eur = -1", "advance, minimum_eur"),
        ("points = 2100", "points = 0", "not_counted, points"),
        ("[not_counted]", "[left_out]", "not_counted. Attendu : une table"),
        ('certainty = "P"', 'certainty = "sûr"', "certainty"),
        ("point_eur = 7.0", 'point_eur = "7"', "point_eur"),
        ("point_eur = 7.0", "point_eur = inf", "point_eur"),
        ("reference_patients = 4000", "reference_patients = 0", "reference_patients"),
        ("share = 0.6", "share = 60", "advance, share.*au plus 1"),
        ('categories = ["prerequisite", "socle"]', 'categories = ["tout"]', "categories"),
        ("[inputs.n_months]", "[inputs.mois]", "inputs, n_months"),
        ('id = "crise"', 'id = "ouverture"', "line 2, id"),
        ('id = "crise"', 'id = "cri-se"', "line 2, id"),
        ('category = "socle"', 'category = "base"', "ligne « protocoles », category"),
        ('answer = "count"', 'answer = "nombre"', "ligne « protocoles », answer"),
        ('noun = "protocole"', "", "ligne « protocoles », noun"),
        ("repeat = 8", "repeat = 0", "ligne « protocoles », marche 1, repeat"),
        ("{ fixed_points = 800 }", "{ fixed_points = -800 }", "ligne « ouverture », marche 1, fixed_points"),
        ("[{ fixed_points = 800 }]", "[800]", "ligne « ouverture », steps 1. Attendu : une table"),
        ("[{ fixed_points = 800 }]", "[]", "ligne « ouverture », steps"),
        ("[{ fixed_points = 800 }]", "[{ repeat = 1 }]", "fixed_points ou variable"),
        ("[{ fixed_points = 800 }]", "[{ fixed_points = 800, repeat = 2 }]", "une marche"),
        ('kind = "discussed_files"', 'kind = "fichiers"', "ligne « concertations », marche 1, kind"),
        ("points = 1000, full_share", "point = 1000, full_share", "full_share, kind, points"),
        ("full_share = 0.05", "full_share = 5", "full_share"),
        ('condition = "crisis"', 'condition = "guerre"', "condition"),
        ("up_to = 8000", "up_to = 0", "bands, up_to"),
        ("{ points = 1100 }", "{ points = 1100, up_to = 9000 }", "une dernière tranche sans borne"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(folder, old, new, told):
    spoil(folder, MSP_FILE, old, new)
    with pytest.raises(FundingRulesError, match=told) as caught:
        load_rules("msp", on=TODAY, folder=folder)
    assert "Trouvé" in str(caught.value) or "trouvé" in str(caught.value)
    assert str(folder) not in str(caught.value)  # folders are nobody's business


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("size = 2", "size = 3", "taille 2"),
        ("under_population = 80000", "under_population = 30000", "taille 2, under_population"),
        ("high_eur = 580000", "high_eur = 1000", "range, high_eur"),
        ("low_eur = 287500", "", "range, low_eur"),
        ('condition = "selon', 'conditions = "selon', "range, condition"),
        ("supposed_eur = 580000", "supposed_eur = 450000", "taille 4, supposed_eur. Attendu : un bout"),
        ("most_2019_eur = 450000", "most_2019_eur = 0", "taille 4, most_2019_eur"),
        ("most_2019_eur = 450000", "under_population = 200000", "une dernière taille sans borne"),
    ],
)
def test_wrong_sizes_are_refused(folder, old, new, told):
    spoil(folder, CPTS_FILE, old, new)
    with pytest.raises(FundingRulesError, match=told):
        load_rules("cpts", on=TODAY, folder=folder)


def test_the_aids_of_a_zone_are_links_and_never_amounts(folder):
    aids = load_zone_aids()
    assert len(aids) >= 4
    for aid in aids:
        assert aid["url"].startswith("https://")
        assert set(aid["zones"]) <= {"ZIP", "ZAC", "ZAR", "HZ"}
        assert "€" not in aid["text"] + aid["label"]
    spoil(folder, funding_rules.ZONE_AIDS, "https://www.ameli.fr/medecin", "ameli")
    with pytest.raises(FundingRulesError, match="aide 1, url"):
        load_zone_aids(folder)


def test_the_aids_of_a_project_say_who_when_and_where_it_is_written(folder):
    aids = load_project_aids()
    said = " ".join(aid["label"] for aid in aids)
    for wanted in ("faisabilité", "projet de santé", "juridiques", "Démarrage", "information", "réunion", "PACTE"):
        assert wanted in said
    for aid in aids:
        assert aid["certainty"] in ("P", "S")
        assert "€" not in " ".join(map(str, aid.values()))
        assert not any(character.isdigit() for character in aid["text"])
    spoil(folder, funding_rules.PROJECT_AIDS, 'certainty = "S"', 'certainty = "sûr"')
    with pytest.raises(FundingRulesError, match="aide 1, certainty"):
        load_project_aids(folder)


def test_what_the_file_names_is_what_the_computation_knows():
    # data may not import the subject: the two lists of names are kept equal by hand, and this says when they are not
    assert set(get_args(rules.VariableKind)) == set(funding_rules.VARIABLES)
    assert get_args(rules.Category) == funding_rules.CATEGORIES
    assert get_args(rules.Answer) == funding_rules.ANSWERS
    assert read_msp_rules(load_rules("msp", on=TODAY)).line("protocoles").steps[7].fixed_points == 100
