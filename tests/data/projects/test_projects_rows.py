"""Rows of a user's file, checked one by one; edits, imports and exports of the list that they make."""

import contextlib
import datetime as dt
import io
import json

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.terms.project_list import COLUMNS, STAGES, STRUCTURE_TYPES, empty_projects
from data.errors import DataError
from data.projects import values
from data.projects.columns import guess_columns
from data.projects.editing import advance, check_edits, editor_table, remove_all
from data.projects.fields import FIELDS
from data.projects.merging import merge
from data.projects.places import PlaceError, load_places
from data.projects.reading import RawTable, read_file
from data.projects.rows import check_rows
from data.projects.schema import conform
from data.projects.template import TO_CORRECT, write_corrections, write_template
from data.projects.values import CellError
from data.projects.written import HEADS, write_geojson, written_table
from reports.figures.tables import write_csv, write_xlsx

TODAY = dt.date(2026, 11, 22)
GOOD = {"Nom": "MSP du Lac", "Type": "MSP", "Commune": "Mende", "Étape": "Projet"}


@pytest.fixture(scope="module")
def places():
    return load_places()


@pytest.fixture
def check(places):
    def check_rows_of(*rows, defaults=None):
        table = raw(*rows)
        return check_rows(table, guess_columns(table.header), places, today=TODAY, defaults=defaults)

    return check_rows_of


def raw(*rows):
    header = list(dict.fromkeys(label for row in rows for label in row))
    cells = [[row.get(label, "") for label in header] for row in rows]
    return RawTable("projets.csv", "csv", header, cells, list(range(2, len(rows) + 2)))


def only(checked):
    assert [fault.reason for fault in checked.faults] == []
    assert len(checked.projects) == 1
    return checked.projects.iloc[0]


def reason(checked):
    assert checked.n_wrong == 1
    assert checked.projects.empty
    return checked.faults[0]


def saved(checked):
    """Return the good rows the numbers that the store would."""
    return conform(checked.projects.assign(project_id=[f"P{n:05d}" for n in range(1, len(checked.projects) + 1)]))


