"""What leaves the territorial study: the document that the team goes on writing, its map, its tables."""

from typing import Final

import pandas as pd
import streamlit as st

from coverage.study.dossier import VINTAGES
from pages.screens.study.sections import show_printed
from pages.widgets.exports.logo import current_logo, current_organisation
from pages.widgets.exports.studio import load_studio
from pages.widgets.exports.table import offer_table
from reports.figures.french import of_name
from reports.figures.numbers import UNKNOWN, format_number
from reports.study.content import StudyContent
from reports.study.tables import NATURE_NOTE

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def offer_document(content: StudyContent) -> None:
    """Draw the buttons of the document and of the map; both are made when asked for."""
    logo, author = current_logo(), current_organisation()  # read now: files are made outside the run of the page

    def document() -> bytes:
        from reports.study.docx import render_study_docx  # noqa: PLC0415 - Matplotlib is loaded at the first export only

        studio = load_studio()
        return render_study_docx(studio.print_shapes, studio.facts, content, logo=logo, author=author)

    def picture() -> bytes:
        from reports.study.maps import rings_page  # noqa: PLC0415 - as above

        studio = load_studio()
        return rings_page(studio.print_shapes, studio.facts, content)

    name = f"maillage_etude_{content.territory.code}"
    with st.container(horizontal=True):
        st.download_button(
            "Étude à compléter (Word)",
            document,
            file_name=f"{name}.docx",
            mime=WORD,
            type="primary",
            icon=":material/edit_document:",
            on_click="ignore",
            key="study_docx",
        )
        st.download_button(
            "Carte PNG",
            picture,
            file_name=f"{name}_carte.png",
            mime="image/png",
            icon=":material/map:",
            on_click="ignore",
            key="study_png",
        )


def offer_study_tables(content: StudyContent) -> None:
    """Draw the buttons of the table of the communes of the catchment."""
    st.subheader("6. Les communes du bassin", anchor=False)
    table = communes_table(content)
    show_printed(printed_communes(table), "Communes à moins de 20 minutes", n_left=3)
    offer_table(
        table,
        source_lines(content),
        title=f"Étude territoriale {of_name(content.name)} : communes à moins de 20 minutes",
        name=f"maillage_etude_{content.territory.code}",
    )


def communes_table(content: StudyContent) -> pd.DataFrame:
    """Return the communes less than 20 minutes away, columns as the reader sees them, values as numbers."""
    table = content.dossier.communes
    last = VINTAGES[-1]
    return pd.DataFrame(
        {
            "Code": table["commune_code"],
            "Commune": table["name"],
            "Département": table["departement_code"],
            "Minutes": table["minutes"],
            "Habitants": table["population"],
            "75 ans ou plus (%)": 100 * table["share_75plus"],
            "Bassin de vie": table["bassin_de_vie_name"],
            "Pauvreté du bassin de vie (%)": 100 * table["bassin_de_vie_poverty_rate"],
            f"APL {last}, médecins de 65 ans ou moins": table[f"apl_65_{last}"],
            f"APL {last}, médecins de tous âges": table[f"apl_{last}"],
            "Zone": table["zone"],
        }
    ).round(3)


def printed_communes(table: pd.DataFrame) -> pd.DataFrame:
    """Return the same table as texts in French numbers, the unknown « n.d. »."""
    decimals = {"Minutes": 0, "Habitants": 0, "75 ans ou plus (%)": 1, "Pauvreté du bassin de vie (%)": 1}
    return pd.DataFrame(
        {
            head: [format_number(value, decimals.get(head, 2)) for value in column]
            if pd.api.types.is_float_dtype(column)
            else column.fillna(UNKNOWN)
            for head, column in table.items()
        }
    )


def source_lines(content: StudyContent) -> list[dict[str, str]]:
    """Return the lines of the second sheet: how the figures are made, then the sources."""
    notes = [("Temps de trajet", content.travel), ("Calcul", NATURE_NOTE)]
    lines = [
        {"Source": label, "Producteur": "", "Millésime": "", "Licence": "", "Adresse": text} for label, text in notes
    ]
    return [*content.sources.to_dict("records"), *lines]
