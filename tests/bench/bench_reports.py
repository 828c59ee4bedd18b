"""Time and memory of what leaves the app: python -m tests.bench.bench_reports [--atlas]."""

import datetime as dt
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # ours first: `coverage` is also a tool's name

from coverage.territories.gazetteer import FRANCE, Territory
from reports.__main__ import main as run_reports
from reports.studio import MapFormat, Studio
from reports.territory.docx import render_sheet_docx
from reports.territory.pdf import render_sheet_pdf
from reports.territory.pptx import render_slides

DRAWN_ON = dt.date(2026, 11, 22)
OCCITANIE, HAUTE_GARONNE = Territory("region", "76"), Territory("departement", "31")


def measure(label: str, run: Callable[[], object], target: str = "") -> None:
    """Print the time of one run, on the clock and in processor time, and the largest memory so far."""
    clock, processor = time.perf_counter(), _processor_s()
    run()
    elapsed, worked = time.perf_counter() - clock, _processor_s() - processor
    resident_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{label:44s}{elapsed:7.2f} s  processor {worked:6.2f} s  {resident_mb:5.0f} MB  {target}")


def _processor_s() -> float:
    """Return the processor time so far, that of the processes over included."""
    over = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + over.ru_utime + over.ru_stime


def main() -> None:
    """Print each measure beside its target; the atlas, which is long, only when asked for."""
    studio: list[Studio] = []
    measure("figures and shapes of the snapshot, once", lambda: studio.append(Studio.of_snapshot()))
    facts, print_shapes = studio[0].facts, studio[0].print_shapes
    measure("indicators of the communes, once", lambda: facts.level_table("commune"))

    def draw(territory: Territory, kind: str = "png") -> Callable[[], object]:
        form = MapFormat(kind=kind)
        return lambda: studio[0].map_bytes("apl_65_2023", "commune", territory, drawn_on=DRAWN_ON, form=form)

    measure("Occitanie, communes, A4 300 dpi, first", draw(OCCITANIE), "(≤ 3 s)")
    measure("Occitanie, communes, A4 300 dpi, next", draw(OCCITANIE), "(≤ 3 s)")
    measure("France, communes, A4 300 dpi, first", draw(FRANCE), "(≤ 1 s, ≤ 800 MB)")
    measure("France, communes, A4 300 dpi, next", draw(FRANCE), "(≤ 1 s, ≤ 800 MB)")
    measure("France, communes, PDF", draw(FRANCE, "pdf"))
    sheet = studio[0].sheet(HAUTE_GARONNE, drawn_on=DRAWN_ON)
    measure("sheet of a department, PDF", lambda: render_sheet_pdf(print_shapes, sheet), "(≤ 0.6 s)")
    measure("the same, next", lambda: render_sheet_pdf(print_shapes, sheet), "(≤ 0.6 s)")
    measure("sheet of a department, DOCX", lambda: render_sheet_docx(print_shapes, sheet))
    measure("slides of a department", lambda: render_slides(print_shapes, sheet))
    if "--atlas" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            arguments = ["atlas", "--region", "76", "--out", folder, "--jobs", "2"]
            measure("atlas of Occitanie, two processes", lambda: run_reports(arguments), "(≤ 30 s; France ≤ 180 s)")


if __name__ == "__main__":
    main()
