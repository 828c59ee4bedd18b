"""What leaves the funding page: the lines as CSV and XLSX, and a sheet of one page as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from coverage.funding import Gain, MspFunding
from pages.widgets.exports.logo import current_organisation
from pages.widgets.exports.studio import today
from pages.widgets.exports.table import offer_table
from reports.funding.words import assumptions_to_export, lines_to_export

NAME = "maillage_financement_msp"


def offer_funding(funding: MspFunding, gains: Sequence[Gain], place: str, plausibility: str) -> None:
    """Draw the download buttons of the funding of an MSP; files are made when asked for.

    Parameters
    ----------
    funding, gains
        As the screen shows them.
    place
        Team or territory that the figures are for.
    plausibility
        The result beside what was paid elsewhere.
    """
    author = current_organisation()  # read now: files are made outside the run of the page

    def draw_sheet() -> bytes:
        # typst and Matplotlib, whose fonts it takes, are imported at the first export, as for the other sheets.
        from reports.funding.sheet import render_funding_pdf  # noqa: PLC0415 - reason above

        said = {"place": place, "plausibility": plausibility, "author": author}
        return render_funding_pdf(funding, gains, printed_on=today(), **said)

    offer_table(
        partial(lines_to_export, funding),
        assumptions_to_export(funding, place=place, printed_on=today(), plausibility=plausibility),
        title=f"Financement ACI d’une MSP : {place}",
        name=NAME,
    )
    st.download_button(
        "Fiche PDF",
        draw_sheet,
        file_name=f"{NAME}.pdf",
        mime="application/pdf",
        icon=":material/description:",
        on_click="ignore",
        key="funding_pdf",
    )
