"""Zoning of GPs by the ARS, joined to INSEE codes from the export of CartoSanté seen in June 2025."""

from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from data.readers.delimited import read_delimited
from data.readers.source_table import COMMUNE_CODE

ZONE_OF_LABEL: Final = MappingProxyType({"1_ZIP": "ZIP", "2_ZAC": "ZAC", "3_HZ": "HZ", "4_ZAR": "ZAR"})
"""ZIP: zone d'intervention prioritaire; ZAC: d'action complémentaire; ZAR: zone d'accompagnement; HZ: hors zonage."""

_UNKNOWN: Final = "N/A - résultat non disponible"


def read_zoning(path: Path) -> pd.DataFrame:
    """Give the ARS zone of each commune.

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
