"""The funding of an MSP in French words: how a line is computed, what an action is, and the tables of the exports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd

from coverage.funding import CATEGORIES, Category, CptsFunding, CptsRules, Gain, LineFunding, MspFunding, MspRules, Term
from coverage.funding.gains import MORE_PATIENTS
from coverage.funding.team import MONTHS_A_YEAR
from coverage.terms.months import MONTHS, format_date
from coverage.terms.natures import Nature
from data.funding.rules import first_day
from reports.figures.numbers import UNKNOWN, format_number

CERTAINTIES: Final[Mapping[str, str]] = MappingProxyType(
    {"P": "document d’origine", "S": "source secondaire", "?": "hypothèse de Maillage"}
)
SUPPOSED: Final[Nature] = "supposé"
CATEGORY_COLOURS: Final[Mapping[Category, str]] = MappingProxyType(
    {"prerequisite": "#1f5a96", "socle": "#1b7f79", "optional": "#b35806"}
)
"""Dark enough for white figures, and told apart in grey."""
TOTAL: Final = "Total"
EURO: Final = "€"
FAR_BELOW, FAR_ABOVE = 0.5, 1.5
"""Outside these shares of the mean paid elsewhere, a result is worth a second look."""
WHOLE: Final = 1e-9
"""Below this, what is left of a division is rounding."""


def format_euros(amount: float) -> str:
    """Write an amount: "30 800 €", with cents left out."""
    return format_number(round(amount), 0, EURO)


def format_points(points: float) -> str:
    """Write points: whole when they are, else with one decimal."""
    whole = abs(points - round(points)) < WHOLE
    return format_number(points, 0 if whole else 1)


def format_factor(factor: float) -> str:
    """Write a factor with the decimals it needs, four at most."""
    text = f"{factor:,.4f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u202f").replace(".", ",")


def tell_reached(funded: LineFunding) -> str:
    """Say what was declared for a line: "oui", "niveau 1", "8 protocoles (10 déclarés)"."""
    line, reached = funded.line, funded.reached
    if line.answer == "yes_no":
        return "oui" if reached else "non"
    if line.answer == "level":
        return tell_step(funded.line.steps[reached - 1].label, reached) if reached else "non"
    noun = f"{line.noun}{'s' if reached > 1 else ''}"
    more = f" ({funded.declared} déclarés)" if funded.declared > reached else ""
    return f"{reached} {noun}{more}" if reached else f"aucun{'e' if line.noun == 'mission' else ''}"


def tell_step(label: str, step: int) -> str:
    """Name a step of a line of levels: its own label in lower case, or its rank."""
    return f"{label[0].lower()}{label[1:]}" if label else f"niveau {step}"


def tell_terms(funded: LineFunding, rules: MspRules) -> str:
    """Write how the points of a line are made: "1 000 + 1 700 × 2 (8 000 patients ÷ 4 000)"; empty for none."""
    return " + ".join(_tell_term(term, rules) for term in funded.terms)


def _tell_term(term: Term, rules: MspRules) -> str:
    rate = format_points(term.rate)
    if term.kind == "fixed":
        return rate if term.factor == 1 else f"{rate} × {format_factor(term.factor)}"
    product = f"{rate} × {format_factor(term.factor)}"
    if term.kind == "professionals":
        return f"{product} professionnels"
    patients = f"{format_number(round(term.factor * rules.reference_patients))} patients"
    part = "" if term.part == 1 else f" × {format_number(100 * term.part, 0, '%')}"
    return f"{product} ({patients} ÷ {format_number(rules.reference_patients)}){part}"


def tell_due(funding: MspFunding) -> str:
    """Say what the team would be paid for the year, in one sentence."""
    if funding.missing:
        return f"L’équipe décrite ici ne recevrait rien cette année : {tell_missing(funding)}."
    due, advance = format_euros(funding.payable_eur), format_euros(funding.advance_eur)
    return f"L’équipe décrite ici recevrait {due} pour l’année, dont {advance} d’avance."


def tell_gain(gain: Gain) -> str:
    """Say an action in a few words, as a thing to do."""
    if gain.line is None:
        return _TEAM_GAINS[gain.kind]
    label, reached = gain.line.label, gain.team.reached.get(gain.line.id, 0)
    variables = (step.variable for step in gain.line.steps if step.variable is not None)
    if any(variable.kind == "discussed_files" for variable in variables):
        return f"{label} : discuter {format_number(100 * gain.team.share_files, 0, '%')} des dossiers"
    if gain.line.answer == "yes_no":
        return label
    if gain.line.answer == "count":
        return f"{label} : passer à {reached} {gain.line.noun}{'s' if reached > 1 else ''}"
    return f"{label} : {tell_step(gain.line.steps[reached - 1].label, reached)}"


_TEAM_GAINS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "prerequisites": "Remplir tous les prérequis qui manquent",
        "professional": "Associer un professionnel de plus",
        "patients": f"{MORE_PATIENTS} patients médecin traitant de plus",
    }
)


def lines_to_export(funding: MspFunding) -> pd.DataFrame:
    """Return the table that leaves the app: one row a line, then the total that is due; points and euros as numbers."""
    rows = [
        {
            "Indicateur": funded.line.label,
            "Catégorie": CATEGORIES[funded.line.category],
            "Atteint": tell_reached(funded),
            "Points fixes": funded.fixed_points,
            "Points variables": funded.variable_points,
            "Points": funded.points,
            "Montant (€)": round(funded.value_eur, 2),
            "Calcul des points": tell_terms(funded, funding.rules),
        }
        for funded in funding.lines
    ]
    reason = "" if not funding.missing else f"0 € : {tell_missing(funding)}"
    total = {
        "Indicateur": "Total dû pour l’année",
        "Catégorie": TOTAL,
        "Points": funding.points,
        "Montant (€)": round(funding.payable_eur, 2),
        "Calcul des points": reason,
    }
    return pd.DataFrame([*rows, total])


def tell_missing(funding: MspFunding) -> str:
    """Name the prerequisites that are missing; empty when there is none."""
    names = ", ".join(line.label for line in funding.missing)
    if not names:
        return ""
    return f"prérequis non rempli{'s' if len(funding.missing) > 1 else ''} ({names})"


def assumptions_to_export(
    funding: MspFunding, *, place: str, printed_on: dt.date, plausibility: str = ""
) -> list[dict[str, str]]:
    """Return the second sheet of the workbook: edition, source, inputs, results and assumptions, one line each.

    Parameters
    ----------
    funding
        As `coverage.funding.fund_msp` returns it.
    place
        Team or territory that the figures are for.
    printed_on
        Day of the export.
    plausibility
        As `tell_plausibility` returns it.
    """
    rules, team = funding.rules, funding.team
    inputs = {
        "n_patients": format_number(team.n_patients),
        "n_coordination_patients": format_number(team.coordination_patients),
        "n_professionals": format_number(team.n_professionals),
        "share_files": format_number(100 * team.share_files, 1, "%"),
        "n_months": str(team.n_months),
    }
    met = {condition.id: "oui" if condition.id in team.conditions else "non" for condition in rules.conditions}
    return [
        *_edition_lines(rules, place, printed_on),
        *(_sheet_line("Saisie", rules.inputs[name].label, value) for name, value in inputs.items()),
        *(_sheet_line("Saisie", condition.label, met[condition.id]) for condition in rules.conditions),
        _sheet_line("Règle", tell_amounts(funding), format_number(rules.point_eur, 2, EURO)),
        _sheet_line("Résultat", "Montant dû pour l’année", format_euros(funding.payable_eur)),
        _sheet_line(
            "Résultat", tell_advance(funding), format_euros(funding.advance_eur), CERTAINTIES[rules.advance_certainty]
        ),
        _sheet_line("Résultat", "Solde", format_euros(funding.balance_eur)),
        *([_sheet_line("Repère", plausibility, "")] if plausibility else []),
        _sheet_line("Limite", tell_not_counted(rules), "", CERTAINTIES[rules.not_counted.certainty]),
        *(
            _sheet_line("Hypothèse", statement.text, "", CERTAINTIES[statement.certainty])
            for statement in rules.assumptions
        ),
    ]


def sizes_to_export(rules: CptsRules) -> pd.DataFrame:
    """Return the sizes of a CPTS as a table: bounds, the published range, the maximum of 2019 and our reading."""
    starts = [0.0, *(size.under_population or 0.0 for size in rules.sizes)]
    return (
        pd.DataFrame(
            [
                {
                    "Taille": size.size,
                    "Habitants, de": start,
                    "à moins de": size.under_population,
                    "Fourchette publiée, bas (€ par an)": rules.low_eur,
                    "Fourchette publiée, haut (€ par an)": rules.high_eur,
                    "Maximum de 2019 (€ par an, source secondaire)": size.most_2019_eur,
                    f"Lecture de Maillage ({SUPPOSED}, € par an)": size.supposed_eur,
                }
                for size, start in zip(rules.sizes, starts, strict=False)
            ]
        )
        .astype("float64")
        .astype({"Taille": "int64"})
    )


def cpts_assumptions(
    rules: CptsRules, funding: CptsFunding | None, *, place: str, printed_on: dt.date
) -> list[dict[str, str]]:
    """Return the second sheet of the workbook of a CPTS; its population and size are "n.d." when `funding` is None."""
    population = UNKNOWN if funding is None else format_number(funding.population)
    size = UNKNOWN if funding is None else str(funding.size.size)
    return [
        *_edition_lines(rules, place, printed_on),
        _sheet_line("Saisie", "Population du périmètre (habitants)", population),
        _sheet_line("Résultat", "Taille", size),
        _sheet_line(
            "Résultat",
            f"Fourchette publiée, par an, {rules.condition}",
            tell_range(rules),
            CERTAINTIES[rules.certainty],
        ),
        _sheet_line("Résultat", tell_reading(rules), "", SUPPOSED),
        *(
            _sheet_line("Hypothèse", statement.text, "", CERTAINTIES[statement.certainty])
            for statement in rules.assumptions
        ),
    ]


def tell_range(rules: CptsRules) -> str:
    """Write the published range of a CPTS: "de 287 500 € à 580 000 €"."""
    return f"de {format_euros(rules.low_eur)} à {format_euros(rules.high_eur)}"


def tell_reading(rules: CptsRules) -> str:
    """Say which sizes we read at the ends of the range, as what it is."""
    told = (
        f"{format_euros(size.supposed_eur)} pour la taille {size.size}"
        for size in rules.sizes
        if size.supposed_eur is not None
    )
    return f"Lecture de Maillage, non de la source ({SUPPOSED}) : {', '.join(told)}."


def tell_not_counted(rules: MspRules) -> str:
    """Say which lines of the agreement are left out of every total, and about how much they weigh."""
    left = rules.not_counted
    return (
        f"Lignes de l’accord non calculées : {left.text}. Ensemble, environ {format_points(left.points)} points "
        f"de plus au mieux, soit près de {format_euros(left.value_eur)} "
        f"({CERTAINTIES[left.certainty]})."
    )


def tell_plausibility(funding: MspFunding, mean_eur: float, about: str) -> str:
    """Set the result beside what was paid elsewhere; empty while nothing is due.

    Parameters
    ----------
    funding
        As `coverage.funding.fund_msp` returns it.
    mean_eur
        Mean paid to an MSP (euros a year).
    about
        What that mean is, of when and from whom, in French.
    """
    share = funding.share_of(mean_eur)
    if not share:
        return ""
    months = "" if funding.team.n_months == MONTHS_A_YEAR else ", ramené à douze mois,"
    said = "un même ordre de grandeur"
    if not FAR_BELOW <= share <= FAR_ABOVE:
        said = "nettement moins" if share < FAR_BELOW else "nettement plus, vérifiez les saisies"
    return (
        f"Pour situer : {format_euros(mean_eur)}, {about}. Ce résultat{months} en fait "
        f"{format_number(100 * share, 0, '%')} : {said}."
    )


def tell_advance(funding: MspFunding) -> str:
    """Name the advance with its share, or as the minimum that it is: "Avance (60 % du socle)"."""
    if funding.missing:
        return "Avance (non comptée)"
    if funding.has_least_advance:
        return "Avance (le minimum)"
    return f"Avance ({format_number(100 * funding.rules.advance_share, 0, '%')} du socle)"


def tell_amounts(funding: MspFunding) -> str:
    """Say how points become euros: "Montant = points × 7 € × 9 mois ÷ 12"."""
    months = "" if funding.team.n_months == MONTHS_A_YEAR else f" × {funding.team.n_months} mois ÷ {MONTHS_A_YEAR}"
    return f"Montant = points × {format_number(funding.rules.point_eur, 0, EURO)}{months}"


def tell_edition(rules: MspRules | CptsRules) -> str:
    """Say the edition in use and the date of its document; the day from which it applies was read nowhere."""
    end = f", règles applicables jusqu’au {format_date(rules.valid_to)}" if rules.valid_to else ""
    return f"{rules.label}, d’après un document {_of_date(rules.document_date)} (date d’effet non relevée){end}"


def _of_date(document_date: str) -> str:
    """Write the date of a document after its preposition: "d’octobre 2022", "de juin 2022", "de 2024"."""
    day = first_day(document_date)
    if "-" not in document_date:
        return f"de {day.year}"
    month = MONTHS[day.month - 1]
    return f"{'d’' if month[0] in 'ao' else 'de '}{month} {day.year}"


def _edition_lines(rules: MspRules | CptsRules, place: str, printed_on: dt.date) -> list[dict[str, str]]:
    return [
        _sheet_line("Objet", place, format_date(printed_on)),
        _sheet_line("Édition", tell_edition(rules), rules.edition),
        _sheet_line("Source", rules.source, rules.source_page, CERTAINTIES[rules.certainty]),
        _sheet_line("Avertissement", rules.warning, ""),
    ]


def _sheet_line(topic: str, text: str, value: str, certainty: str = "") -> dict[str, str]:
    return {"Rubrique": topic, "Texte": text, "Valeur": value, "Fiabilité": certainty}
