"""Zoning of GPs by the ARS: the export of CartoSanté, joined to INSEE codes or not, and the ministry's workbook."""

from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from data.errors import SourceValueError
from data.readers.delimited import read_delimited
from data.readers.loose_table import COMMUNE_LABELS, label_key, read_loose_table, with_whole_codes
from data.readers.source_table import COMMUNE_CODE

ZONE_OF_LABEL: Final = MappingProxyType({"1_ZIP": "ZIP", "2_ZAC": "ZAC", "3_HZ": "HZ", "4_ZAR": "ZAR"})
"""ZIP: zone d'intervention prioritaire; ZAC: d'action complémentaire; ZAR: d'accompagnement régional; HZ: aucune."""

_UNKNOWN: Final = "N/A - résultat non disponible"

ZONE_LABELS: Final = (
    *("zonage_mg", "z_gene", "zonage", "zone", "zonage_medecin", "zonage_ars", "zonage_conventionnel", "zone_mg"),
    *("zonage_medecins_generalistes", "zonage_des_medecins_generalistes", "zone_ars"),
    "qualification_attribuee_par_l_arrete_regional",
)
"""Labels of the zone, as `label_key` gives them."""

_ZONE_OF_WORDS: Final = MappingProxyType(
    {
        "zip": "ZIP",
        "zone_d_intervention_prioritaire": "ZIP",
        "zac": "ZAC",
        "zone_d_action_complementaire": "ZAC",
        "zar": "ZAR",
        "zone_d_accompagnement_regional": "ZAR",
        "zone_d_accompagnement": "ZAR",
        # Until 2021 the third class was called « zone de vigilance ».
        "zv": "ZAR",
        "zone_de_vigilance": "ZAR",
        "hz": "HZ",
        "hv": "HZ",
        "hors_zonage": "HZ",
        "hors_vivier": "HZ",
        "non_zone": "HZ",
    }
)
_IN_PART: Final = r"(?:qpv|gq)_z(?:ip|ac|ar|v)"
"""Only a neighbourhood of the commune (quartier prioritaire, grand quartier) is in the zone: it has no one zone."""

_NO_ZONE: Final = frozenset({"", "na", "nd", "n_d", "n_a", "n_a_resultat_non_disponible", "non_renseigne"})


def read_zones(path: Path) -> pd.DataFrame:
    """Return the ARS zone of each commune, from whatever file of zones by commune an ARS or CartoSanté publishes.

    Source: CartoSanté, « zonage conventionnel des médecins généralistes » (1_ZIP, 2_ZAC, 3_QPV_ZIP…), or the national
    workbook of the ministry (sheet « Zonage_communes »). A zone is an administrative decision: it is never derived from
    an APL threshold, nor the reverse.

    Parameters
    ----------
    path
        CSV file or workbook; a CartoSanté export has two header lines.

    Returns
    -------
    pandas.DataFrame
        commune_code (text, sorted, unique; the file's own codes), zone (text: "ZIP", "ZAC", "ZAR" or "HZ"; NA where the
        file says nothing, or where only a neighbourhood of the commune is in a zone).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, lacks a column, holds an unknown zone, or a commune in two zones.
    """
    table = read_loose_table(path, {"commune_code": COMMUNE_LABELS, "zone": ZONE_LABELS})
    table = with_whole_codes(table, "commune_code", 5)
    # the second header line of CartoSanté repeats the names of the columns; its notes stand below the table
    is_commune = table.cells["commune_code"].str.fullmatch(COMMUNE_CODE)
    table.require("commune_code", is_commune | ~table.cells["commune_code"].str.contains(r"[0-9]"), "un code INSEE")
    table = table.where(commune_code=lambda codes: codes.str.fullmatch(COMMUNE_CODE))
    if table.cells.empty:
        raise SourceValueError(path, expected="des codes INSEE de communes", found="aucun")
    words = table.cells["zone"].map(label_key).str.replace(r"^[0-9]_", "", regex=True)
    in_part = words.str.fullmatch(_IN_PART)
    known = words.isin([*_ZONE_OF_WORDS, *_NO_ZONE]) | in_part
    table.require("zone", known, "ZIP, ZAC, ZAR (ou ZV), HZ")
    zones = words.map(dict(_ZONE_OF_WORDS)).astype("str")
    rows = pd.DataFrame({"commune_code": table.cells["commune_code"], "zone": zones}).drop_duplicates()
    table.require("zone", ~table.cells["commune_code"].isin(_of_several(rows)), "une seule zone par commune")
    return rows.sort_values("commune_code", ignore_index=True)


def _of_several(rows: pd.DataFrame) -> list[str]:
    return list(rows["commune_code"][rows["commune_code"].duplicated()])


def read_zoning(path: Path) -> pd.DataFrame:
    """Return the ARS zone of each commune.

    Source: CartoSanté export of June 2025, joined to INSEE codes by postcode and name: to be shown as « relevé juin
    2025, à vérifier auprès de l'ARS ». A zone is an administrative decision: it is never derived from an APL
    threshold, nor the reverse.

    Parameters
    ----------
    path
        CSV file separated by commas, UTF-8.

    Returns
    -------
    pandas.DataFrame
        commune_code (text, sorted, unique; the file's own codes, former and out-of-scope ones included), zone (text:
        "ZIP", "ZAC", "ZAR" or "HZ"; NA where the file says « N/A »: the whole of La Réunion).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, re-encoded, lacks a column, holds an unknown zone or a commune twice.
    """
    table = read_delimited(path, {"commune_code": "code_insee", "zone": "zonage_mg"})
    codes = table.unique_codes("commune_code", COMMUNE_CODE, expected="un code INSEE de cinq caractères")
    labels = table.cells["zone"]
    known = [*ZONE_OF_LABEL, _UNKNOWN]
    table.require("zone", labels.isin(known), ", ".join(known[:-1]) + f" ou « {_UNKNOWN} »")
    zones = labels.map(dict(ZONE_OF_LABEL)).astype("str")
    return pd.DataFrame({"commune_code": codes, "zone": zones}).sort_values("commune_code", ignore_index=True)
