"""The territorial study as a Word document that the team goes on writing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from docx.shared import Mm

from coverage.study.eligibility import STATUS_WORDS
from coverage.terms.months import format_date
from reports.figures.numbers import format_number
from reports.page.logo import as_png, size_within
from reports.page.word import (
    SOFT,
    TEXT_MM,
    add_blank,
    add_bullets,
    add_contents,
    add_note,
    add_paragraph,
    add_picture,
    add_table,
    new_document,
    to_bytes,
)
from reports.study.charts import describe_staffing, staffing_picture
from reports.study.maps import access_map, describe, map_picture, rings_map
from reports.study.tables import COMPETITION_NOTE, NATURE_NOTE, WORK_NOTE, staffing_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from reports.figures.facts import Facts
    from reports.map.shapes import PrintShapes
    from reports.study.content import StudyContent

HEADINGS: Final = (
    "L’essentiel",
    "Qui vit autour",
    "Les structures autour",
    "Les MSP qui servent déjà ce bassin",
    "Combien de médecins ?",
    "L’équipe et son projet",
    "Les conditions à réunir",
    "Sources et limites",
)
FIRST_PICTURE: Final = HEADINGS[1]
MOST_LISTED: Final = 30
"""Rows of the list of structures: beyond, the pharmacies of a town would fill pages."""
LOGO_MM: Final = (60.0, 12.0)
MAP_MM: Final = (TEXT_MM - 4.0, 82.0)
TICKED, LEFT = "☑", "☐"
LIMITS: Final = (
    "Chaque commune est un point : ses hameaux, ou les quartiers d’une grande ville, sont à d’autres temps.",
    "Les temps de trajet ne tiennent compte ni des bouchons, ni de la neige, ni des bacs, ni des transports en commun.",
    "L’APL mesure l’offre libérale et salariée de 2023 : arrivées et départs récents n’y sont pas.",
    "Zonage et seuil de 2,5 sont deux faits différents : l’un est une décision de l’ARS, l’autre un calcul.",
    "Moins de 5 professionnels : un effectif n’est pas publié (« NS »). Ce qui n’est pas connu est « n.d. », jamais 0.",
)


def render_study_docx(
    print_shapes: PrintShapes, facts: Facts, study: StudyContent, *, logo: bytes | None = None, author: str = ""
) -> bytes:
    """Write a study as a DOCX: headings, contents, native tables, maps and chart described, blanks to write in.

    Parameters
    ----------
    print_shapes
        Shapes of the territories.
    facts
        Names and sources.
    study
        What is said.
    logo
        A picture of the organisation, PNG or JPEG, on the first page.
    author
        The organisation that signs it; "" for Maillage.

    Raises
    ------
    reports.errors.EmptyTerritoryError
        Neither the catchment nor its department has a shape.
    reports.errors.LogoError
        The logo is no picture.
    """
    title = f"Étude territoriale : {study.name}"
    asked = "Une maison de santé pluriprofessionnelle est-elle possible ici ?"
    document = new_document(title, asked, author=author)
    if logo is not None:
        _, height = size_within(logo, *LOGO_MM)
        document.add_picture(io.BytesIO(as_png(logo)), height=Mm(height))
    document.add_heading(title, level=0)
    add_paragraph(document, f"Commune {study.territory.code} · {study.situation}", colour=SOFT)
    add_paragraph(
        document,
        "Une maison de santé pluriprofessionnelle est-elle possible ici ? Ce document de travail réunit ce que disent "
        f"les données publiques au {format_date(study.drawn_on)}. Les cadres jaunes sont à écrire par l’équipe : elle "
        "seule connaît ses membres, ses patients et son projet.",
    )
    add_contents(document, HEADINGS)
    for heading, write in zip(
        HEADINGS,
        (_essential, _people, _structures, _competition, _gps, _team, _conditions, _sources),
        strict=True,
    ):
        placed = document.add_heading(heading, level=1)
        # The essential is a page by itself; a picture that opens a chapter would leave its heading at the page's foot.
        placed.paragraph_format.page_break_before = heading == FIRST_PICTURE
        write(document, print_shapes, facts, study)
    return to_bytes(document)


def _essential(document: Any, _ground: PrintShapes, _facts: Facts, study: StudyContent) -> None:
    add_bullets(document, study.summary)


def _people(document: Any, print_shapes: PrintShapes, facts: Facts, study: StudyContent) -> None:
    rings, access = rings_map(facts, study), access_map(facts, study)
    add_picture(document, map_picture(print_shapes, rings, MAP_MM), MAP_MM[0], describe(rings))
    add_note(document, f"{study.travel} {rings.content.source}")
    document.add_heading("Le bassin comparé", level=2)
    n_figures = len(study.compared.columns) - 2
    _add_frame(document, study.compared, widths=_widths(44.0, 18.0, n_figures), n_left=2, size=7)
    add_note(document, NATURE_NOTE)
    document.add_heading("L’accès aux généralistes, commune par commune", level=2)
    add_picture(document, map_picture(print_shapes, access, MAP_MM), MAP_MM[0], describe(access))
    add_note(document, access.content.source)
    document.add_heading("En équivalents temps plein (ETP) de médecins", level=2)
    _add_frame(document, study.work, widths=[TEXT_MM - 84.0, 28.0, 28.0, 28.0])
    add_note(document, WORK_NOTE)
    add_blank(
        document,
        (
            "Ce bassin est-il celui où vivent vraiment vos patients ? D’où viennent-ils, où vont-ils aujourd’hui ?",
            "Quels habitants ont le plus de mal à se soigner : personnes âgées, isolées, sans voiture, sans médecin ?",
            "Quels médecins du bassin pensent partir, et quand ?",
        ),
    )


def _widths(first: float, second: float, n_figures: int) -> list[float]:
    return [first, second, *[(TEXT_MM - first - second) / n_figures] * n_figures]


def _structures(document: Any, _ground: PrintShapes, _facts: Facts, study: StudyContent) -> None:
    _add_frame(document, study.structures_counts, widths=[TEXT_MM - 4 * 34.0, *[34.0] * 4])
    add_paragraph(document, study.cpts_note)
    if len(study.professionals):
        document.add_heading("Professionnels recensés", level=2)
        _add_frame(document, study.professionals, widths=[TEXT_MM - 84.0, 28.0, 28.0, 28.0])
        add_note(document, f"Moins de 5 professionnels : NS. Source : {study.professionals_source}.")
    shown = study.structures.head(MOST_LISTED)
    if len(shown):
        document.add_heading("Structures à moins de 20 minutes", level=2)
        _add_frame(document, shown, widths=[28.0, TEXT_MM - 130.0, 42.0, 18.0, 20.0, 22.0], n_left=3)
    left_out = len(study.structures) - len(shown)
    more = f" {format_number(left_out)} autres ne sont pas listées ici." if left_out else ""
    add_note(document, f"{study.structures_note}{more}")
    add_blank(
        document,
        (
            "Qui manque à cette liste : infirmiers, kinésithérapeutes, sages-femmes, dentistes, laboratoire ?",
            "Avec qui travaillez-vous déjà ? Avec qui voudriez-vous travailler ?",
            "Une CPTS couvre-t-elle la commune, et que vous propose-t-elle ?",
        ),
    )


def _competition(document: Any, _ground: PrintShapes, _facts: Facts, study: StudyContent) -> None:
    add_paragraph(document, study.competition_text)
    if len(study.competition):
        _add_frame(document, study.competition, widths=[TEXT_MM - 118.0, 44.0, 18.0, 30.0, 26.0], n_left=2)
        add_note(document, COMPETITION_NOTE)
    if len(study.projects):
        document.add_heading("Projets de votre liste à moins de 20 minutes", level=2)
        _add_frame(document, study.projects, widths=[TEXT_MM - 128.0, 30.0, 36.0, 44.0, 18.0], n_left=4)
    add_blank(
        document,
        (
            "Les MSP voisines prennent-elles de nouveaux patients ? Ont-elles des projets d’extension ?",
            "Un site secondaire d’une MSP existante répondrait-il au même besoin ?",
        ),
    )


def _gps(document: Any, _ground: PrintShapes, _facts: Facts, study: StudyContent) -> None:
    said = add_paragraph(document, study.staffing_text)
    if study.dossier.staffing is not None:
        said.paragraph_format.keep_with_next = True
        add_picture(document, staffing_picture(study), MAP_MM[0], describe_staffing(study))
        _add_frame(document, study.staffing, widths=[34.0, *[(TEXT_MM - 34.0) / 5] * 5])
        add_note(document, staffing_note(study.dossier))
    add_blank(
        document,
        (
            "Combien de médecins s’engageraient, à quel temps de travail, à quelle date ?",
            "Parmi eux, combien exercent déjà ici ou à côté ? Ceux-là ne s’ajoutent pas à l’offre.",
            "Accueillerez-vous des internes ? Qui seraient les maîtres de stage ?",
        ),
    )


def _team(document: Any, _ground: PrintShapes, _facts: Facts, study: StudyContent) -> None:
    add_paragraph(
        document,
        f"Équipe déclarée pour cette étude : médecins généralistes, {study.team.n_gp} ; professionnels paramédicaux, "
        f"{study.team.n_paramedical}.",
    )
    document.add_heading("Les professionnels engagés", level=2)
    heads = ["Nom", "Profession", "Temps de travail (ETP)", "Déjà installé ? Où ?", "Arrivée prévue"]
    widths = [44.0, 38.0, 30.0, 40.0, TEXT_MM - 152.0]
    add_table(document, heads, [[""] * len(heads)] * 8, widths=widths, n_left=len(heads), row_height=8.0)
    document.add_heading("Le projet de santé", level=2)
    add_blank(
        document,
        (
            "À quels besoins du territoire répondez-vous d’abord ? (trois priorités au plus)",
            "Comment serez-vous joignables de 8 h à 20 h et le samedi matin ? Comment recevrez-vous l’imprévu ?",
            "Quels protocoles et quelles réunions d’équipe ? Quelles actions de prévention ?",
        ),
        n_lines=6,
    )
    document.add_heading("Les locaux et le calendrier", level=2)
    add_blank(
        document,
        (
            "Quel bâtiment, quelle surface, quel propriétaire ? Un ou plusieurs sites ?",
            "Quelles étapes, avec quelles dates : projet de santé, avis de l’ARS, SISA, travaux, ouverture, ACI ?",
            "Qui coordonne, qui accompagne (facilitateur, fédération, commune, ARS, CPAM) ?",
        ),
        n_lines=5,
    )


def _conditions(document: Any, _ground: PrintShapes, _facts: Facts, study: StudyContent) -> None:
    add_paragraph(document, study.conditions_text)
    by_id = {answer.condition.id: answer for answer in study.answers}
    rows = [
        (
            TICKED if by_id[condition.id].is_met else LEFT,
            step.title,
            condition.label,
            condition.source,
            STATUS_WORDS[condition.status],
        )
        for step in study.rules.steps
        for condition in step.conditions
    ]
    heads = ["", "Étape", "Condition", "Source", "Fiabilité"]
    add_table(document, heads, rows, widths=[9.0, 30.0, 66.0, 47.0, TEXT_MM - 152.0], n_left=len(heads))
    edition = study.rules.edition
    add_note(document, f"{edition[:1].upper()}{edition[1:]}. {study.rules.note}")
    add_blank(document, ("Pour chaque condition qui reste : qui s’en charge, et pour quand ?",))


def _sources(document: Any, _ground: PrintShapes, _facts: Facts, study: StudyContent) -> None:
    _add_frame(document, study.sources, widths=[54.0, 32.0, 32.0, 24.0, TEXT_MM - 142.0], n_left=5, size=7.5)
    add_paragraph(document, study.travel)
    document.add_heading("Ce que ces chiffres ne disent pas", level=2)
    add_bullets(document, LIMITS)
    add_note(document, f"Document préparé avec Maillage le {format_date(study.drawn_on)}.")


def _add_frame(
    document: Any, table: pd.DataFrame, *, widths: Sequence[float], n_left: int = 1, size: float = 8.5
) -> None:
    rows = [[str(cell) for cell in row] for row in table.itertuples(index=False, name=None)]
    add_table(document, list(table.columns), rows, widths=widths, n_left=n_left, size=size)