class TestPlaces:
    @pytest.mark.parametrize(
        ("cells", "code"),
        [
            ({"Commune": "mende"}, "48095"),
            ({"Commune": "48095"}, "48095"),
            ({"Code INSEE": "48095"}, "48095"),
            ({"Code INSEE": "1004"}, "01004"),  # a spreadsheet has eaten the zero
            ({"Code INSEE": "2a004"}, "2A004"),
            ({"Commune": "Saint Denis (93)"}, "93066"),
            ({"Commune": "St-Denis", "Département": "La Réunion"}, "97411"),
            ({"Commune": "SAINT DENIS", "Code postal": "93200"}, "93066"),
            ({"Commune": "Saint-Denis", "Code postal": "93205"}, "93066"),  # a CEDEX: its department still tells
            ({"Commune": "Canourgue (La)"}, "48034"),
            ({"Commune": "Lyon 3e"}, "69123"),
            ({"Commune": "PARIS 12 "}, "75056"),
            ({"Code INSEE": "75112"}, "75056"),
            ({"Commune": "Toulouse Cedex 9"}, "31555"),
            ({"Code postal": "31170"}, "31557"),
            ({"Longitude": "3,5012", "Latitude": "44,5172"}, "48095"),
            ({"Coordonnées": "44.5172, 3.5012"}, "48095"),
            ({"X": "739800", "Y": "6379900"}, "48095"),
            ({"Longitude": "55.45", "Latitude": "-20.88"}, "97411"),
            ({"Commune": "Nulle-Part", "Longitude": "3.5012", "Latitude": "44.5172"}, "48095"),
            ({"Code INSEE": "99999", "Commune": "Mende"}, "48095"),
        ],
    )
    def test_a_commune_by_any_of_its_names(self, check, cells, code):
        assert only(check({**{k: v for k, v in GOOD.items() if k != "Commune"}, **cells}))["commune_code"] == code

    def test_an_old_code_is_carried_to_the_commune_of_today(self, check, snapshots):
        old = snapshots("commune_history").query("relation == 'ancienne'").iloc[0]
        checked = check({**GOOD, "Commune": "", "Code INSEE": old["old_code"]})
        assert only(checked)["commune_code"] == old["commune_code"]
        assert "ancien" in checked.remarks[0].reason

    @pytest.mark.parametrize(
        ("cells", "told"),
        [
            ({"Commune": "Langonne", "Code postal": "48300"}, "« Langogne » ?"),
            ({"Commune": "Florac"}, "« Florac Trois Rivières » ?"),
            ({"Commune": "Saint-Denis"}, "4 communes portent ce nom (11339, 30247, 93066, 97411)"),
            ({"Commune": "Mende", "Département": "31"}, "celles de ce nom : Mende (48095)"),
            ({"Commune": "Mende", "Département": "Nulle part"}, "un département"),
            ({"Code INSEE": "48000"}, "code postal"),
            ({"Commune": ""}, "une commune"),
            ({"Code postal": "48400"}, "partagent ce code postal"),
            ({"Commune": "", "Longitude": "-40", "Latitude": "30"}, "coordonnées dans une commune"),
            ({"Longitude": "3.5"}, "longitude et latitude"),
            ({"Longitude": "3° 30′", "Latitude": "44"}, "un nombre"),
            ({"Coordonnées": "ici"}, "deux nombres"),
        ],
    )
    def test_a_place_that_cannot_be_found_says_what_to_write(self, check, cells, told):
        empty = {} if "Longitude" in cells or "Coordonnées" in cells else {"Commune": ""}
        assert told in reason(check(GOOD | empty | cells)).reason

    def test_swapped_and_projected_coordinates_are_repaired_and_said(self, check):
        straight = only(check(GOOD | {"Longitude": "3.5012", "Latitude": "44.5172"}))
        swapped = check(GOOD | {"Longitude": "44.5172", "Latitude": "3.5012"})
        assert tuple(only(swapped)[["longitude", "latitude"]]) == tuple(straight[["longitude", "latitude"]])
        assert "inversées" in swapped.remarks[0].reason
        metric = check(GOOD | {"X": "739800", "Y": "6379900"})
        assert only(metric)["longitude"] == pytest.approx(3.5, abs=0.01)
        assert "converties" in metric.remarks[0].reason
        assert straight["point_origin"] == "donne"

    @pytest.mark.parametrize(("x", "y", "told"), [("2.35", "48.85", "km hors"), ("0.1", "89.9", "hors de ce")])
    def test_a_point_far_from_its_commune_is_not_believed(self, check, places, x, y, told):
        checked = check(GOOD | {"Longitude": x, "Latitude": y})
        row = only(checked)
        assert row["point_origin"] == "commune"
        assert row["longitude"] == places.homes["48095"]["longitude"]
        assert told in checked.remarks[0].reason

    def test_a_name_that_is_not_the_one_of_its_code_is_said(self, check):
        checked = check(GOOD | {"Code INSEE": "48061"})
        assert only(checked)["commune_code"] == "48061"
        assert "le code l’emporte" in checked.remarks[0].reason

    def test_points_in_communes_as_the_slow_twin_finds_them(self, places):
        """Twin: every shape asked, one after the other."""
        rng = np.random.default_rng(4)
        x, y = pd.Series(rng.uniform(3.0, 4.0, 15)), pd.Series(rng.uniform(44.2, 44.9, 15))
        found = places.commune_shapes.communes_at(x, y)
        shapes = gpd.GeoSeries(
            places.commune_shapes.shapes.geometry.to_numpy(), index=places.commune_shapes.shapes["commune_code"]
        )
        for longitude, latitude, code in zip(x, y, found, strict=True):
            point = gpd.points_from_xy([longitude], [latitude])[0]
            assert list(shapes.index[shapes.contains(point)]) == [code]


