"""Small hand-made files in the official formats, and the accidents that can befall them.

Every figure is invented; layouts, labels, codes and quirks are those of the official files.
"""

import io
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from data.readers import (
    bassins_de_vie,
    bpe_departements,
    cnam_counts,
    commune_indicators,
    dgos_msp,
    drees_apl,
    finess,
    legal_populations,
    rpps,
    zoning,
)
from geo.codes import DEPARTEMENT_CODES


@dataclass(frozen=True)
class OfficialFile:
    """One reader and a small file that it must read.

    `model` is rows of cells (CSV), rows by sheet (workbook) or any JSON value; `renamed` is the label tests change.
    """

    name: str
    read: Callable[[Path], pd.DataFrame]
    kind: str
    model: Any
    renamed: str
    separator: str = ","
    latin_1: bool = False

    @cached_property
    def contents(self) -> bytes:
        if self.kind == "csv":
            return "".join(self.separator.join(map(_quoted, row)) + "\n" for row in self.model).encode()
        if self.kind == "json":
            return json.dumps(self.model, ensure_ascii=False, indent=1).encode()
        return _workbook(self.model)

    def with_model(self, model: Any) -> "OfficialFile":
        return replace(self, model=model)

    def shuffled(self) -> "OfficialFile":
        """Reverse the order of the columns, or of the keys of every object."""
        if self.kind == "csv":
            return self.with_model([row[::-1] for row in self.model])
        if self.kind == "json":
            return self.with_model(_reversed_keys(self.model))
        return self.with_model({sheet: [row[::-1] for row in _padded(rows)] for sheet, rows in self.model.items()})

    def without_label(self) -> "OfficialFile":
        """Rename the column or key `renamed` everywhere it is a label."""
        if self.kind == "csv":
            return self.with_model([[_renamed(cell, self.renamed) for cell in row] for row in self.model])
        if self.kind == "json":
            return self.with_model(_renamed_keys(self.model, self.renamed))
        return self.with_model(
            {
                sheet: [[_renamed(cell, self.renamed) for cell in row] for row in rows]
                for sheet, rows in self.model.items()
            }
        )

    def written(self, folder: Path, contents: bytes | None = None) -> Path:
        """Write the file (or other contents in its place) and give its path."""
        path = folder / f"{self.name}.{self.kind}"
        path.write_bytes(self.contents if contents is None else contents)
        return path


def _quoted(cell: str) -> str:
    return f'"{cell}"' if any(mark in cell for mark in ',;"\n') else cell


def _padded(rows: list[list[Any]]) -> list[list[Any]]:
    width = max(map(len, rows))
    return [[*row, *[None] * (width - len(row))] for row in rows]


def _renamed(cell: Any, label: str) -> Any:
    return f"{cell} (bis)" if cell == label else cell


def _reversed_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed_keys(value[key]) for key in reversed(value)}
    return [_reversed_keys(item) for item in value] if isinstance(value, list) else value


def _renamed_keys(value: Any, label: str) -> Any:
    if isinstance(value, dict):
        return {_renamed(key, label): _renamed_keys(item, label) for key, item in value.items()}
    return [_renamed_keys(item, label) for item in value] if isinstance(value, list) else value


def _workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


# --- DREES, APL -------------------------------------------------------------------------------------------------------

_APL_UNIT = "En nombre de consultations/visites accessibles par habitant standardisé"


def _apl_sheet(year: int, rows: list[list[Any]]) -> list[list[Any]]:
    return [
        [f"Indicateur d'accessibilité potentielle localisée (APL) {year} aux médecins généralistes"],
        [],
        [f"Millésime : {year}"],
        ["Sources : SNIIR-AM, Cnam ; \nTraitements Drees."],
        ["Champ : Omnipraticiens libéraux ; France hors Mayotte."],
        ["Lecture : … par les médecins âgés de 65 ans ou moins …"],
        ["Note : Pour calculer un APL moyen, l'APL communal doit être pondéré par la population standardisée."],
        [],
        [
            *("Code commune INSEE", "Commune", "APL aux médecins généralistes"),
            "APL aux médecins généralistes de moins de 65 ans",
            f"Population standardisée {year - 2} pour la médecine générale",
            f"Population totale {year - 2}",
        ],
        [None, None, _APL_UNIT, _APL_UNIT, "En nombre d'habitants standardisés", "En nombre d'habitants"],
        *rows,
    ]


