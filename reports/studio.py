"""All that is needed to make the files of a territory, read once and kept: figures, shapes, projections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

import pandas as pd

from coverage.indicators.cards import Indicator
from coverage.indicators.cards.access import REFERENCE_SERIES, AplSeries
from coverage.territories.gazetteer import Territory
from geo.levels import DrawnLevel
from reports.figures.facts import Facts
from reports.figures.tables import export_values, write_xlsx
from reports.map.content import MapContent, compose_map
from reports.map.panel import describe_map
from reports.map.print_map import draw_map
from reports.map.shapes import PrintShapes
from reports.map.two_maps import two_maps_png
from reports.page.archives import dated
from reports.page.logo import Logo
from reports.page.paper import DEFAULT_FONT, Orientation, Paper, PaperName
from reports.page.pictures import render_picture
from reports.projection.outlook import Outlooks
from reports.territory.content import TerritorySheet, compose_sheet
from reports.territory.docx import render_sheet_docx
from reports.territory.pdf import render_sheet_pdf
from reports.territory.pptx import render_slides
from reports.territory.projects import with_projects

ATLAS_MAPS: Final = ("apl_65_2023", "gp_fte_short_of_2_5_65", "nearest_msp_min", "apl_at_risk_share_2023")
STRUCTURES_SHOWN: Final = ("msp", "cpts", "centre_sante")


@dataclass(frozen=True)
class MapFormat:
    """How a map is printed."""

    kind: str = "png"
    paper: PaperName = "a4"
    orientation: Orientation = "paysage"
    dpi: int = 300
    font: str = DEFAULT_FONT


@dataclass(frozen=True)
class Signature:
    """What an organisation adds to the files of an atlas.

    Attributes
    ----------
    logo, author
        Its picture (PNG) and its name; None and "" for Maillage alone.
    projects
        Its own projects, as `reports.territory.projects.with_projects` takes them, listed in the sheets; None without.
    """

    logo: bytes | None = None
    author: str = ""
    projects: pd.DataFrame | None = field(default=None, compare=False)

    @property
    def key(self) -> bytes:
        """What differs whenever a file would; empty without any addition."""
        if self.projects is None and self == UNSIGNED:
            return b""
        listed = "" if self.projects is None else self.projects.to_csv(index=False)
        return repr((self.logo, self.author, listed)).encode()


UNSIGNED: Final = Signature()


@dataclass(frozen=True, eq=False)
class Studio:
    """Figures, shapes and projections of one snapshot."""

    facts: Facts
    print_shapes: PrintShapes
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
        return cls(facts, PrintShapes.of_snapshot(facts.table("communes"), folder), Outlooks.of(facts))

    def map_content(
        self, shown: str | Indicator, level: DrawnLevel, territory: Territory, *, drawn_on: dt.date, **choices: Any
    ) -> MapContent:
        """Return what a map says, see `reports.map.content.compose_map`."""
        return compose_map(self.facts, shown, level, territory, drawn_on=drawn_on, **choices)

    def map_bytes(
        self,
        shown: str | Indicator,
        level: DrawnLevel,
        territory: Territory,
        *,
        drawn_on: dt.date,
        form: MapFormat = MapFormat(),
        **choices: Any,
    ) -> bytes:
        """Draw a map and return its file; `choices` are those of `reports.map.content.compose_map`."""
        content = self.map_content(shown, level, territory, drawn_on=drawn_on, **choices)
        paper = Paper(form.paper, form.orientation, form.font)
        figure = draw_map(self.print_shapes, content, paper, in_lines=form.kind != "png")
        title, subject, alt = content.title, content.subtitle, describe_map(content)
        return render_picture(figure, form.kind, dpi=form.dpi, title=title, subject=subject, alt=alt)

    def two_maps_bytes(
        self,
        maps: tuple[Mapping[str, Any], Mapping[str, Any]],
        *,
        title: str,
        names: tuple[str, str],
        drawn_on: dt.date,
    ) -> bytes:
        """Draw two maps on one page and return its PNG; each is what `reports.map.content.compose_map` takes."""
        first, second = (compose_map(self.facts, **choices, drawn_on=drawn_on) for choices in maps)
        return two_maps_png(self.print_shapes, (first, second), title=title, names=names)

    def sheet(
        self,
        territory: Territory,
        *,
        drawn_on: dt.date,
        logo: Logo | None = None,
        series: AplSeries = REFERENCE_SERIES,
        author: str = "",
    ) -> TerritorySheet:
        """Put together what is said of a territory."""
        return compose_sheet(
            self.facts, self.outlooks, territory, drawn_on=drawn_on, logo=logo, series=series, author=author
        )

    def table_bytes(self, territory: Territory) -> bytes:
        """Write every indicator of the communes of a territory as a workbook, sources in its second sheet."""
        communes = self.facts.gazetteer.communes.loc[self.facts.gazetteer.mask(territory)]
        values = self.facts.level_table("commune").reindex(communes["commune_code"])
        columns: dict[str, Any] = {"Code": communes["commune_code"].to_numpy(), "Commune": communes["name"].to_numpy()}
        names = [name for name, indicator in self.facts.indicators.items() if "commune" in indicator.levels]
        for name in names:
            indicator = self.facts.indicators[name]
            head = f"{indicator.label} ({indicator.unit})" if indicator.unit else indicator.label
            columns[head] = export_values(indicator, values[name]).array
        title = f"Communes : {self.facts.gazetteer.name(territory)}"
        return write_xlsx(pd.DataFrame(columns), self.facts.describe_sources(names, ["commune"]), title=title)

    def files_of(
        self, territory: Territory, *, drawn_on: dt.date, dpi: int, signature: Signature = UNSIGNED
    ) -> Mapping[str, Callable[[], bytes]]:
        """Return the files of a territory in an atlas: name, and what makes it."""
        kept: list[TerritorySheet] = []

        def sheet() -> TerritorySheet:
            if not kept:
                logo, author = signature.logo, signature.author
                made = self.sheet(territory, drawn_on=drawn_on, logo=logo, author=author)
                projects = signature.projects
                kept.append(made if projects is None else with_projects(made, projects, self.facts))
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
                logo=signature.logo,
            )
            for name in ATLAS_MAPS
        }
        files["fiche.pdf"] = lambda: render_sheet_pdf(self.print_shapes, sheet())
        files["fiche.docx"] = lambda: dated(render_sheet_docx(self.print_shapes, sheet()), drawn_on)
        files["diapositives.pptx"] = lambda: dated(render_slides(self.print_shapes, sheet()), drawn_on)
        files["communes.xlsx"] = lambda: dated(self.table_bytes(territory), drawn_on)
        return files


DOCUMENT_NAMES: Final = ("fiche.pdf", "fiche.docx", "diapositives.pptx")
"""Those that say what `Studio.sheet` puts together."""

FILE_NAMES: Final = (*(f"carte_{name}.png" for name in ATLAS_MAPS), *DOCUMENT_NAMES, "communes.xlsx")
"""Names that `Studio.files_of` gives, known without reading anything."""
