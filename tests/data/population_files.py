"""Small hand-made files of the CNAM, INSEE and territories, in their official formats; every figure is invented."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import openpyxl
import shapely

from tests.data.tiny_mirror import DEPARTEMENT_CODES, commune_of, corner_of

GP = "Médecins généralistes"


def text(rows: list[list[Any]], separator: str = ";") -> bytes:
    """Return a delimited text as INSEE and Opendatasoft write it."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode()


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def archive(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, contents in files.items():
            opened.writestr(name, contents)
    return stream.getvalue()


# --- CNAM -------------------------------------------------------------------------------------------------------------

TERRITORY_LABELS = ["annee", "profession_sante", "region", "libelle_region", "departement", "libelle_departement"]


def cnam_line(year: str, profession: str, region: str, departement: str, *values: Any) -> list[Any]:
    return [year, profession, region, "Région", departement, "Département", *values]


COUNTS = text(
    [
        [*TERRITORY_LABELS, "classe_age", "libelle_classe_age", "libelle_sexe", "effectif", "densite"],
        *(
            cnam_line(year, GP, region, departement, "tout_age", "Tout âge", "tout sexe", n, "1,0")
            for year, of_year in {
                "2023": ["118", "NS", "118", "3", "121"],
                "2024": ["120", "7", "120", "7", "127"],
            }.items()
            for (region, departement), n in zip(
                [("76", "09"), ("04", "974"), ("76", "999"), ("04", "999"), ("99", "999")], of_year, strict=True
            )
        ),
        cnam_line("2024", GP, "76", "09", "30_34", "30-34 ans", "tout sexe", "12", "1,0"),
        cnam_line("2024", GP, "76", "09", "tout_age", "Tout âge", "femmes", "60", "1,0"),
    ]
)
"""Two years, a line of an age class and one of a sex: 2024 is the last year, 127 GPs."""

PATIENT_LISTS = text(
    [
        [*TERRITORY_LABELS, "nombre_patients_medecin_traitant", "taux_evolution_annuel"],
        cnam_line("2023", GP, "76", "09", "1 012", "+2,1 %"),
        cnam_line("2023", GP, "04", "974", "NS", "NS"),
        cnam_line("2024", GP, "76", "09", "1 034,5", "+2,2 %"),
        cnam_line("2024", GP, "04", "974", "1 101", "NS"),
        cnam_line("2024", GP, "99", "999", "1 050", "+1 %"),
    ]
)

INSTALLATIONS = text(
    [
        [*TERRITORY_LABELS, "effectif_primo_installe", "taux_evolution_annuel"],
        cnam_line("2024-01-01", GP, "76", "09", "12", ""),
        cnam_line("2024-01-01", GP, "76", "31", "NS", ""),
        cnam_line("2024-01-01", GP, "04", "974", "20", ""),
        cnam_line("2024-01-01", GP, "76", "999", "14", ""),  # 12 and a hidden 2
        cnam_line("2024-01-01", GP, "04", "999", "20", ""),
        cnam_line("2024-01-01", GP, "99", "999", "34", ""),
    ]
)

# --- INSEE ------------------------------------------------------------------------------------------------------------

PAIRS = [("09122", 9_500), ("09900", 500), ("09160", 6_100), ("09999", 40), ("75101", 700), ("75102", 800)]
"""Foix and the commune that it took in, its neighbours, Paris in two arrondissements: 10 000, 6 100, 40 and 1 500."""


def populations(*, others: int = 1_010, without: tuple[str, ...] = ("976",)) -> list[tuple[str, int]]:
    """Return the population of every commune of the tiny country, Mayotte aside."""
    rest = [(commune_of(code), others) for code in DEPARTEMENT_CODES if code not in {"09", "75", *without}]
    return [*PAIRS, *rest]


def reference_csv(rows: list[tuple[str, int]]) -> bytes:
    """Give `donnees_communes.csv` of ensemble.zip."""
    labels = ["REG", "Région", "DEP", "CODARR", "CODCAN", "CODCOM", "COM", "Commune", "PMUN", "PCAP", "PTOT"]
    lines = [["84", "R", code[:2], "2", "08", code[2:], code, f"Ville de {code}", n, 16, n + 16] for code, n in rows]
    return text([labels, *lines])


def ages_csv(rows: list[tuple[str, int]]) -> bytes:
    """Give `TD_POP1B_2021.csv`: each commune's people in equal parts over 0 to 100 years and two sexes."""
    lines = [
        ["COM", code, f"Ville de {code}", sex, f"{age:03d}", f"{n / 202:.12f}"]
        for code, n in rows
        for sex in (1, 2)
        for age in range(101)
    ]
    return text([["NIVGEO", "CODGEO", "LIBGEO", "SEXE", "AGED100", "NB"], *lines])


OUTLOOK_AGES = ["[0;5[", "[5;65[", "[65;+]"]


def outlook_sheet(zones: list[str], value: float = 100.0) -> list[list[Any]]:
    """Return the sheet « Population » of donnees_det_Central.xlsx: header on line 6, one line a zone, sex and class."""
    header = ["ZONE", "SEXE", "TRAGE", "POP_2018", "POP_2019", "POP_2020"]
    lines = [
        [zone, sex, age, value, value + 1, value + 2.5] for zone in zones for sex in (1, 2) for age in OUTLOOK_AGES
    ]
    return [["Projections de population"], [], ["Champ : France"], [], [], header, *lines]


def outlook_workbook(zones: list[str], value: float = 100.0) -> bytes:
    return workbook({"Documentation": [["Omphale 2022"]], "Population": outlook_sheet(zones, value)})


# --- Territories ------------------------------------------------------------------------------------------------------


def feature(properties: dict[str, Any], shape: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shape)}