APL_MODEL = {
    "Paramètres": [
        ["Paramètres de l'indicateur d'APL aux médecins généralistes"],
        [],
        ["Comptabilisation de l'activité"],
        [
            "Nombre de consultations, visites et téléconsultations effectuées dans l'année d'après le SNIIR-AM",
            "Nombre de consultations, visites et téléconsultations comptabilisées dans l'indicateur",
        ],
        ["Moins de 250", 0],
        ["Entre 251 et 3 600", 3600],
        ["Entre 3 601 et 6 000", "Nombre de consultations et visites effectués dans l'année"],
        ["Plus de 6 000", 6000],
        ["Exceptions : une offre de 5 400 consultations ou visites est imputée"],
        [],
        ["Décroissance de l'accessibilité avec la distance"],
        ["Temps de trajet entre communes", "Accessibilité"],
        ["Moins de  10 minutes", 1],
        ["Entre 10 et 15 minutes", 2 / 3],
        ["Entre 15 et 20 minutes", 1 / 3],
        ["Plus de 20 minutes", 0],
        [],
        ["Pondération de la population selon l'âge"],
        ["Tranche d'âge", "Poids de la tranche d'âge en 2022", "Poids de la tranche d'âge en 2023"],
        ["Moins de 5 ans", 0.93, 1.12],
        ["de 5 à 9 ans", 0.59, 0.58],
        ["Plus de 10 ans", 1.3, 1.2],
        ["Sources : DCIR 2020 et 2021, Cnam"],
    ],
    "APL 2022": _apl_sheet(
        2022,
        [
            ["01001", "L'Abergement-Clémenciat", 1.89, 1.828, 810.855, 806],
            ["2A004", "Ajaccio", 3.5, 3.1, 70000.5, 71000],
            ["75101", "Paris 1er Arrondissement", 3.123, 2.5, 15000.25, 16000],
        ],
    ),
    "APL 2023": _apl_sheet(
        2023,
        [
            ["97424", "Cilaos", 3.909, 2.754, 5193.741, 5390],
            ["01001", "L'Abergement-Clémenciat", 1.942, 1.881, 838.154, 832],
            ["2A004", "Ajaccio", None, None, 70100, 71200],
        ],
    ),
}

# --- DGOS, MSP --------------------------------------------------------------------------------------------------------


def _msp_record(msp: list[int], centres: list[int], targets: tuple[int, int]) -> dict[str, Any]:
    days = ["2021-12-31", "2022-06-30", "2022-12-31"]
    series = {
        "nb-maisons-sante": dict(zip(days, msp, strict=True)),
        "nb-centres-sante": dict(zip(days[: len(centres)], centres, strict=True)),
    }
    last = {key: max(points) for key, points in series.items()}
    return {
        "values": {key: {"value": points[last[key]], "value_date": last[key]} for key, points in series.items()},
        **{key: [{"date": day, "value": n} for day, n in points.items()] for key, points in series.items()},
        "targets": {
            key: {"target": target, "target_date": "2022-12-31"} for key, target in zip(series, targets, strict=True)
        },
    }


MSP_DEPARTEMENTS = [
    {"dep": "2A", "libelle": "Corse-du-Sud", **_msp_record([3, 4, 5], [1], (6, 0))},
    {"dep": "01", "libelle": "Ain", **_msp_record([33, 33, 35], [0, 2], (30, 5))},
    {"dep": "974", "libelle": "La Réunion", **_msp_record([10, 12, 13], [2], (11, 3))},
]
MSP_REGIONS = [{"reg": "94", "libelle": "Île de Beauté", **_msp_record([3, 4, 5], [1], (6, 0))}]
MSP_FRANCE = [_msp_record([46, 49, 53], [3, 2], (47, 8))]

# --- FINESS -----------------------------------------------------------------------------------------------------------

FINESS_LABELS = [
    *("numero_finess_etablissement", "numero finess etablissement juridique", "raison_sociale", "rslongue", "complrs"),
    *("numvoie", "typvoie", "voie", "compvoie", "compldistrib", "lieuditbp", "code_commune", "ligneacheminement"),
    *("departement", "libelle_departement", "categetab", "categorie", "siret", "codeape", "coordxet", "coordyet"),
    *("dateouv", "dateautor", "longitude", "latitude", "type d etablissements", "code_insee"),
]