class TestCells:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2025-03-15", "2025-03-15"), ("15/03/2025", "2025-03-15"), ("5.3.25", "2025-03-05"),
            ("2025-03-15T10:00:00Z", "2025-03-15"), ("15/03/2025 00:00", "2025-03-15"), ("15 mars 2025", "2025-03-15"),
            ("1er août 2025", "2025-08-01"), ("mars 2025", "2025-03-01"), ("déc. 2019", "2019-12-01"),
            ("lundi 3 février 2025", "2025-02-03"), ("03/2025", "2025-03-01"), ("2025-03", "2025-03-01"),
            ("T3 2025", "2025-07-01"), ("2e trimestre 2025", "2025-04-01"), ("2025", "2025-01-01"),
            ("45731", "2025-03-15"),
        ],
    )  # fmt: skip
    def test_days_as_french_lists_write_them(self, text, day):
        assert values.read_day(text)[0].isoformat() == day

    @pytest.mark.parametrize("text", ["31/02/2025", "1900", "12/13/2025", "bientôt", "mars", "3025-01-01", "0"])
    def test_what_is_not_a_day(self, text):
        with pytest.raises(CellError, match="un jour"):
            values.read_day(text)

    @pytest.mark.parametrize("stage", STAGES)
    def test_a_stage_by_its_key_and_its_label(self, stage):
        assert values.read_stage(stage) == values.read_stage(STAGES[stage].upper()) == stage

    def test_stages_as_lists_write_them(self):
        for text, stage in {
            "2 - En projet": "projet", "labellisée": "valide_ars", "En fonctionnement": "ouvert", "ACI": "aci_signe",
            "Sans suite": values.ABANDONED, "réflexion": "idee",
        }.items():  # fmt: skip
            assert values.read_stage(text) == stage
        with pytest.raises(CellError, match="Validé par l’ARS"):
            values.read_stage("peut-être")

    @pytest.mark.parametrize("kind", STRUCTURE_TYPES)
    def test_a_type_by_its_key_and_its_label(self, kind):
        assert values.read_type(kind) == values.read_type(STRUCTURE_TYPES[kind].lower()) == kind

    @given(st.text(max_size=30))
    def test_any_text_is_read_or_refused_by_name(self, text):
        for read in (values.read_day, values.read_stage, values.read_type, values.read_count, values.read_number,
                     values.read_pair, values.read_yes_no):  # fmt: skip
            with contextlib.suppress(CellError):
                assert read(text) is not None


class TestRows:
    def test_the_unknown_is_never_zero(self, check):
        row = only(check(GOOD | {"MG": "n.d.", "IDE": "NS", "Kinés": "", "Facilitateur": "-"}))
        assert row[["n_gp", "n_nurses", "n_physiotherapists", "n_professionals"]].isna().all()
        assert pd.isna(row["facilitator"])
        assert pd.isna(row["accompanied"])

    def test_the_total_is_given_or_the_sum_when_every_given_profession_is_known(self, check):
        assert only(check(GOOD | {"MG": "3", "IDE": "4"}))["n_professionals"] == 7
        assert only(check(GOOD | {"MG": "3", "IDE": "4", "Total PS": "9"}))["n_professionals"] == 9
        assert pd.isna(only(check(GOOD | {"MG": "3", "IDE": ""}))["n_professionals"])
        assert "somme" in reason(check(GOOD | {"MG": "3", "IDE": "4", "Total PS": "6"})).reason

    @pytest.mark.parametrize(
        ("cells", "field"),
        [
            ({"Nom": ""}, "name"),
            ({"Nom": "x" * 201}, "name"),
            ({"Type": "boulangerie"}, "structure_type"),
            ({"Type": ""}, "structure_type"),
            ({"Étape": ""}, "stage"),
            ({"Étape": "peut-être"}, "stage"),
            ({"MG": "5,5"}, "n_gp"),
            ({"MG": "-1"}, "n_gp"),
            ({"MG": "trois"}, "n_gp"),
            ({"Accompagné": "parfois"}, "accompanied"),
            ({"FINESS": "12"}, "finess_code"),
            ({"Ouvert le": "hier"}, "opened_on"),
            ({"Ouvert le": "12/03/2021"}, "opened_on"),  # open in 2021, and still a project
            ({"Étape": "Ouvert", "Ouvert le": "12/03/2030"}, "opened_on"),
            ({"Étape": "Ouvert", "Ouvert le": "12/03/2021", "Validé le": "01/01/2022"}, "opened_on"),
        ],
    )
    def test_what_is_wrong_is_told_where_it_is(self, check, cells, field):
        fault = reason(check(GOOD | cells))
        assert fault.field == field
        assert fault.line == 2
        assert fault.reason.startswith("Attendu : ")

    def test_a_good_row_loads_beside_a_wrong_one(self, check):
        checked = check(GOOD, GOOD | {"Nom": "Autre", "Étape": "?!"}, GOOD | {"Nom": "Encore"})
        assert checked.projects["name"].tolist() == ["MSP du Lac", "Encore"]
        assert (checked.n_rows, checked.n_wrong) == (3, 1)

    def test_the_same_project_twice_is_refused_the_second_time(self, check):
        checked = check(GOOD, GOOD | {"Nom": "msp du LAC"})
        assert len(checked.projects) == 1
        assert "ligne 2" in checked.faults[0].reason

    def test_the_stage_follows_from_the_last_day_reached(self, check):
        row = only(check(GOOD | {"Étape": "", "Validé le": "2024", "Ouvert le": "mars 2025"}))
        assert row["stage"] == "ouvert"
        assert row["validated_on"] == pd.Timestamp("2024-01-01")

    def test_a_day_to_come_of_a_step_is_a_forecast_and_goes_to_the_note(self, check):
        checked = check(GOOD | {"Validé le": "01/06/2028", "Note": "Belle équipe"})
        row = only(checked)
        assert pd.isna(row["validated_on"])
        assert row["note"] == "Belle équipe ; Validé prévu le 01/06/2028"

    def test_an_abandoned_project_keeps_the_stage_it_had_reached(self, check):
        assert only(check(GOOD | {"Étape": "Abandonné", "Validé le": "2023"}))["stage"] == "valide_ars"
        checked = check(GOOD | {"Étape": "sans suite"})
        row = only(checked)
        assert (row["stage"], row["abandoned"]) == ("idee", True)
        assert "inconnue" in checked.remarks[0].reason
        assert only(check(GOOD | {"Abandonné": "oui"}))["stage"] == "projet"

    def test_what_rows_do_not_say_is_what_the_reader_chose(self, check):
        row = only(check(GOOD | {"Étape": "", "Type": ""}, defaults={"stage": "idee", "structure_type": "esp"}))
        assert (row["stage"], row["structure_type"]) == ("idee", "esp")

    def test_a_facilitator_means_accompanied_unless_the_file_says_otherwise(self, check):
        assert bool(only(check(GOOD | {"Facilitateur": "Forms"}))["accompanied"])
        assert not only(check(GOOD | {"Facilitateur": "Forms", "Accompagné": "non"}))["accompanied"]

    def test_invisible_characters_and_the_apostrophe_of_exports_go(self, check):
        assert only(check(GOOD | {"Nom": "MSP\u200b\tdu\nLac"}))["name"] == "MSP du Lac"
        assert only(check(GOOD | {"Note": "'=1+1"}))["note"] == "=1+1"

    def test_the_table_is_not_changed(self, places):
        table = raw(GOOD)
        before = [list(row) for row in table.rows]
        check_rows(table, guess_columns(table.header), places, today=TODAY)
        assert table.rows == before

    @settings(max_examples=60)
    @given(cells=st.dictionaries(st.sampled_from([f.label for f in FIELDS.values()]), st.text(max_size=25), min_size=1))
    def test_any_cells_give_a_project_or_a_fault(self, cells):
        places = PLACES or PLACES.append(load_places()) or PLACES
        table = raw(GOOD | cells)
        checked = check_rows(table, guess_columns(table.header), places[0], today=TODAY)
        assert len(checked.projects) + checked.n_wrong == 1
        conform(checked.projects)

    def test_the_contract_has_the_columns_that_others_read(self):
        assert tuple(empty_projects().columns) == COLUMNS


