"""The lists of the manual, written from the code they list: indicators, sources, thresholds, settings, commands, words.

A page asks for one by a comment, `<!-- liste: indicateurs -->`, which Sphinx sees replaced by the Markdown of the list.
What the code does not say in French (settings, thresholds, targets of the Makefile) stands in `words.toml`; `missing`
tells what it lacks, and the tests fail on it.
"""

import argparse
import ast
import importlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from coverage.indicators.cards import INDICATORS, THEMES, Indicator
from coverage.projection.assumptions import assumptions
from coverage.study.eligibility import read_check_list
from coverage.terms.months import format_date
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from data import store
from data.__main__ import make_parser as make_data_parser
from data.sources.catalog import load_catalog
from data.sources.published_figures import load_published_figures
from data.sources.registry import load_remotes
from data.sources.reperes import load_reperes
from geo.levels import LEVEL_NAMES
from pages.navigation import MENU
from pages.widgets.glossary import GLOSSARY
from reports.__main__ import make_parser as make_reports_parser
from reports.figures.numbers import format_number

ROOT: Final = Path(__file__).resolve().parents[1]
FLOORS: Final = ("pages", "reports", "coverage", "data", "geo")
WITH_THRESHOLDS: Final = ("coverage", "data/contracts")
PARSERS: Final[Mapping[str, Callable[[], argparse.ArgumentParser]]] = {
    "data": make_data_parser,
    "reports": make_reports_parser,
}
_MARK: Final = re.compile(r"<!-- liste: ([a-z-]+) -->")
_VERBATIM: Final = re.compile(r"(```.*?```|`[^`\n]*`|^---.*?^---$)", re.DOTALL | re.MULTILINE)
_FRENCH: Final = ("manual/", "notebooks/", "index")
_SETTING: Final = re.compile(r"MAILLAGE_[A-Z_]+")


@cache
def words() -> dict[str, dict[str, Any]]:
    """Read the French words of what the code names in English."""
    return tomllib.loads((ROOT / "docs" / "words.toml").read_text(encoding="utf-8"))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table; a cell is one line, its bars escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(" ".join(c.split()).replace("|", "\\|") for c in line) + " |" for line in lines)


def _number(value: float) -> str:
    """Write a number with the digits that it has."""
    return format_number(value, next((n for n in range(7) if abs(round(value, n) - value) < 1e-9), 6))  # noqa: PLR2004


def indicators() -> str:
    """List the indicators by theme, each with all that its card says."""
    parts = []
    for theme in THEMES:
        cards = [card for card in INDICATORS.values() if card.theme == theme]
        parts += [f"## {theme}", *map(_card, cards)]
    return "\n\n".join(parts)


def _card(card: Indicator) -> str:
    levels = ", ".join(LEVEL_NAMES[level].noun for level in card.levels)
    natures = " ; au-dessus : ".join(dict.fromkeys(card.nature_at(level) for level in card.levels))
    told = [f"{card.unit or 'sans unité'} · {card.vintage or 'daté par sa table'} · {natures}", card.formula, card.note]
    told.append(f"Mailles : {levels}. Source : {', '.join(f'[{one}](#source-{one})' for one in card.source_ids)}.")
    if bounds := card.thresholds or card.level_thresholds:
        told.append(f"Bornes de la carte : {_bounds(card, bounds)}.")
    body = "\n\n  ".join(one for one in told if one)
    return f"[{card.label}]{{#indicateur-{card.id}}} (`{card.id}`)\n: {body}"


def _bounds(card: Indicator, bounds: Any) -> str:
    if card.thresholds:
        return " ; ".join(_number(card.display_factor * bound) for bound in bounds)
    return " / ".join(f"{LEVEL_NAMES[level].noun} : {' ; '.join(map(_number, inner))}" for level, inner in bounds)


def sources() -> str:
    """List the sources embedded, then those that only an update brings."""
    parts = [f"{len(load_catalog().sources)} sources embarquées, {len(load_remotes())} mises à jour possibles."]
    for source in load_catalog().sources:
        place = f" · [adresse officielle]({source.url})" if source.url else ""
        parts.append(
            f"[{source.title}]{{#source-{source.id}}} (`{source.id}`)\n: {source.producer} · millésime : "
            f"{source.vintage} · {source.licence} · maille : {source.level} · unité : {source.unit} · relevé le "
            f"{format_date(source.retrieved_on)}{place}\n\n  {' '.join(source.note.split())}\n\n"
            f"  Tables : {', '.join(f'`{name}`' for name in source.tables)}."
        )
    parts.append("## Ce que la mise à jour apporte")
    for remote in load_remotes().values():
        anchor = "mise-a-jour" if remote.id in load_catalog().ids() else "source"
        where = "" if remote.addresses else " Fichier à donner : aucune adresse permanente n’est connue."
        parts.append(
            f"[{remote.title}]{{#{anchor}-{remote.id}}} (`{remote.id}`)\n: {remote.producer} · {remote.licence}\n\n"
            f"  {' '.join(remote.note.split())}{where}"
        )
    return "\n\n".join(parts)


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer.of(store.load, history=False)


