"""The manual: its site is built once, without a warning; nothing that the code has is missing, no link is dead."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import subprocess
import sys
import tarfile
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from coverage.indicators.apl_summary import UNDER_DENSE
from coverage.indicators.cards import INDICATORS
from coverage.indicators.shortfall import acts_per_fte
from coverage.territories.gazetteer import FRANCE, Territory
from data.funding.rules import load_rules
from data.sources.catalog import load_catalog
from data.sources.published_figures import load_published_figures
from data.sources.registry import load_remotes
from geo.travel_time.estimate import read_estimate_parameters
from pages.navigation import SCREENS
from pages.widgets.glossary import GLOSSARY
from reports.figures.facts import Facts
from reports.figures.numbers import format_number

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
sys.path.append(str(DOCS))
import lists  # noqa: E402 - the manual's own script, beside its pages

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    ROOT / "ROADMAP.md",
    ROOT / "CODE_OF_CONDUCT.md",
    *(path for path in DOCS.rglob("*.md") if "_build" not in path.parts),
]
WIDEST_PICTURE = 120_000


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Build the site as `make docs` does, notebooks run; a warning is a failure."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-E", "-b", "html", "docs", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder


class Page(HTMLParser):
    """What a page holds: its text, anchors, links, and all that it loads by itself."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.words: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.ids |= {told[name] for name in ("id", "name") if told.get(name)}
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])
        if tag == "link" and told.get("href"):
            self.loaded.append(told["href"])
        self.loaded += [told["src"] for _ in [0] if told.get("src")]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.fixture(scope="module")
def pages(site) -> dict[str, Page]:
    return {str(path.relative_to(site)): Page(path) for path in sorted(site.rglob("*.html"))}


def plain(text: str) -> str:
    """Reduce a sentence to what the page keeps of it, whatever its spaces."""
    return " ".join(text.replace("`", "").replace("**", "").split())


def test_every_indicator_source_and_word_is_in_the_manual(pages):
    shown = pages["manual/listes/indicateurs.html"]
    assert [name for name in INDICATORS if "indicateur-" + name.replace("_", "-") not in shown.ids] == []
    assert [card.id for card in INDICATORS.values() if plain(card.formula) not in shown.text] == []
    assert [
        name
        for name in (*load_catalog().ids(), *load_remotes())
        if f"({name})" not in pages["manual/listes/sources.html"].text
    ] == []
    assert [word for word in GLOSSARY if word not in pages["manual/listes/glossaire.html"].text] == []


def test_every_published_figure_is_in_the_manual(pages):
    text = pages["manual/listes/chiffres-publies.html"].text
    assert [figure.id for figure in load_published_figures() if plain(figure.label) not in text] == []


def test_every_threshold_setting_and_target_is_told_and_none_that_is_gone(pages):
    assert lists.missing() == []
    told = lists.words()
    thresholds, settings, commands = (
        pages[f"manual/listes/{name}.html"].text for name in ("seuils", "reglages", "commandes")
    )
    assert [name for name in told["thresholds"] if name not in thresholds] == []
    assert [name for name in lists.settings_in_code() if name not in settings] == []
    assert [name for name in lists.targets_in_makefile() if f"make {name}" not in commands] == []
    values = lists.constants()
    assert values["coverage.indicators.apl_summary.UNDER_DENSE"] == (2.5,)
    assert "2,5 coverage.indicators.apl_summary.UNDER_DENSE" in thresholds.replace("\u202f", " ")


def test_a_setting_or_a_threshold_that_nobody_told_is_found(monkeypatch):
    monkeypatch.setattr(lists, "settings_in_code", lambda: {*lists.words()["settings"], "MAILLAGE_NEW"})
    monkeypatch.setattr(lists, "targets_in_makefile", lambda: set(lists.words()["targets"]) - {"run"})
    assert lists.missing() == ["settings: MAILLAGE_NEW is not told", "targets: run is told but no longer there"]


def test_every_command_is_in_the_manual_with_its_options(pages):
    text = pages["manual/listes/commandes.html"].text
    names = [name for name, _ in lists.commands()]
    assert {"python -m data sync", "python -m reports figures"} <= set(names)
    assert [name for name in names if name not in text] == []
    options = {
        option for _, parser in lists.commands() for action in parser._actions for option in action.option_strings
    }
    assert [option for option in options - {"-h", "--help"} if option not in text] == []


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_has_its_page(pages, name):
    screen = SCREENS[name]
    page = pages[f"manual/ecrans/{screen.route}.html"]
    assert screen.title in page.text
    assert {"lire", "regler", "emporter", "limites"} <= page.ids
    assert lists.question_of(DOCS / "manual" / "ecrans" / f"{screen.route}.md").endswith("?")
    assert f"ecrans/{screen.route}.html" in pages["manual/ecrans.html"].links


def test_links_and_anchors_within_the_site_hold(site, pages):
    dead = []
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or link.startswith("//"):
                continue
            target = (site / name).parent / unquote(parts.path) if parts.path else site / name
            target = target.resolve()
            other = pages.get(str(target.relative_to(site.resolve()))) if target.suffix == ".html" else None
            is_there = target.exists() and (not parts.fragment or other is None or unquote(parts.fragment) in other.ids)
            if not is_there:
                dead.append(f"{name} -> {link}")
    assert dead == []