PLACES: list = []


@settings(max_examples=40, deadline=None)
@given(noise=st.binary(max_size=200), head=st.booleans())
def test_any_file_gives_a_report_or_a_named_error(noise, head):
    places = PLACES or PLACES.append(load_places()) or PLACES
    start = "Nom;Type;Commune;Étape;MG;X;Y\nA;MSP;Mende;Projet;3;;\n".encode() if head else b""
    try:
        table = read_file(start + noise, "x.csv")
        checked = check_rows(table, guess_columns(table.header), places[0], today=TODAY)
    except DataError:
        return
    assert len(checked.projects) + checked.n_wrong == checked.n_rows


class TestMerging:
    def test_to_add_numbers_everything_anew(self, check):
        current = saved(check(GOOD))
        merged = merge(current, current, "add", frozenset())
        assert merged["project_id"].isna().tolist() == [False, True]

    def test_to_update_completes_what_is_there_and_erases_nothing(self, check):
        current = saved(check(GOOD | {"MG": "3", "IDE": "4", "Facilitateur": "Forms"}))
        fresh = check(GOOD | {"Nom": "msp du lac", "Étape": "Ouvert", "MG": "5", "Facilitateur": ""},
                      GOOD | {"Nom": "Autre"})  # fmt: skip
        merged = conform(merge(current, fresh.projects, "update", fresh.given).assign(project_id=["P00001", "P00002"]))
        first = merged.iloc[0]
        assert (first["stage"], first["n_gp"], first["n_nurses"]) == ("ouvert", 5, 4)
        assert first["n_professionals"] == 9  # the total was their sum, it follows
        assert first["facilitator"] == "Forms"
        assert merged["name"].tolist() == ["msp du lac", "Autre"]

    def test_to_update_keeps_a_total_that_was_not_the_sum(self, check):
        current = saved(check(GOOD | {"MG": "3", "Total PS": "20"}))
        fresh = check(GOOD | {"MG": "5"})
        assert merge(current, fresh.projects, "update", fresh.given)["n_professionals"].tolist() == [20]

    def test_to_replace_keeps_the_number_of_who_stays(self, check):
        current = saved(check(GOOD, GOOD | {"Nom": "Parti"}))
        fresh = check(GOOD | {"Nom": "Nouveau"}, GOOD)
        merged = merge(current, fresh.projects, "replace", fresh.given)
        assert dict(zip(merged["name"], merged["project_id"].fillna(""), strict=True)) == {
            "Nouveau": "", "MSP du Lac": "P00001",
        }  # fmt: skip

    def test_importing_twice_by_update_changes_nothing(self, check):
        checked = check(GOOD | {"MG": "3", "Ouvert le": "01/06/2028"}, GOOD | {"Nom": "B", "Facilitateur": "Forms"})
        current = saved(checked)
        again = conform(merge(current, checked.projects, "update", checked.given))
        pd.testing.assert_frame_equal(again, current)

    @pytest.mark.parametrize("mode", ["add", "update", "replace"])
    def test_the_list_may_be_empty(self, check, mode):
        assert len(merge(empty_projects(), check(GOOD).projects, mode, frozenset())) == 1