def geojson(features: list[dict[str, Any]], **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", **more, "features": features}, ensure_ascii=False).encode()


def square(departement: str, *, side: float = 0.1, east: float = 0.0) -> Any:
    west, south = corner_of(departement)
    return shapely.box(west + east, south, west + east + side, south + side)


def shapes_geojson(*, without: tuple[str, ...] = ()) -> bytes:
    """Give the shapes of the tiny country as Etalab does; Foix comes as its two former communes, halves of a square."""
    west, south = corner_of("09")
    features = [
        feature({"code": commune_of(code), "nom": code, "departement": code}, square(code))
        for code in DEPARTEMENT_CODES
        if code not in {"09", *without}
    ]
    features += [
        feature({"code": "09122", "nom": "Foix"}, shapely.box(west, south, west + 0.05, south + 0.1)),
        feature({"code": "09900", "nom": "Absorbée"}, shapely.box(west + 0.05, south, west + 0.1, south + 0.1)),
        feature({"code": "09160", "nom": "Lavelanet"}, square("09", east=0.1)),
        feature({"code": "97501", "nom": "Miquelon"}, shapely.box(-56.4, 47.0, -56.3, 47.1)),
    ]
    return geojson(features)


def cpts_geojson(**more: Any) -> bytes:
    """Return three CPTS: one over Foix and Lavelanet, one in a quarter of Paris, and a project over the Ain."""
    return geojson(
        [
            feature(
                {"id_cpts": 1, "nom_cpts": "CPTS du Pays de Foix", "num_finess": "090004300", "statut": "ACI signé"},
                square("09", side=0.2).buffer(0.001),
            ),
            feature(
                {"id_cpts": 2, "nom_cpts": "CPTS Paris Centre", "num_finess": None, "statut": "Signataire ACI"},
                square("75", side=0.01),
            ),
            feature({"id_cpts": 3, "nom_cpts": "CPTS de l'Ain", "num_finess": "", "statut": "Projet"}, square("01")),
        ],
        **more,
    )


ZONES = text(
    [
        ["Zonage conventionnel des médecins généralistes", "", ""],
        ["Code", "Libellé", "Zonage_MG"],
        ["code", "libelle", "z_gene"],
        ["09122", "Foix", "1_ZIP"],
        ["09160", "Lavelanet", "5_ZV"],
        ["1001", "Ville de 01", "3_QPV_ZIP"],
        ["75101", "Paris 1er", "2_ZAC"],
        ["75102", "Paris 2e", "6_HZ"],
        ["97411", "Saint-Denis", "N/A - résultat non disponible"],
        ["Source : ARS", "", ""],
    ]
)
"""An export of CartoSanté: two header lines, the leading zero of 01001 lost."""


# --- Cells of 200 m ---------------------------------------------------------------------------------------------------

CELL_LABELS = [
    "idcar_200m", "idcar_1km", "idcar_nat", "i_est_200", "i_est_1km", "lcog_geo", "ind", "men", "men_pauv", "men_1ind",
    "men_5ind", "men_prop", "men_fmp", "ind_snv", "men_surf", "men_coll", "men_mais", "log_av45", "log_45_70",
    "log_70_90", "log_ap90", "log_inc", "log_soc", "ind_0_3", "ind_4_5", "ind_6_10", "ind_11_17", "ind_18_24",
    "ind_25_39", "ind_40_54", "ind_55_64", "ind_65_79", "ind_80p", "ind_inc",
]  # fmt: skip
"""Columns of the official file of 2019."""


def cell_line(south: int, west: int, communes: str, people: str, *, imputed: int = 0, epsg: int = 3035) -> list[Any]:
    """Return a line of the official file; what we do not read is filled with a number."""
    of_200 = f"CRS{epsg}RES200mN{south}E{west}"
    of_1000 = f"CRS{epsg}RES1000mN{south // 1000 * 1000}E{west // 1000 * 1000}"
    known = [of_200, of_1000, of_200, imputed, 0, communes, people]
    return [*known, *(["1.5"] * (len(CELL_LABELS) - len(known)))]


def cells_csv(lines: list[list[Any]], labels: list[str] = CELL_LABELS) -> bytes:
    return text([labels, *lines], ",")


CELLS = cells_csv(
    [
        cell_line(2_244_000, 3_605_000, "09122", "120.5"),
        cell_line(2_244_200, 3_605_000, "09900", "30", imputed=1),
        cell_line(2_244_400, 3_605_000, "0912209160", "41"),
        cell_line(2_889_600, 3_760_800, "75101", "800"),
        cell_line(2_889_600, 3_761_000, "7510175102", "500.25"),
    ]
)
"""Foix (which took in 09900), a cell astride it and 09160, two of Paris, one of them astride two arrondissements."""