def finess_row(**cells: str) -> list[str]:
    """Return a FINESS line: an MSP of Foix, but for the given cells."""
    usual = {
        "numero_finess_etablissement": "090004219",
        "raison_sociale": "MSP DU PAYS DE FOIX",
        "rslongue": "MAISON DE SANTÉ  DU PAYS DE FOIX",
        "numvoie": "12",
        "typvoie": "R",
        "voie": "DES LILAS",
        "ligneacheminement": "09000 FOIX",
        "categetab": "603",
        "categorie": "Maison de santé (L.6223-3)",
        "dateouv": "2018-10-11",
        "longitude": "1.596549728838394",
        "latitude": "42.96412464032834",
        "code_insee": "09122",
    }
    return [(usual | cells).get(label, "") for label in FINESS_LABELS]


FINESS_MODEL = [
    FINESS_LABELS,
    finess_row(),
    finess_row(numero_finess_etablissement="300017910", categetab="101", code_insee="30189", rslongue=""),
    finess_row(numero_finess_etablissement="300000001", categetab="620", dateouv="", longitude="", latitude=""),
    finess_row(numero_finess_etablissement="300000002", categetab="500", code_insee="30189"),
    finess_row(
        numero_finess_etablissement="2A0000003", categetab="604", code_insee="2A004", longitude="8.7", latitude="41.9"
    ),
    finess_row(
        numero_finess_etablissement="970400004",
        categetab="124",
        code_insee="97411",
        longitude="55.45",
        latitude="-20.88",
    ),
    finess_row(numero_finess_etablissement="300000005", categetab="355", longitude="43.8", latitude="4.36"),
    finess_row(raison_sociale="MSP EN DOUBLE"),
]

# --- CNAM -------------------------------------------------------------------------------------------------------------

CNAM_LABELS = [
    *("annee", "profession_sante", "region", "libelle_region", "departement", "libelle_departement", "classe_age"),
    *("libelle_classe_age", "libelle_sexe", "effectif", "densite", "vision_generale_all"),
]


def cnam_row(profession: str, region: str, departement: str, n: str) -> list[str]:
    """Return a CNAM line: all ages, both sexes, 2024."""
    name = "Tout département" if departement == "999" else f"Département {departement}"
    return [
        "2024",
        profession,
        region,
        "Région",
        departement,
        name,
        "tout_age",
        "Tout âge",
        "tout sexe",
        n,
        "1.0",
        "oui",
    ]


CNAM_MODEL = [
    CNAM_LABELS,
    cnam_row("Infirmiers", "94", "2A", "120"),
    cnam_row("Infirmiers", "94", "2B", "NS"),
    cnam_row("Infirmiers", "04", "974", "80"),
    cnam_row("Infirmiers", "94", "999", "123"),  # 120 and a hidden 3
    cnam_row("Infirmiers", "04", "999", "80"),
    cnam_row("Infirmiers", "99", "999", "203"),
    cnam_row("Sages-femmes, spécialisées", "94", "2A", "7"),
    cnam_row("Sages-femmes, spécialisées", "94", "999", "7"),
    cnam_row("Sages-femmes, spécialisées", "99", "999", "7"),
]

# --- INSEE ------------------------------------------------------------------------------------------------------------

BPE_LABELS = [
    *("Code", "Libellé", "Médecin généraliste (en nombre) 2024", "Taux de pauvreté 2021"),
    *("Urgences (en nombre) 2024", "Infirmier (en nombre) 2024", "Pharmacie (en nombre) 2024"),
    *("Chirurgien dentiste (en nombre) 2024", "Espérance de vie des femmes à la naissance 2024"),
    *("Espérance de vie des hommes à la naissance 2024", "Médiane du niveau de vie 2021"),
    *("Densité de population (historique depuis 1876) 2022", "Taux brut de mortalité 2024"),
    *("Taux de mortalité standardisé des 0 à 64 ans 2024", "Estimations de population 2025"),
]
_NOT_AVAILABLE = "N/A - résultat non disponible"
_BPE_ROW = ["439", "10.8", "5", "890", "160", "323", "86", "81.4", "24810", "116.5", "7.9", "1.4", "688626"]
_BPE_OVERSEAS = [
    "39",
    _NOT_AVAILABLE,
    "1",
    "154",
    "27",
    "12",
    "75.8",
    "72.8",
    _NOT_AVAILABLE,
    _NOT_AVAILABLE,
    "3.1",
    "3.3",
]

