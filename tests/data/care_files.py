"""Small hand-made files of the sources of care in the official formats: labels and quirks are real, figures are not."""

from __future__ import annotations

import io
import zipfile

import openpyxl

RPPS_LABELS = (
    *("Type d'identifiant PP", "Identifiant PP", "Identification nationale PP", "Code civilité d'exercice"),
    *("Libellé civilité d'exercice", "Code civilité", "Libellé civilité", "Nom d'exercice"),
    *("Prénom d'exercice", "Code profession", "Libellé profession", "Code catégorie professionnelle"),
    *("Libellé catégorie professionnelle", "Code type savoir-faire", "Libellé type savoir-faire"),
    *("Code savoir-faire", "Libellé savoir-faire", "Code mode exercice", "Libellé mode exercice"),
    *("Numéro SIRET site", "Numéro SIREN site", "Numéro FINESS site"),
    *("Numéro FINESS établissement juridique", "Identifiant technique de la structure"),
    *("Raison sociale site", "Enseigne commerciale site", "Complément destinataire (coord. structure)"),
    *("Complément point géographique (coord. structure)", "Numéro Voie (coord. structure)"),
    *("Indice répétition voie (coord. structure)", "Code type de voie (coord. structure)"),
    *("Libellé type de voie (coord. structure)", "Libellé Voie (coord. structure)"),
    *("Mention distribution (coord. structure)", "Bureau cedex (coord. structure)"),
    *("Code postal (coord. structure)", "Code commune (coord. structure)"),
    *("Libellé commune (coord. structure)", "Code pays (coord. structure)"),
    *("Libellé pays (coord. structure)", "Téléphone (coord. structure)", "Téléphone 2 (coord. structure)"),
    *("Télécopie (coord. structure)", "Adresse e-mail (coord. structure)", "Code Département (structure)"),
    *("Libellé Département (structure)", "Ancien identifiant de la structure", "Autorité d'enregistrement"),
    *("Code secteur d'activité", "Libellé secteur d'activité", "Code section tableau pharmaciens"),
    *("Libellé section tableau pharmaciens", "Code rôle", "Libellé rôle", "Code genre activité"),
    *("Libellé genre activité",),
)
"""Labels of Personne_activite: fifty-six, and a bar after the last one."""


def rpps_line(person: str, profession: str, commune: str, **more: str) -> list[str]:
    """Return the cells of a line; `skill`, `mode` and `category` are "", "L" and "C" unless told."""
    cells = dict.fromkeys(RPPS_LABELS, "")
    cells["Identification nationale PP"] = person
    cells["Code profession"] = profession
    cells["Code commune (coord. structure)"] = commune
    cells["Code savoir-faire"] = more.get("skill", "")
    cells["Code mode exercice"] = more.get("mode", "L")
    cells["Code catégorie professionnelle"] = more.get("category", "C")
    cells["Nom d'exercice"] = more.get("name", "ÉLUARD")
    return list(cells.values())


def rpps_file(*lines: list[str], labels: tuple[str, ...] = RPPS_LABELS, encoding: str = "utf-8") -> bytes:
    """Write an extraction, a bar after each line as the real one has."""
    return "".join("|".join(line) + "|\n" for line in (list(labels), *lines)).encode(encoding)


def bpe_file(*lines: tuple[str, str, str, object], year: int = 2024) -> bytes:
    """Write the data set DS_BPE of (code, level, type, count)."""
    rows = [f'"{code}";"{level}";"{kind}";"FACILITIES";"{year}";{n}' for code, level, kind, n in lines]
    return (
        '"GEO";"GEO_OBJECT";"FACILITY_TYPE";"BPE_MEASURE";"TIME_PERIOD";"OBS_VALUE"\n' + "\n".join(rows) + "\n"
    ).encode()


def zipped(**members: bytes) -> bytes:
    """Write a zip; `__` stands for the point of a name, which Python does not allow in a keyword."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in members.items():
            archive.writestr(name.replace("__", "."), contents)
    return buffer.getvalue()


def workbook(**sheets: list[list[object]]) -> bytes:
    """Write a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


GP_AGE_LABELS = (
    *("territoire", "region", "departement", "specialites_agregees", "specialites", "exercice", "tranche_age", "sexe"),
)


def gp_age_rows(*lines: tuple[str, str, str, object, object]) -> list[list[object]]:
    """Return the rows of the sheet Effectifs of (department, mode, age class, GPs of 2025, GPs of 2026)."""
    fixed = ["1-France métropolitaine", "84-Auvergne-Rhône-Alpes"]
    rows: list[list[object]] = [[*GP_AGE_LABELS, "effectif_2025", "effectif_2026"]]
    for departement, mode, age, before, now in lines:
        skill = ["1-Généralistes", "01-Médecine générale"]
        rows.append([*fixed, departement, *skill, mode, age, "0-Ensemble", before, now])
    return rows
