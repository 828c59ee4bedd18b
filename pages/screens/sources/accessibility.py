"""The declaration of accessibility, in the form that the RGAA asks for."""

import datetime as dt
import os
from typing import Final

import streamlit as st

from coverage.terms.months import format_date

CONTACT_VARIABLE: Final = "MAILLAGE_ACCESSIBILITY_CONTACT"
"""Environment variable that says to whom a reader writes, in Markdown: the organisation, an address, a telephone."""
TESTED_ON: Final = dt.date(2026, 11, 27)

_STATE: Final = """
Maillage veut être utilisable par tous, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005.

#### État de conformité

Maillage est **non conforme** au référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1 : aucun audit
complet n’en a encore été fait, et les défauts ci-dessous sont connus.
"""
_TESTS: Final = """
#### Ce qui a été vérifié

- Toutes les pages, en thème clair et en thème sombre, et le cadre de la carte, par l’outil automatique axe-core (règles
  WCAG 2.2 A et AA, et bonnes pratiques) : aucune erreur relevée. Un tel outil ne voit qu’une partie des critères.
- La langue : tous les textes, affichés ou lus par un lecteur d’écran, sont en français.
- Au clavier : lien « Aller au contenu », choix d’un territoire sur la carte (flèches, Entrée), listes.
- Navigateur : Chromium. Aucun essai n’a été fait par des personnes utilisant un lecteur d’écran au quotidien.

#### Ce qui n’est pas conforme

- Les tableaux interactifs sont dessinés : un lecteur d’écran n’en reçoit que les lignes affichées (critères 5.1 à 5.7).
  Les boutons CSV et XLSX donnent le tableau entier.
- Les graphiques ont un nom, et le plus souvent un tableau ou une phrase à côté ; les valeurs lues dans le dessin
  suivent l’ordre du tracé (critères 1.1 et 1.6).
- La carte dit le territoire qui est sous sa croix, mais seule la page « Carte » liste à côté tous les lieux montrés.
- Les courbes de plusieurs territoires ne se distinguent, à l’écran, que par la couleur et l’ordre de la légende
  (critère 3.1).
- Les documents PDF sont balisés : langue, titres, tableaux avec leurs en-têtes, textes de remplacement des images. Ils
  sont écrits selon la norme PDF/UA-1, mais aucun outil indépendant ni aucun lecteur d’écran ne les a vérifiés (critère
  13.3). La première colonne des tableaux n’y est pas un en-tête de ligne. Les cartes et les graphiques en PDF sont une
  seule image décrite ; ceux en PNG et en SVG n’ont que leur titre.
- L’avancement d’un calcul n’est pas toujours annoncé (critère 7.5).
"""
_RECOURSE: Final = """
#### Voies de recours

Si vous avez signalé un défaut qui vous empêche d’accéder à un contenu et que vous n’avez pas obtenu de réponse
satisfaisante, vous pouvez écrire au Défenseur des droits : par le
[formulaire de contact](https://formulaire.defenseurdesdroits.fr/), à son
[délégué dans votre région](https://www.defenseurdesdroits.fr/saisir/delegues), ou par courrier gratuit, sans timbre :
Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.
"""


def show_declaration() -> None:
    """Write the declaration."""
    st.markdown(_STATE)
    st.markdown(_TESTS)
    st.markdown(
        f"#### Établissement de cette déclaration\n\nLe {format_date(TESTED_ON)}, d’après ces vérifications.\n\n"
        f"#### Signaler un défaut, demander de l’aide\n\n{tell_contact(os.environ.get(CONTACT_VARIABLE, ''))}"
    )
    st.markdown(_RECOURSE)


def tell_contact(contact: str) -> str:
    """Say to whom a reader writes (Markdown)."""
    if not contact.strip():
        return (
            "L’organisme qui publie ce site n’a pas encore indiqué ici à qui écrire : adressez-vous à la personne qui "
            "vous a donné l’adresse de ce site."
        )
    return (
        "Si vous n’arrivez pas à accéder à un contenu ou à un service, écrivez pour être orienté vers une forme "
        f"accessible ou obtenir le contenu autrement : {contact.strip()}"
    )