BPE_MODEL = [
    ["Insee - Statistiques locales", *[" "] * 14],
    ["Référentiel géographique : France par département", *[" "] * 14],
    BPE_LABELS,
    *([code, f"Département {code}", *_BPE_ROW] for code in DEPARTEMENT_CODES if code != "976"),
    ["976", "Mayotte", *_BPE_OVERSEAS, "329282"],
]

POPULATIONS_MODEL = {
    "III_1_insee_population_fr_commu": [
        ["objectid", "reg", "dep", "cv", "codgeo", "libgeo", *[f"p{year}_pop" for year in range(13, 22)]],
        [115658, "52", "85", "8502", "85062", "Châteauneuf", 968, 993, 1013, 1027, 1056, 1085, 1114, 1118, 1134],
        [126605, "01", "971", "97114", "971102", "Anse-Bertrand", *range(5114, 5105, -1)],
        [143465, "54", "16", "1607", "16351", "Saint-Simeux", 589, 598, 607, 610, 594, 577, None, None, None],
    ]
}

SHARE_MODEL = {
    "01001": {"nom_commune": "L'Abergement-Clémenciat", "part_personnes_agees_75_plus": 8.8},
    "2A004": {"nom_commune": "Ajaccio", "part_personnes_agees_75_plus": 11},
    "01002": {"nom_commune": "L'Abergement-de-Varey", "part_personnes_agees_75_plus": None},
}
POVERTY_MODEL = [
    ["Insee - Statistiques locales", *[" "] * 4],
    ["Référentiel géographique : France par bassin de vie", *[" "] * 4],
    ["Code", "Libellé", "Taux de pauvreté 2021", "Part des pers. âgées de 75 ans ou + 2022", "N"],
    ["01004", "Ambérieu-en-Bugey", "11.1", "8.4", "1"],
    ["2B033", "Bastia", "20", "9", "1"],
    ["46063", "Cazals", "N/A - secret statistique", "17.3", "1"],
    ["97101", "Les Abymes", _NOT_AVAILABLE, _NOT_AVAILABLE, "1"],
]
BASSINS_MODEL = [
    ["DEPCOM", "ARR", "LIB_BV2022", "BV2022", "AAV2020", "LIB_AAV2020", "N"],
    ["01001", "012", "Châtillon-sur-Chalaronne", "01093", "524", "Châtillon-sur-Chalaronne", "1"],
    ["2A004", "2A1", "Ajaccio", "2A004", "072", "Ajaccio", "1"],
    ["01002", "011", "Ambérieu-en-Bugey", "01004", "000", "Commune hors attraction des villes", "1"],
    ["97101", "9712", "Les Abymes", "97101", "9B1", "Pointe-à-Pitre - Les Abymes", "1"],
]
HEALTH_MODEL = [
    ["CartoSanté", *[" "] * 4],
    ["Référentiel géographique : France par bassin de vie", *[" "] * 4],
    ["Code", "Libellé", "Densité de généralistes lib. 2024", "Part des bénéf. en ALD dans la pop 2024", "N"],
    ["01033", "Valserhône", "3.4", "13.7", "1"],
    ["01004", "Ambérieu-en-Bugey", "9", "N/A - secret statistique", "1"],
    ["2B033", "Bastia", "10.2", "18", "1"],
    ["978ZZ", "Saint-Martin", "3.1", "9.9", "1"],
]
FEDI_MODEL = {
    "01023": {"Commune": "Asnières-sur-Saône", "EDI": -1.36},
    "01010": {"Commune": "Anglefort", "EDI": 0.5},
    "85165": {"Commune": "L'Oie", "EDI": None},
}

# --- ARS, RPPS --------------------------------------------------------------------------------------------------------

ZONING_MODEL = [
    ["code_insee", "code_postal", "nom", "zonage_mg"],
    ["2A004", "20000", "Ajaccio", "3_HZ"],
    ["01001", "01400", "L'Abergement-Clémenciat", "2_ZAC"],
    ["01002", "01640", "L'Abergement-de-Varey", "1_ZIP"],
    ["97411", "97400", "Saint-Denis", _NOT_AVAILABLE],
    ["01004", "01500", "Ambérieu-en-Bugey", "4_ZAR"],
]

_RPPS_FOOTER = [["Champ :  France entière, Source : ASIP-Sante RPPS ", "", "", ""], ["TRUE"] * 4]

