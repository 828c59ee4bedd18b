"""All that is needed to make the files of a territory, read once and kept: figures, shapes, projections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

import pandas as pd

from coverage.definitions import Indicator
from coverage.gazetteer import Territory
from reports.drawn_values import MapLevel
from reports.facts import Facts
from reports.ground import Ground
from reports.logo import Logo
from reports.map_content import compose_map
from reports.outlook import Outlooks
from reports.paper import DEFAULT_FONT, Orientation, Paper, PaperName
from reports.pictures import render_picture
from reports.print_map import draw_map
from reports.sheet_docx import render_sheet_docx
from reports.sheet_pdf import render_sheet_pdf
from reports.slides import render_slides
from reports.tables import write_xlsx
from reports.territory_sheet import TerritorySheet, compose_sheet

ATLAS_MAPS: Final = ("apl_65_2023", "nearest_msp_min", "apl_at_risk_share_2023")
STRUCTURES_SHOWN: Final = ("msp", "cpts", "centre_sante")


@dataclass(frozen=True)
class MapFormat:
    """How a map is printed."""

    kind: str = "png"
    paper: PaperName = "a4"
    orientation: Orientation = "paysage"
    dpi: int = 300
    font: str = DEFAULT_FONT


@dataclass(frozen=True, eq=False)
class Studio:
    """Figures, shapes and projections of one snapshot."""

    facts: Facts
    ground: Ground
    outlooks: Outlooks

    @classmethod
    def of_snapshot(cls, folder: Path | None = None) -> Self:
        """Read the snapshot (the one in use by default).

        Raises
        ------
        data.errors.DataError
            A table is absent or damaged; the message is in French.
        """
        facts = Facts.of_snapshot(folder)
        return cls(facts, Ground.of_snapshot(facts.table("communes"), folder), Outlooks.of(facts))

    def map_bytes(
        self,
        shown: str | Indicator,
        level: MapLevel,
        territory: Territory,
        *,
        drawn_on: dt.date,
        form: MapFormat = MapFormat(),
        **choices: Any,
    ) -> bytes:
        """Draw a map and return its file; `choices` are those of `reports.map_content.compose_map`."""
        content = compose_map(self.facts, shown, level, territory, drawn_on=drawn_on, **choices)
        paper = Paper(form.paper, form.orientation, form.font)
        figure = draw_map(self.ground, content, paper, in_lines=form.kind != "png")
        return render_picture(figure, form.kind, dpi=form.dpi, title=content.title, subject=content.subtitle)

    def sheet(self, territory: Territory, *, drawn_on: dt.date, logo: Logo | None = None) -> TerritorySheet:
        """Put together what is said of a territory."""
        return compose_sheet(self.facts, self.outlooks, territory, drawn_on=drawn_on, logo=logo)

    def table_bytes(self, territory: Territory) -> bytes:
        """Write every indicator of the communes of a territory as a workbook, sources in its second sheet."""
        communes = self.facts.gazetteer.communes.loc[self.facts.gazetteer.mask(territory)]
        values = self.facts.level_table("commune").reindex(communes["commune_code"])
        columns: dict[str, Any] = {"Code": communes["commune_code"].to_numpy(), "Commune": communes["name"].to_numpy()}
        names = [name for name, indicator in self.facts.indicators.items() if "commune" in indicator.levels]
        for name in names:
            indicator = self.facts.indicators[name]
            head = f"{indicator.label} ({indicator.unit})" if indicator.unit else indicator.label
            column = values[name].to_numpy()
            columns[head] = column if indicator.kind == "categorical" else column * indicator.display_factor
        title = f"Communes : {self.facts.gazetteer.name(territory)}"
        return write_xlsx(pd.DataFrame(columns), self.facts.describe_sources(names), title=title)

    def files_of(self, territory: Territory, *, drawn_on: dt.date, dpi: int) -> Mapping[str, Callable[[], bytes]]:
        """Return the files of a department in an atlas: name, and what makes it."""
        kept: list[TerritorySheet] = []

        def sheet() -> TerritorySheet:
            if not kept:
                kept.append(self.sheet(territory, drawn_on=drawn_on))
            return kept[0]

        files: dict[str, Callable[[], bytes]] = {
            f"carte_{name}.png": partial(
                self.map_bytes,
                name,
                "commune",
                territory,
                drawn_on=drawn_on,
                form=MapFormat(dpi=dpi),
                structures=STRUCTURES_SHOWN,
            )
            for name in ATLAS_MAPS
        }
        files["fiche.pdf"] = lambda: render_sheet_pdf(self.ground, sheet())
        files["fiche.docx"] = lambda: render_sheet_docx(self.ground, sheet())
        files["diapositives.pptx"] = lambda: render_slides(self.ground, sheet())
        files["communes.xlsx"] = lambda: self.table_bytes(territory)
        return files


DOCUMENT_NAMES: Final = ("fiche.pdf", "fiche.docx", "diapositives.pptx")
"""Those that say what `Studio.sheet` puts together."""

FILE_NAMES: Final = (*(f"carte_{name}.png" for name in ATLAS_MAPS), *DOCUMENT_NAMES, "communes.xlsx")
"""Names that `Studio.files_of` gives, known without reading anything."""