FINESS_HEADER = (
    "numero_finess_etablissement;raison_sociale;code_commune;ligneacheminement;departement;categetab;categorie;dateouv"
)
FINESS_LINES = (
    "010000001;MSP DU HAUT;053;01000 BOURG EN BRESSE;01;603;Maison de santé (L.6223-3);2018-10-11",
    "2A0000001;CENTRE;004;20000 AJACCIO;2A;124;Centre de Santé;2019-01-01",
    "970400001;CPTS DU NORD;11;97400 ST DENIS;974;604;Communautés professionnelles territoriales de santé;2020-01-01",
)


class TestExtracts:
    def read(self, text, places):
        table = read_file(text.encode(), "finess.csv")
        return check_rows(table, guess_columns(table.header, table.rows), places, today=TODAY)

    def test_an_extract_of_finess_is_read_as_published(self, places):
        checked = self.read("\n".join([FINESS_HEADER, *FINESS_LINES]), places)
        assert checked.faults == ()
        projects = checked.projects
        assert projects["commune_code"].tolist() == ["01053", "2A004", "97411"]
        assert projects["structure_type"].tolist() == ["msp", "centre_sante", "cpts"]
        assert set(projects["stage"]) == {"ouvert"}

    def test_whole_codes_win_over_codes_in_two_parts(self, places):
        lines = [f"{line};{code}" for line, code in zip(FINESS_LINES, ("01053", "2A004", "97411"), strict=True)]
        checked = self.read("\n".join([f"{FINESS_HEADER};code_insee", *lines]), places)
        assert checked.projects["commune_code"].tolist() == ["01053", "2A004", "97411"]
        assert not [said for said in checked.remarks if said.field == "commune_code"]

    @pytest.mark.mirror
    def test_all_the_msp_of_the_regional_extract_are_read(self, places, mirror):
        path = mirror / "finess_occitanie_2026" / "etablissements_occitanie.csv"
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        msp = [line for line in lines if ";603;Maison de santé" in line]
        checked = self.read("\n".join([header, *msp]), places)
        assert (len(msp), len(checked.projects), checked.faults) == (372, 372, ())

    @pytest.mark.parametrize("label", ["Date d’ouverture prévue", "Ouverture prévue", "Prévu le"])
    @pytest.mark.parametrize(("day", "is_late"), [("01/02/2020", True), ("01/02/2090", False)])
    def test_a_day_planned_is_no_day_reached_and_late_is_no_fault(self, check, label, day, is_late):
        checked = check(GOOD | {label: day, "Note": "vu"})
        assert checked.faults == ()
        row = only(checked)
        assert (row["stage"], row["note"]) == ("projet", "vu")
        assert row["opening_planned_on"] == pd.to_datetime(day, dayfirst=True)
        assert pd.isna(row["opened_on"])
        assert any("en retard" in said.reason for said in checked.remarks) == is_late

    def test_a_day_to_come_of_an_opening_is_the_one_planned(self, check):
        row = only(check(GOOD | {"Ouvert le": "01/02/2090"}))
        assert (row["stage"], row["opening_planned_on"]) == ("projet", pd.Timestamp("2090-02-01"))
        assert pd.isna(row["opened_on"])
        both = only(check(GOOD | {"Ouvert le": "01/02/2090", "Ouverture prévue le": "01/03/2090"}))
        assert both["opening_planned_on"] == pd.Timestamp("2090-03-01")

    def test_an_opening_that_happened_is_never_late_and_a_bad_day_is_a_fault(self, check):
        checked = check(GOOD | {"Étape": "Ouvert", "Ouverture prévue le": "01/02/2020"})
        assert only(checked)["opening_planned_on"] == pd.Timestamp("2020-02-01")
        assert not any("en retard" in said.reason for said in checked.remarks)
        assert [said.field for said in check(GOOD | {"Ouverture prévue le": "bientôt"}).faults] == [
            "opening_planned_on"
        ]

    @pytest.mark.parametrize("label", ["Date du premier contact", "1er contact", "Date de prise de contact"])
    def test_the_day_of_the_first_contact_is_known(self, check, label):
        assert only(check(GOOD | {label: "01/02/2020"}))["idea_on"] == pd.Timestamp("2020-02-01")