RPPS_AGE_MODEL = [
    ["trage_med", "2012", "2013", "2014"],
    [" Ensemble", "215 930", "217 598", "1 000"],
    ["1- Moins de 30 ans", "2 099", "2 532", "0"],
    ["2- Entre 30 et 64 ans", "200 355", "198 418", "999"],
    ["3- 65 ans et plus", "13 476", "16 648", "1"],
    *_RPPS_FOOTER,
]
RPPS_DEPARTEMENT_MODEL = [
    ["dep_insc", "2012", "2013", "2014"],
    [" Ensemble", "5 000", "5 100", "12"],
    ["001 -Ain", "1 194", "1 199", "1"],
    ["02A -Corse-du-Sud", "471", "474", "2"],
    ["972 - Martinique", "1 004", "1 100", "3"],
    ["974 -La Réunion", "2 331", "2 327", "6"],
    *_RPPS_FOOTER,
]

OFFICIAL_FILES = [
    OfficialFile("apl", drees_apl.read_apl, "xlsx", APL_MODEL, "APL aux médecins généralistes"),
    OfficialFile("apl_parameters", drees_apl.read_apl_parameters, "xlsx", APL_MODEL, "Accessibilité"),
    OfficialFile(
        "msp_france", lambda path: dgos_msp.read_msp_series(path, "france"), "json", MSP_FRANCE, "nb-maisons-sante"
    ),
    OfficialFile("msp_regions", lambda path: dgos_msp.read_msp_series(path, "region"), "json", MSP_REGIONS, "reg"),
    OfficialFile(
        "msp_departements",
        lambda path: dgos_msp.read_msp_series(path, "departement"),
        "json",
        MSP_DEPARTEMENTS,
        "value_date",
    ),
    OfficialFile(
        "msp_targets", lambda path: dgos_msp.read_msp_targets(path, "departement"), "json", MSP_DEPARTEMENTS, "target"
    ),
    OfficialFile("finess", finess.read_finess, "csv", FINESS_MODEL, "code_insee", separator=";"),
    OfficialFile("cnam", cnam_counts.read_professionals, "csv", CNAM_MODEL, "effectif"),
    OfficialFile("cnam_export", cnam_counts.read_counts_export, "csv", CNAM_MODEL, "effectif", latin_1=True),
    OfficialFile(
        "bpe", bpe_departements.read_bpe_departements, "csv", BPE_MODEL, "Estimations de population 2025", separator=";"
    ),
    OfficialFile("populations", legal_populations.read_legal_populations, "xlsx", POPULATIONS_MODEL, "p21_pop"),
    OfficialFile(
        "share_75plus", commune_indicators.read_share_75plus, "json", SHARE_MODEL, "part_personnes_agees_75_plus"
    ),
    OfficialFile(
        "poverty_rates", bassins_de_vie.read_poverty_rates, "csv", POVERTY_MODEL, "Taux de pauvreté 2021", separator=";"
    ),
    OfficialFile("bassins_de_vie", bassins_de_vie.read_bassins_de_vie, "csv", BASSINS_MODEL, "BV2022"),
    OfficialFile("aires_attraction", bassins_de_vie.read_aires_attraction, "csv", BASSINS_MODEL, "AAV2020"),
    OfficialFile(
        "bassins_health",
        bassins_de_vie.read_health,
        "csv",
        HEALTH_MODEL,
        "Densité de généralistes lib. 2024",
        separator=";",
    ),
    OfficialFile(
        "bassins_old_age",
        bassins_de_vie.read_old_age,
        "csv",
        POVERTY_MODEL,
        "Part des pers. âgées de 75 ans ou + 2022",
        separator=";",
    ),
    OfficialFile("fedi", commune_indicators.read_fedi, "json", FEDI_MODEL, "EDI"),
    OfficialFile("zoning", zoning.read_zoning, "csv", ZONING_MODEL, "zonage_mg"),
    OfficialFile("zones", zoning.read_zones, "csv", ZONING_MODEL, "zonage_mg", latin_1=True),
    OfficialFile("rpps_age", rpps.read_doctors_by_age, "csv", RPPS_AGE_MODEL, "trage_med", latin_1=True),
    OfficialFile(
        "rpps_departements", rpps.read_doctors_by_departement, "csv", RPPS_DEPARTEMENT_MODEL, "dep_insc", latin_1=True
    ),
]
"""Every public reader of the statistical files, once."""


def official_file(name: str) -> OfficialFile:
    """Return the official file of a name, its model free to be changed."""
    found = next(file for file in OFFICIAL_FILES if file.name == name)
    return found.with_model(deepcopy(found.model))