def test_the_site_loads_nothing_from_elsewhere(site, pages):
    assert sum(len(page.loaded) for page in pages.values()) > 100
    assert [one for page in pages.values() for one in page.loaded if urlsplit(one).netloc] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:@import|url\()\s*['\"]?(?:https?:)?//[^)]+", styles) == []


def test_links_of_the_pages_to_files_of_the_checkout_hold():
    dead = [
        f"{path.relative_to(ROOT)} -> {link}"
        for path in PAGES
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
        if not urlsplit(link).scheme and not (path.parent / link).exists()
    ]
    assert dead == []


def commands_of(path: Path) -> list[list[str]]:
    """Return the command lines of the blocks of shell of a page, without what is set before them or said behind."""
    blocks = re.findall(r"^```(?:sh|bat)\n(.*?)^```$", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    lines = [line.replace("\\Scripts\\", "/bin/") for block in blocks for line in block.splitlines()]
    found = [part for line in lines for part in re.split(r"\s&&\s", line.partition(" #")[0].partition("::")[0])]
    words = [shlex.split(part) for part in found if part.strip()]
    return [[word for word in line if not re.fullmatch(r"[A-Z_]+=\S+", word)] for line in words]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_of_the_pages_exist(path):
    for words in commands_of(path):
        if words[:1] == ["make"]:
            assert set(words[1:]) <= lists.targets_in_makefile()
        elif words[1:3] == ["-m", "data"] or words[1:3] == ["-m", "reports"]:
            lists.PARSERS[words[2]]().parse_args(words[3:])
        elif words[1:2] == ["-m"] and words[2].startswith("tests."):
            assert (ROOT / (words[2].replace(".", "/") + ".py")).exists()


def test_the_pages_show_commands_of_both_command_lines():
    shown = [words[2] for path in PAGES for words in commands_of(path) if words[1:2] == ["-m"]]
    assert {"data", "reports"} <= set(shown)


def test_the_notebooks_ran_and_drew_a_map(site, pages):
    assert any(one.endswith(".png") for one in pages["notebooks/carte.html"].loaded)
    assert "152 communes" in pages["notebooks/chiffres.html"].text
    assert "left_to_convince" in pages["notebooks/projection.html"].text


def test_pictures_are_light_and_each_is_shown():
    pictures = sorted((DOCS / "manual" / "images").iterdir())
    assert [path.name for path in pictures if path.stat().st_size > WIDEST_PICTURE] == []
    shown = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert [path.name for path in pictures if f"images/{path.name}" not in shown] == []
    assert len(re.findall(r"!\[[^\]]{20,}\]\(images/\d-", shown)) == 5


def test_figures_written_by_hand_are_those_of_the_screens():
    facts = Facts.of_snapshot()
    told = (DOCS / "manual" / "pourquoi-9-et-8.md").read_text(encoding="utf-8")
    places = [Territory("departement", "48"), Territory("region", "76"), FRANCE]
    for name in ("n_msp_dgos", "n_msp", "n_msp_finess"):
        counts = [format_number(facts.value(name, place)).replace("\u202f", " ") for place in places]
        assert f"| {' | '.join(counts)} |" in told
    apl = facts.values("apl_65_2023", "commune")
    n_under = int((apl[apl.index.str.startswith("48")] < 1.5).sum())
    assert f"La Lozère : {n_under} communes sous 1,5" in (DOCS / "manual" / "premieres-minutes.md").read_text("utf-8")


def test_numbers_of_the_formulas_are_those_of_the_code():
    told = (DOCS / "manual" / "methode.md").read_text(encoding="utf-8")
    times, rules = read_estimate_parameters(), load_rules("msp", on=dt.date(2026, 11, 27))
    expected = [
        f"minutes = {times.terminal_min:g} + distance à vol d’oiseau × {times.detour:g} ÷ vitesse",
        f"va de {times.road_km_per_h[0]:g} km/h dans les communes les moins denses à {times.road_km_per_h[-1]:g} km/h",
        f"multipliée par {times.relief_factor:g}",
        f"max(0 ; {UNDER_DENSE:g} − APL) ÷ {acts_per_fte():,.0f}",
        f"montant = points × {rules['point_eur']:g} €",
        f"patients ÷ {rules['reference_patients']:,.0f}",
    ]
    french = [text.replace(",", " ").replace(".", ",") for text in expected]
    assert [text for text in french if text not in told] == []


def test_issue_forms_can_be_read_by_a_forge():
    forms = [path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config"]
    assert len(forms) == 3
    for path in forms:
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert set(form) == {"name", "description", "labels", "body"}
        asked = [field for field in form["body"] if field["type"] != "markdown"]
        assert all(set(field["attributes"]) <= {"label", "description", "placeholder"} for field in asked)
        assert len({field["id"] for field in asked}) == len(asked) >= 2
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["license"] == "MIT"


def test_the_readme_is_one_page():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 110


def test_the_version_is_the_same_wherever_it_stands():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    day = re.search(
        rf"^## {re.escape(version)} \((.+)\)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert day is not None
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in citation
    assert f'date-released: "{dt.datetime.strptime(day[1], "%d %B %Y").date()}"' in citation  # noqa: DTZ007
    assert f"## Version {version}," in (DOCS / "manual" / "ce-qui-a-change.md").read_text(encoding="utf-8")


def test_a_release_is_the_same_bytes_twice_and_holds_the_locks(tmp_path):
    packed = []
    for name in ("first", "second"):
        subprocess.run(["make", "-s", "release", f"RELEASES={tmp_path / name}"], cwd=ROOT, check=True)
        (archive,) = (tmp_path / name).glob("maillage-*.tar.gz")
        packed.append(archive.read_bytes())
    assert packed[0] == packed[1]
    with tarfile.open(archive) as content:
        names = {name.partition("/")[2] for name in content.getnames()}
    assert {"requirements.lock", "requirements-test.lock", "README.md", "data/snapshots/manifest.json"} <= names
    assert not any(name.startswith((".venv", "static/geometry", "docs/_build")) for name in names)