def put(row, name, value):
    """Make the change of one cell of the table on screen."""

    def change(table):
        table.loc[row, HEADS[name]] = value
        return table

    return change


class TestEdits:
    @pytest.fixture
    def listed(self, check):
        return saved(
            check(GOOD | {"MG": "3", "IDE": "4", "Longitude": "3.5012", "Latitude": "44.5172"}, GOOD | {"Nom": "Autre"})
        )

    def edited(self, listed, places, change):
        before = editor_table(listed, places)
        after = change(before.copy())
        return check_edits(listed, before, after, places, today=TODAY)

    def test_nothing_changed_is_no_change(self, listed, places):
        assert self.edited(listed, places, lambda table: table).edit is None

    def test_a_cell_a_new_row_and_a_removed_one(self, listed, places):
        def change(table):
            table.loc[0, HEADS["n_gp"]] = 5
            fresh = {HEADS["name"]: "Neuf", HEADS["structure_type"]: "CPTS", HEADS["stage"]: "Idée",
                     HEADS["commune_name"]: "Florac Trois Rivières"}  # fmt: skip
            return pd.concat([table.iloc[:1].astype("object"), pd.DataFrame([fresh])], ignore_index=True)

        checked = self.edited(listed, places, change)
        assert checked.faults == ()
        made = checked.edit(listed)
        assert dict(zip(made["name"], made["commune_code"], strict=True)) == {"MSP du Lac": "48095", "Neuf": "48061"}
        first = made[made["name"] == "MSP du Lac"].iloc[0]
        assert (first["n_gp"], first["n_professionals"], first["project_id"]) == (5, 9, "P00001")
        assert (first["longitude"], first["point_origin"]) == (3.5012, "donne")

    def test_a_wrong_cell_saves_nothing_and_says_its_row(self, listed, places):
        def change(table):
            table.loc[0, HEADS["n_gp"]] = 5
            table.loc[1, HEADS["commune_name"]] = "Saint-Denis"
            return table

        checked = self.edited(listed, places, change)
        assert checked.edit is None
        assert (checked.faults[0].line, checked.faults[0].field) == (2, "commune_name")

    def test_a_move_to_another_commune_leaves_the_old_point(self, listed, places):
        def change(table):
            table.loc[0, HEADS["commune_name"]] = "Toulouse"
            return table

        row = self.edited(listed, places, change).edit(listed).set_index("project_id").loc["P00001"]
        assert (row["commune_code"], row["point_origin"]) == ("31555", "commune")

    def test_the_name_and_commune_of_another_are_refused(self, listed, places):
        def change(table):
            table.loc[1, HEADS["name"]] = "MSP DU LAC"
            return table

        assert "déjà dans la liste" in self.edited(listed, places, change).faults[0].reason

    def test_what_others_did_meanwhile_stays(self, listed, places):
        def change(table):
            table.loc[0, HEADS["note"]] = "vu"
            return table

        theirs = listed.assign(note=["", "la leur"], stage=["projet", "ouvert"])
        made = self.edited(listed, places, change).edit(theirs).set_index("project_id")
        assert made.loc["P00001", "note"] == "vu"
        assert (made.loc["P00002", "note"], made.loc["P00002", "stage"]) == ("la leur", "ouvert")

    def joined(self, listed, places, change, theirs):
        before = editor_table(listed, places)
        checked = check_edits(listed, before, change(before.copy()), places, today=TODAY)
        assert checked.faults == ()
        made = checked.edit(theirs)
        return conform(made.assign(project_id=made["project_id"].fillna("P00099"))).set_index("project_id"), checked

    def test_two_readers_on_two_cells_of_one_row_both_keep_their_change(self, listed, places):
        theirs = listed.assign(stage=["ouvert", "projet"], facilitator=["Ana", None])
        made, checked = self.joined(listed, places, put(0, "n_gp", 9), theirs)
        row = made.loc["P00001"]
        assert (row["n_gp"], row["stage"], row["facilitator"]) == (9, "ouvert", "Ana")
        assert checked.meanwhile.lost == []
        assert "Étape « Ouvert »" in checked.meanwhile.moved[0]
        assert "Ana" in checked.meanwhile.moved[0]

    def test_two_readers_on_one_cell_the_second_is_told_what_stands_and_what_they_typed(self, listed, places):
        theirs = listed.assign(commune_code=["48061", "48095"])
        made, checked = self.joined(listed, places, put(0, "commune_name", "Toulouse"), theirs)
        assert made.loc["P00001", "commune_code"] == "48061"
        (said,) = checked.meanwhile.lost
        assert "Florac Trois Rivières (48061)" in said
        assert "Toulouse (31555)" in said

    def test_two_readers_who_say_the_same_thing_do_not_quarrel(self, listed, places):
        made, checked = self.joined(listed, places, put(0, "note", "vu"), listed.assign(note=["vu", None]))
        assert made.loc["P00001", "note"] == "vu"
        assert checked.meanwhile.lost == []

    def test_what_another_removed_does_not_come_back_and_what_another_changed_is_not_removed(self, listed, places):
        made, checked = self.joined(listed, places, put(0, "note", "vu"), listed.iloc[1:])
        assert list(made.index) == ["P00002"]
        assert "retiré ailleurs" in checked.meanwhile.lost[0]
        theirs = listed.assign(note=["la leur", None])
        made, checked = self.joined(listed, places, lambda table: table.iloc[1:], theirs)
        assert list(made.index) == ["P00001", "P00002"]
        assert "la leur" in checked.meanwhile.lost[0]

    def test_what_two_readers_add_is_added_once(self, listed, places):
        fresh = {HEADS["name"]: "Neuf", HEADS["structure_type"]: "CPTS", HEADS["stage"]: "Idée",
                 HEADS["commune_name"]: "Mende"}  # fmt: skip

        def add(table):
            return pd.concat([table.astype("object"), pd.DataFrame([fresh])], ignore_index=True)

        theirs = pd.concat([listed, listed.iloc[:1].assign(project_id="P00003", name="NEUF")], ignore_index=True)
        made, checked = self.joined(listed, places, add, theirs)
        assert list(made["name"]) == ["MSP du Lac", "Autre", "NEUF"]
        assert "deux fois" in checked.meanwhile.lost[0]
        made, checked = self.joined(listed, places, add, theirs.iloc[:2])
        assert list(made["name"]) == ["MSP du Lac", "Autre", "Neuf"]

    def test_to_advance_dates_the_stage_and_to_go_back_forgets_later_ones(self, listed):
        opened = conform(advance("P00001", "ouvert", TODAY)(listed))
        row = opened.set_index("project_id").loc["P00001"]
        assert (row["stage"], row["opened_on"]) == ("ouvert", pd.Timestamp(TODAY))
        back = conform(advance("P00001", "projet", TODAY)(opened)).set_index("project_id").loc["P00001"]
        assert back["stage"] == "projet"
        assert pd.isna(back["opened_on"])
        pd.testing.assert_frame_equal(conform(advance("P99999", "ouvert", TODAY)(listed)), listed)
        assert remove_all(listed).empty


