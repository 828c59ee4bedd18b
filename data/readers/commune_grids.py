"""What kind of place each commune is: density, rurality, centrality, mountain, QPV (ANCT), FRR, emergency care."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from data.errors import SourceLayoutError, SourceValueError
from data.readers.delimited import read_delimited
from data.readers.documents import read_document
from data.readers.source_table import COMMUNE_CODE

DENSITY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Grands centres urbains": "1",
        "Centres urbains intermédiaires": "2",
        "Ceintures urbaines": "3",
        "Petites villes": "4",
        "Bourgs ruraux": "5",
        "Rural à habitat dispersé": "6",
        "Rural à habitat très dispersé": "7",
    }
)
"""Seven levels of INSEE's density grid, densest first; the last three are rural."""

RURALITY: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "Les ruralités résidentielles mixtes": "residentielle",
        "Les ruralités résidentielles aisées": "residentielle",
        "Les petites polarités mixtes": "petite_polarite",
        "Les petites polarités industrielles et artisanales": "petite_polarite",
        "Les ruralités productives agricoles": "productive",
        "Les ruralités productives ouvrières": "productive",
        "Les ruralités touristiques à dominante résidentielle": "touristique",
        "Les ruralités touristiques spécialisées": "touristique",
        "Hors champ : DOM ou commune urbaine": "hors_champ",
        "Commune dont le périmètre a changé depuis la réalisation de la typologie": None,
    }
)
"""The eight types of the ANCT in its own four groups; None where the source does not know."""

CENTRALITY: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "Centre majeur d'équipements et de services": "majeur",
        "Centre structurant d'équipements et de services": "structurant",
        "Centre intermédiaire d'équipements et de services": "intermediaire",
        "Centre local d'équipements et de services": "local",
        "Communes non centre": "non_centre",
        "- undefined": None,
    }
)

FRR: Final[Mapping[str, str]] = MappingProxyType(
    {
        "FRR+": "frr_plus",
        "FRR socle": "frr",
        "FRR bénéficiaire": "beneficiaire",
        "Classée FRR partiellement": "partiel",
        "FRR bénéficiaire partiellement": "beneficiaire_partiel",
        "Non classée": "non",
    }
)

_CODES: Final = "un code INSEE de commune"


def read_density(path: Path) -> pd.DataFrame:
    """Return the level of each commune in INSEE's density grid, "1" (densest) to "7".

    Source: INSEE, through the ANCT (Observatoire des territoires), file of 2026; the vintage of the grid is not stated.

    Returns
    -------
    pandas.DataFrame
        commune_code (text, sorted, unique), density_level (text).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, re-encoded, has other columns, a commune twice or an unknown label.
    """
    return _labelled(path, "niveau_densite", "density_level", DENSITY)


def read_rurality(path: Path) -> pd.DataFrame:
    """Return the group of each commune in the ANCT's rural typology: commune_code, rural_type; NA unknown.

    "hors_champ" for urban communes and overseas departments. Raises what `read_density` raises.
    """
    return _labelled(path, "niveau_ruralite", "rural_type", RURALITY)


def read_centrality(path: Path) -> pd.DataFrame:
    """Return the level of services of each commune (ANCT): commune_code, centrality; NA unknown (overseas).

    Raises what `read_density` raises.
    """
    return _labelled(path, "niveau_centralite", "centrality", CENTRALITY)


def read_mountain(path: Path) -> pd.DataFrame:
    """Give the massif of each mountain commune (ANCT): commune_code, massif (French name). Others are not in the file.

    Raises what `read_density` raises.
    """
    table = read_delimited(path, {"commune_code": "insee_com", "massif": "niveau_montagne"})
    codes = table.unique_codes("commune_code", COMMUNE_CODE, expected=_CODES)
    names = table.codes("massif", r"[0-9]{2} - Massif .+", expected="un massif : « 06 - Massif Central »")
    return _sorted(codes, "massif", names.str.slice(5))


def read_frr(path: Path) -> pd.DataFrame:
    """Return the status of each commune in « France Ruralités Revitalisation »: commune_code, frr (code of `FRR`).

    Source: DGCL, 10 July 2025. Raises what `read_density` raises.
    """
    label = "Classement FRR et FRR+ au 10 juillet 2025"
    return _labelled(path, label, "frr", FRR, code="Code_insee", separator=";")


def read_emergency_minutes(path: Path) -> pd.DataFrame:
    """Return the minutes from each commune to the nearest emergency care (SU or SMUR): commune_code, emergency_min.

    Source: DREES, end of 2019, taken second hand. Raises what `read_density` raises.
    """
    table = read_delimited(path, {"commune_code": "code", "emergency_min": "temps_acces_su_smur_min_2019"})
    codes = table.unique_codes("commune_code", COMMUNE_CODE, expected=_CODES)
    return _sorted(codes, "emergency_min", table.numbers("emergency_min", highest=600.0, unknown=frozenset({""})))


def read_qpv(path: Path) -> pd.DataFrame:
    """Return the quartiers prioritaires of each commune: qpv_code, commune_code, name.

    Source: ANCT, QPV 2024 (GeoJSON whose points are those of the communes: neither outline nor population). A quarter
    over several communes has a line in each.

    Returns
    -------
    pandas.DataFrame
        Sorted by commune_code and qpv_code, each pair once.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent or no GeoJSON, or a feature lacks its code, name or commune.
    """
    document = read_document(path)
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise SourceLayoutError(path, expected="un GeoJSON avec une liste « features »", found=type(features).__name__)
    rows = []
    for number, feature in enumerate(features, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        commune, codes, names = (str((properties or {}).get(key)) for key in ("insee_com", "code_qp", "lib_qp"))
        pairs = list(zip(codes.split(", "), names.split(", "), strict=False))
        is_whole = len(pairs) == codes.count(", ") + 1 == names.count(", ") + 1
        if not is_whole or not re.fullmatch(COMMUNE_CODE, commune):
            expected = "insee_com, et autant de codes (code_qp) que de noms (lib_qp)"
            raise SourceValueError(path, place=f"entité {number}", expected=expected, found=f"{commune} ; {codes}")
        rows += [(code, commune, " ".join(name.split())) for code, name in pairs]
    wrong = [code for code, _, _ in rows if not re.fullmatch(r"Q[NP][0-9A-Z]{6}", code)]
    if wrong:
        raise SourceValueError(path, place="« code_qp »", expected="un code QN00103M", found=", ".join(wrong[:5]))
    table = pd.DataFrame(rows, columns=["qpv_code", "commune_code", "name"], dtype="str").drop_duplicates()
    return table.sort_values(["commune_code", "qpv_code"], ignore_index=True)


def _labelled(
    path: Path,
    label: str,
    name: str,
    codes_of: Mapping[str, str] | Mapping[str, str | None],
    *,
    code: str = "insee_com",
    separator: str = ",",
) -> pd.DataFrame:
    """Return one code a commune, from a file of one French label a commune."""
    table = read_delimited(path, {"commune_code": code, name: label}, separator=separator)
    codes = table.unique_codes("commune_code", COMMUNE_CODE, expected=_CODES)
    table.require(name, table.cells[name].isin(list(codes_of)), ", ".join(codes_of))
    return _sorted(codes, name, table.cells[name].map(dict(codes_of)).astype("str"))


def _sorted(codes: "pd.Series[str]", name: str, values: "pd.Series") -> pd.DataFrame:
    return pd.DataFrame({"commune_code": codes, name: values}).sort_values("commune_code", ignore_index=True)
