"""The words of the subject, as the page « Sources et méthode » defines them."""

from collections.abc import Mapping

GLOSSARY: Mapping[str, str] = {
    "ACI": "Accord conventionnel interprofessionnel : contrat entre une structure (MSP, CPTS, centre de santé) et "
    "l’Assurance maladie, qui finance la coordination.",
    "APL": "Accessibilité potentielle localisée (DREES) : consultations, visites et téléconsultations de généralistes "
    "accessibles par an et par habitant standardisé, en tenant compte des communes voisines et du temps de trajet.",
    "ARS": "Agence régionale de santé : elle valide les projets de santé et arrête le zonage.",
    "Centre de santé": "Structure de soins de premier recours dont les professionnels sont salariés (FINESS 124).",
    "CPTS": "Communauté professionnelle territoriale de santé : réseau de professionnels sur un territoire. Sa ligne "
    "FINESS (604) est un siège ; son périmètre est une liste de communes.",
    "EPCI": "Établissement public de coopération intercommunale à fiscalité propre : communauté de communes, "
    "d’agglomération, urbaine ou métropole.",
    "FINESS": "Fichier national des établissements sanitaires et sociaux. Il compte des sites, pas des structures "
    "labellisées : une MSP sur deux sites y a deux lignes.",
    "Habitant standardisé": "Habitant pondéré par la consommation moyenne de soins de son âge : une personne de 90 ans "
    "compte pour 2,26, un enfant de 10 ans pour 0,51 (2023).",
    "n.d.": "Non disponible : la valeur n’est pas connue. Elle est hachurée sur la carte et "
    "n’est jamais comptée comme un zéro.",
    "Médecins de 65 ans ou moins": "Série de référence de l’APL. L’écart avec la série tous âges est l’offre que des "
    "départs en retraite peuvent retirer à court terme.",
    "MSP": "Maison de santé pluriprofessionnelle (code de la santé publique, art. L. 6323-3) : équipe autour d’un "
    "projet de santé validé par l’ARS, le plus souvent constituée en SISA (FINESS 603).",
    "NS": "Non significatif : effectif de moins de 5 professionnels, couvert par le secret statistique.",
    "Seuil de 2,5": "Une commune est dite sous-dense en généralistes quand son APL est inférieure à 2,5 consultations "
    "par an et par habitant. Ce seuil n’est pas le zonage de l’ARS.",
    "TVS": "Territoire de vie-santé : regroupement de communes sur lequel le zonage est dessiné.",
    "ZIP, ZAC, ZAR, HZ": "Zonage des généralistes par l’ARS : zone d’intervention prioritaire, zone d’action "
    "complémentaire, zone d’accompagnement régional, hors zonage.",
}