class TestExports:
    def reread(self, contents, name, places):
        table = read_file(contents, name)
        return check_rows(table, guess_columns(table.header), places, today=TODAY)

    def full(self, check):
        return saved(
            check(
                GOOD | {"MG": "3", "IDE": "0", "Kinés": "", "Facilitateur": "Forms", "Longitude": "3.5012",
                        "Latitude": "44.5172", "Note": "=HYPERLINK(1)", "FINESS": "480001234"},
                GOOD | {"Nom": "-Autre", "Étape": "Ouvert", "Ouvert le": "12/03/2021", "Abandonné": "oui",
                        "Commune": "Saint-Denis", "Département": "974"},
            )
        )  # fmt: skip

    def test_what_is_exported_comes_back_the_same_from_each_format(self, check, places):
        listed = self.full(check)
        written = written_table(listed, places.names)
        for contents, name in (
            (write_csv(written), "x.csv"),
            (write_xlsx(written, [{"Source": "moi"}], title="Projets"), "x.xlsx"),
        ):
            checked = self.reread(contents, name, places)
            assert checked.faults == ()
            assert {"project_id", "note"} <= set(guess_columns(list(written.columns)))
            pd.testing.assert_frame_equal(checked.projects, listed)

    def test_the_geojson_is_one_and_comes_back(self, check, places):
        listed = self.full(check)
        contents = write_geojson(listed, places.names)
        features = json.loads(contents)["features"]
        assert features[0]["geometry"] == {"type": "Point", "coordinates": [3.5012, 44.5172]}
        assert features[0]["properties"][HEADS["n_gp"]] == 3
        assert features[0]["properties"][HEADS["n_physiotherapists"]] is None
        again = self.reread(contents, "x.geojson", places).projects
        same = [name for name in COLUMNS if name not in {"longitude", "latitude", "point_origin"}]
        pd.testing.assert_frame_equal(again[same], listed[same])

    def test_formulas_do_not_run(self, check, places):
        text = write_csv(written_table(self.full(check), places.names)).decode("utf-8-sig")
        assert "'=HYPERLINK(1)" in text
        assert "'-Autre" in text
        assert ";=" not in text


