"""Sources et méthode: where every figure comes from, how it is computed, what the words mean and what is not known."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS, THEMES, Indicator
from coverage.terms.months import format_date
from data import store
from geo.levels import LEVEL_NAMES
from pages.app.facts import load_facts
from pages.app.frame import ACCESSIBILITY_PARAMETER
from pages.app.notices import coverage_notice, missing_regions
from pages.app.tables import load_gazetteer, load_reperes, load_sources, update_bringing
from pages.app.trajectory import date_label
from pages.navigation import SCREENS
from pages.screens.projection.backtest import show_backtest
from pages.screens.projection.table import show_checks
from pages.screens.sources.accessibility import show_declaration
from pages.widgets.glossary import GLOSSARY
from pages.widgets.published import CERTAINTIES, name_place, show_claims, write_value
from reports.figures.numbers import format_number
from reports.projection.words import arrivals_sentence

UNKNOWNS = (
    (
        "**Périmètres des CPTS.** FINESS ne donne que leur siège ; la liste de leurs communes n’est embarquée que pour "
        "Provence-Alpes-Côte d’Azur."
    ),
    (
        "**Outre-mer.** Mayotte n’a pas d’APL, et ses communes pas de part des 75 ans ou plus ; la pauvreté n’y est "
        "connue qu’à la Martinique et à La Réunion, et le F-EDI n’est publié qu’en métropole."
    ),
    (
        "**Pauvreté.** Aucun taux par commune : celui du bassin de vie est montré. Départements : taux publiés par "
        "l’INSEE. EPCI, aires d’attraction, régions et France : n.d., une moyenne de taux n’étant pas un taux."
    ),
    (
        "**Temps de trajet.** Ils sont estimés à vol d’oiseau, corrigés d’un détour et d’une vitesse selon la "
        "densité ; un vrai calcul routier peut s’en écarter de plusieurs minutes, surtout en montagne."
    ),
    "**Zonage.** Relevé de juin 2025, à vérifier auprès de l’ARS ; La Réunion y est inconnue.",
    (
        "**Médecins.** L’APL compte une activité (consultations), la CNAM des médecins libéraux, la BPE des "
        "professionnels en exercice : ces chiffres ne se comparent pas entre eux."
    ),
)


ACCESSIBILITY = "Accessibilité"
TAB_KEY = "sources_tab"


def show_page() -> None:
    """Draw the page."""
    st.title("Sources et méthode", anchor=False)
    st.markdown(
        "Chaque chiffre de Maillage vient d’une source publique ouverte, citée avec son millésime et sa licence. "
        "Rien n’est inventé : une valeur inconnue est écrite « n.d. » et hachurée sur la carte."
    )
    drawn: dict[str, Callable[[], None]] = {
        "Sources": _show_sources,
        "Indicateurs et formules": _show_indicators,
        "Projection": _show_projection,
        "Repères publiés": _show_reperes,
        "Glossaire": _show_words,
        "Ce qui n’est pas connu": _show_limits,
        "Tables": _show_tables,
        ACCESSIBILITY: show_declaration,
    }
    if ACCESSIBILITY_PARAMETER in st.query_params:
        st.session_state[TAB_KEY] = ACCESSIBILITY
    for tab, draw in zip(st.tabs(list(drawn), key=TAB_KEY, on_change=_leave_declaration), drawn.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def _leave_declaration() -> None:
    """Take out of the address what led to the declaration: the link at the foot leads there again."""
    st.query_params.pop(ACCESSIBILITY_PARAMETER, None)


def _show_words() -> None:
    for word, meaning in GLOSSARY.items():
        st.markdown(f"**{word}** : {meaning}")


def _show_limits() -> None:
    if missing_regions():
        st.markdown(f"- **Structures.** {coverage_notice()} Près des limites, une structure plus proche peut manquer.")
    for limit in UNKNOWNS:
        st.markdown(f"- {limit}")


def _show_sources() -> None:
    for source in load_sources().values():
        with st.container(border=True):
            st.markdown(f"**[{source.title}]({source.url})**" if source.url else f"**{source.title}**")
            geography = f" · communes de {source.cog_year}" if source.cog_year else ""
            st.markdown(
                f"{source.producer} · millésime : {source.vintage} · {source.licence} · "
                f"maille : {LEVEL_NAMES[source.level].noun} · unité : {source.unit}{geography} · "
                f"relevé le {format_date(source.retrieved_on)}"
            )
            st.caption(source.note)


def _show_indicators() -> None:
    offered = load_facts().indicators
    for theme in THEMES:
        with st.expander(theme, expanded=theme == "Accès aux généralistes"):
            for indicator in offered.values():
                if indicator.theme == theme:
                    _show_card(indicator)
    if absent := [indicator for name, indicator in INDICATORS.items() if name not in offered]:
        with st.expander("Après mise à jour"):
            st.markdown(
                "Ces indicateurs demandent une source qui n’est pas embarquée : apportez-la depuis la page "
                "« Mise à jour », ils s’ajoutent alors aux listes de toutes les pages."
            )
            st.page_link(SCREENS["sync"].file, label="Ouvrir la mise à jour", icon=":material/sync:")
            for indicator in absent:
                _show_card(indicator, update=update_bringing(indicator.table))


def _show_card(indicator: Indicator, *, update: str = "") -> None:
    """Write what an indicator says and how it is computed; of one without its data, the update that brings them."""
    unit = f" ({indicator.unit})" if indicator.unit else ""
    st.markdown(f"**{indicator.label}**{unit}  \n{indicator.formula}")
    dated = f"mise à jour « {update} »" if update else indicator.vintage
    st.caption(f"{dated} · {indicator.nature}. {indicator.note}")


def _show_projection() -> None:
    st.markdown(
        "Le modèle suit les généralistes par âge et par département : départs selon l’âge, arrivées, vieillissement ; "
        "le besoin suit la population et son âge, à niveau d’accès maintenu en équivalents temps plein. Les effectifs "
        f"sont ceux des libéraux (CNAM 2024). Hypothèses : {arrivals_sentence()}. « Arrivées de tous médecins » reste "
        "une variante. Chaque médecin de plus ou de moins à l’arrivée compte autant : la phrase du résultat dit, "
        "exactement, de combien les arrivées doivent bouger pour qu’il s’annule ou qu’il double. La fourchette "
        "contient l’incertitude du niveau des arrivées, des départs, de la population et de son vieillissement, et le "
        "hasard des petits nombres."
    )
    show_backtest()
    st.markdown(
        "**Calages.** Les préréglages « ARS Occitanie » et « Proche de la DREES » ont été réglés sur les chiffres "
        "ci-dessous : les retrouver n’est pas une preuve."
    )
    show_checks()


def _show_reperes() -> None:
    st.markdown(
        "Chiffres publiés par d’autres, repris tels quels : leurs champs diffèrent (sites, structures labellisées, "
        "projets), ils ne sont donc jamais reliés en une même courbe."
    )
    gazetteer, sources = load_gazetteer(), load_sources()
    st.markdown("#### Ce qui est annoncé, ce qui est mesuré")
    st.caption(
        "Chaque annonce en face de la série semestrielle de la DGOS (MSP labellisées), lue à la même date quand elle "
        "la donne, sinon à la plus proche."
    )
    show_claims(gazetteer, key="sources")
    st.markdown("#### Tous les repères")
    table = pd.DataFrame(
        [
            {
                "Territoire": name_place(gazetteer, row["level"], row["territory_code"]),
                "Date": date_label(row["date"]),
                "Chiffre": row["label"],
                "Valeur": write_value(row),
                "Source": sources[row["source"]].citation,
                "Nature": row["nature"],
                "Fiabilité": CERTAINTIES[row["certainty"]],
            }
            for row in load_reperes().to_dict("records")
        ]
    )
    wide = st.column_config.TextColumn("Chiffre", width="large")
    st.dataframe(table, hide_index=True, column_config={"Chiffre": wide}, height=560, alt="Chiffres publiés")


def _show_tables() -> None:
    manifest = store.manifest()
    table = pd.DataFrame(
        [
            {
                "Table": name,
                "Lignes": format_number(entry["rows"]),
                "Taille (ko)": format_number(entry["bytes"] / 1000),
                "Sources": ", ".join(entry["sources"]),
                "Empreinte": entry["sha256"][:12],
            }
            for name, entry in manifest["tables"].items()
        ]
    )
    st.dataframe(table, hide_index=True, alt="Tables embarquées")
    st.caption("Tables livrées avec Maillage, ou installées par la page « Mise à jour ».")