def published() -> str:
    """List every figure published elsewhere that our tables must find again, by publication."""
    figures = load_published_figures()
    parts = [f"{len(figures)} chiffres, de {len({figure.publication.id for figure in figures})} publications."]
    for publication in {figure.publication.id: figure.publication for figure in figures}.values():
        rows = [
            (figure.label, _place(figure.territory), f"{_number(figure.value)} {figure.unit}", figure.why)
            for figure in figures
            if figure.publication.id == publication.id
        ]
        known = "lu dans le document" if publication.certainty == "P" else "source secondaire"
        parts.append(f"## {publication.title}")
        parts.append(f"{publication.producer}, {publication.date} ; {publication.independence} ; {known}.")
        parts.append(_table(("Chiffre", "Territoire", "Publié", "Écart admis, et pourquoi"), rows))
    return "\n\n".join(parts)


def _place(key: str) -> str:
    if key in {"france", "metropole"}:
        return {"france": "France", "metropole": "France métropolitaine"}[key]
    level, _, code = key.partition("-")
    return _gazetteer().name(Territory(level, code))  # type: ignore[arg-type]


def reperes() -> str:
    """List the figures that others published and that the screens quote, never computed."""
    gazetteer, catalog = _gazetteer(), load_catalog()
    rows = [
        (
            gazetteer.name(FRANCE if row["level"] == "france" else Territory(row["level"], row["territory_code"])),
            row["date"].replace("/", " à ") or "non datée",
            row["label"],
            f"{row['qualifier']} {_number(row['value'])} {row['unit']}",
            catalog.source(row["source"]).citation,
            row["nature"],
        )
        for row in load_reperes().to_dict("records")
    ]
    return _table(("Territoire", "Date", "Chiffre", "Valeur", "Source", "Nature"), rows)


def constants() -> dict[str, tuple[float, ...]]:
    """Return the public numeric constants of the floors that decide, as "coverage.access.reach.BOUNDS_MIN"."""
    found = {}
    for folder in WITH_THRESHOLDS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for name in _constant_names(ast.parse(path.read_text(encoding="utf-8"))):
                value = getattr(importlib.import_module(module), name)
                numbers = value if isinstance(value, tuple) else (value,)
                if numbers and all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
                    found[f"{module}.{name}"] = tuple(numbers)
    return found


def _constant_names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id.isupper() and not target.id.startswith("_"):
                yield target.id


def thresholds() -> str:
    """List the thresholds: those of the code, of the access, of the territorial study, and the bounds of the maps."""
    values = constants()
    rows = [(text, " ; ".join(map(_number, values[name])), f"`{name}`") for name, text in words()["thresholds"].items()]
    bounds = [
        (f"[{card.label}](#indicateur-{card.id})", _bounds(card, card.thresholds or card.level_thresholds), card.unit)
        for card in INDICATORS.values()
        if card.thresholds or card.level_thresholds
    ]
    conditions = [
        (step.title, condition.label, f"{condition.source} ({condition.status})")
        for step in read_check_list().steps
        for condition in step.conditions
    ]
    return "\n\n".join(
        [
            _table(("Seuil", "Valeur", "Dans le code"), rows),
            "## Bornes de référence des cartes",
            _table(("Indicateur", "Bornes", "Unité"), bounds),
            "## Ce qu’il faut réunir pour une MSP",
            _table(("Étape", "Condition", "Source"), conditions),
        ]
    )


def assumed() -> str:
    """List the assumptions of the projection, each with its source and how sure it is."""
    rows = []
    for one in assumptions().values():
        numbers = one.value if isinstance(one.value, tuple) else (one.value,)
        given = f"{' ; '.join(map(_number, numbers))} {one.unit}"
        rows.append((one.label, given, one.certainty, one.source))
    return _table(("Hypothèse", "Valeur", "Nature", "Source"), rows)


def settings_in_code() -> set[str]:
    """Return every environment variable of ours that the floors or `app.py` name."""
    files = [ROOT / "app.py", *(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))]
    return {name for path in files for name in _SETTING.findall(path.read_text(encoding="utf-8"))}


def settings() -> str:
    """List the environment variables."""
    return _table(("Variable", "Ce qu’elle règle"), ((f"`{name}`", text) for name, text in words()["settings"].items()))


def commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command, "python -m data sync", with its own parser."""
    for make_parser in PARSERS.values():
        parser = make_parser()
        for action in parser._actions:  # noqa: SLF001 - argparse has no other way to list them
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
                for name, command in action.choices.items():
                    yield f"{parser.prog} {name}", command


def command_pages() -> str:
    """List the commands, what each does and its options, as argparse holds them."""
    helps = {}
    for make_parser in PARSERS.values():
        parser = make_parser()
        for action in parser._actions:  # noqa: SLF001
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
                helps |= {f"{parser.prog} {one.dest}": one.help or "" for one in action._choices_actions}  # noqa: SLF001
    parts = []
    for name, parser in commands():
        options = [_option(action) for action in parser._actions if action.dest != "help"]  # noqa: SLF001
        parts += [f"### `{name}`", f"{helps[name][:1].upper()}{helps[name][1:]}."]
        parts += [_table(("Argument", "Sens"), options)] if options else []
        parts += [f"```text\n{parser.epilog}\n```"] if parser.epilog else []
    return "\n\n".join(parts)


def _option(action: argparse.Action) -> tuple[str, str]:
    name = ", ".join(action.option_strings) or action.metavar or action.dest
    metavar = action.metavar or ("" if action.nargs == 0 else action.dest.upper())
    shown = f"`{name}{' ' + str(metavar) if action.option_strings and metavar else ''}`"
    choices = f" (parmi {', '.join(map(str, action.choices))})" if action.choices else ""
    return shown, f"{(action.help or '').replace('%%', '%')}{choices}"


def targets_in_makefile() -> set[str]:
    """Return the targets that one types."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return {name for line in re.findall(r"^\.PHONY:(.*)$", makefile, re.MULTILINE) for name in line.split()}


def targets() -> str:
    """List the targets of the Makefile."""
    return _table(("Commande", "Effet"), ((f"`make {name}`", text) for name, text in words()["targets"].items()))


def glossary() -> str:
    """List the words of the subject, as the page « Sources et méthode » defines them."""
    return "\n\n".join(f"{word}\n: {meaning}" for word, meaning in GLOSSARY.items())


def screens() -> str:
    """List the screens in the order of the menu, each with the question that opens its page."""
    rows = []
    for section, entries in MENU.items():
        for screen in entries:
            page = ROOT / "docs" / "manual" / "ecrans" / f"{screen.route}.md"
            rows.append((f"[{screen.title}](ecrans/{screen.route}.md)", question_of(page), section))
    return _table(("Écran", "Question", "Sous le menu"), rows)


def question_of(page: Path) -> str:
    """Return the first line under the title of the page of a screen: the question in bold."""
    found = re.search(r"^# .+\n+\*\*(.+?)\*\*", page.read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{page.name}: expected a title, then the question in bold")
    return found[1]


LISTS: Final[Mapping[str, Callable[[], str]]] = {
    "indicateurs": indicators,
    "sources": sources,
    "chiffres-publies": published,
    "reperes": reperes,
    "seuils": thresholds,
    "hypotheses": assumed,
    "reglages": settings,
    "commandes": command_pages,
    "cibles": targets,
    "glossaire": glossary,
    "ecrans": screens,
}


def missing() -> list[str]:
    """Say what the code has and `words.toml` does not tell, and what it tells that the code no longer has."""
    told = words()
    pairs = {
        "settings": (settings_in_code(), set(told["settings"])),
        "targets": (targets_in_makefile(), set(told["targets"])),
        "thresholds": (set(constants()), set(told["thresholds"]) | set(told["technical"]["constants"])),
    }
    return [
        f"{kind}: {name} is {'not told' if name in known else 'told but no longer there'}"
        for kind, (known, written) in pairs.items()
        for name in sorted(known ^ written)
    ]


def keep_together(text: str) -> str:
    """Put the no-break spaces of French before high punctuation and inside its quotes; code is left as it is."""
    parts = _VERBATIM.split(text)
    parts[::2] = [re.sub(r"(?<=\S) (?=[:;?!»%€])|(?<=«) ", "\u00a0", part) for part in parts[::2]]
    return "".join(parts)


def fill(_app: Any, docname: str, content: list[str]) -> None:
    """Replace the marks of a page by their lists, and set its spaces when it is in French."""
    content[0] = _MARK.sub(lambda mark: LISTS[mark[1]](), content[0])
    if docname.startswith(_FRENCH):
        content[0] = keep_together(content[0])


def setup(app: Any) -> dict[str, bool]:
    """Enter Sphinx."""
    app.connect("source-read", fill)
    return {"parallel_read_safe": True}