class TestTemplate:
    def test_the_template_filled_in_is_read_without_a_question(self, places):
        book = openpyxl.load_workbook(io.BytesIO(write_template()))
        sheet = book["Projets"]
        heads = [cell.value for cell in sheet[1]]
        assert heads == list(HEADS.values())
        filled = {"Nom": "MSP", "Type": "Centre de santé", "Commune": "Mende", "Étape": "ACI signé",
                  "ACI signé le": dt.date(2024, 5, 2), "Médecins généralistes": 4}  # fmt: skip
        for head, value in filled.items():
            sheet.cell(2, heads.index(head) + 1).value = value
        buffer = io.BytesIO()
        book.save(buffer)
        table = read_file(buffer.getvalue(), "x.xlsx")
        assert set(guess_columns(table.header)) == set(HEADS)
        row = only(check_rows(table, guess_columns(table.header), places, today=TODAY))
        assert (row["structure_type"], row["stage"], row["n_gp"]) == ("centre_sante", "aci_signe", 4)
        assert row["aci_signed_on"] == pd.Timestamp("2024-05-02")

    def test_it_lists_the_allowed_values_and_explains(self):
        book = openpyxl.load_workbook(io.BytesIO(write_template()))
        sheet = book["Projets"]
        lists = " ".join(str(rule.formula1) for rule in sheet.data_validations.dataValidation)
        for label in (*STAGES.values(), *STRUCTURE_TYPES.values()):
            assert label in lists
        assert all(cell.comment for cell in sheet[1])
        assert "vide" in str(list(book["Mode d’emploi"].iter_rows(values_only=True)))

    def test_the_empty_template_says_that_it_has_no_row(self):
        with pytest.raises(DataError, match="aucune"):
            read_file(write_template(), "x.xlsx")

    def test_the_file_comes_back_with_what_is_to_be_corrected(self, places):
        table = raw(GOOD, GOOD | {"Nom": "Faux", "Étape": "=1+1"}, GOOD | {"Nom": "Bon"})
        columns = guess_columns(table.header)
        checked = check_rows(table, columns, places, today=TODAY)
        contents = write_corrections(table, checked, columns)
        sheet = openpyxl.load_workbook(io.BytesIO(contents)).active
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0] == (TO_CORRECT, *GOOD)
        assert rows[1][1] == "Faux"
        assert "Étape : Attendu : Idée" in rows[1][0]
        wrong = sheet.cell(2, 2 + list(GOOD).index("Étape"))
        assert (wrong.value, wrong.data_type) == ("=1+1", "s")
        assert wrong.fill.fgColor.rgb.endswith("F8C9C4")
        assert sheet.cell(3, 2).fill.fill_type is None
        wrong.value = "Idée"
        buffer = io.BytesIO()
        sheet.parent.save(buffer)
        again = read_file(buffer.getvalue(), "x.xlsx")
        mended = check_rows(again, guess_columns(again.header), places, today=TODAY)
        assert mended.faults == ()
        merged = merge(saved(checked), mended.projects, "update", mended.given)
        assert sorted(merged["name"]) == ["Bon", "Faux", "MSP du Lac"]


def test_a_department_by_code_or_name(places):
    assert [places.find_departement(text) for text in ("1", "01", "2a", "lozere", "48 - Lozère", "974", "9D")] == [
        "01", "01", "2A", "48", "48", "974", "974",
    ]  # fmt: skip
    with pytest.raises(PlaceError):
        places.find_departement("99")
