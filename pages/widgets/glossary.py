"""The words of the subject: whole on the page « Sources et méthode », a few of them where a screen begins."""

from collections.abc import Mapping

GLOSSARY: Mapping[str, str] = {
    "ACI": "Accord conventionnel interprofessionnel : contrat entre une structure (MSP, CPTS, centre de santé) et "
    "l’Assurance maladie, qui finance la coordination.",
    "APL": "Accessibilité potentielle localisée (DREES) : consultations, visites et téléconsultations de généralistes "
    "accessibles par an et par habitant standardisé, en tenant compte des communes voisines et du temps de trajet.",
    "Aire d’attraction des villes": "Ensemble de communes formé d’un pôle et de la couronne qui y travaille (INSEE, "
    "2020). Une commune hors de l’attraction des villes n’en a pas : n.d.",
    "ALD": "Affection de longue durée : maladie chronique dont les soins sont pris en charge à 100 %.",
    "ARS": "Agence régionale de santé : elle valide les projets de santé (condition de l’ACI) et arrête le zonage.",
    "Bassin de vie": "Plus petit territoire où les habitants ont accès aux équipements et services les plus courants "
    "(INSEE, 2022). Il peut être à cheval sur deux départements ; ce n’est pas un TVS.",
    "À trouver": "Généralistes qui doivent s’installer d’ici l’horizon pour garder l’accès d’aujourd’hui : ceux qui "
    "remplacent les départs, et ceux qu’une population plus nombreuse ou plus âgée demande.",
    "Centre de santé": "Structure de soins de premier recours dont les professionnels sont salariés (FINESS 124).",
    "CPTS": "Communauté professionnelle territoriale de santé : réseau de professionnels sur un territoire. Sa ligne "
    "FINESS (604) est un siège ; son périmètre est une liste de communes.",
    "EPCI": "Établissement public de coopération intercommunale à fiscalité propre : communauté de communes, "
    "d’agglomération, urbaine ou métropole.",
    "ETP": "Équivalent temps plein. Un généraliste à temps plein compte pour 5 400 consultations par an (DREES) : "
    "un ETP n’est pas un médecin.",
    "ETP manquants": "Généralistes à temps plein qu’il faudrait au moins pour que chaque commune atteigne 2,5, comme "
    "si chaque consultation n’allait qu’à ceux qui en manquent. C’est un minimum, pas le besoin réel.",
    "FINESS": "Fichier national des établissements sanitaires et sociaux. Il compte des sites, pas des structures "
    "labellisées : une MSP sur deux sites y a deux lignes.",
    "Habitant standardisé": "Habitant pondéré par la consommation moyenne de soins de son âge : une personne de 90 ans "
    "compte pour 2,26, un enfant de 10 ans pour 0,51 (2023).",
    "n.d.": "Non disponible : la valeur n’est pas connue. Elle est hachurée sur la carte et "
    "n’est jamais comptée comme un zéro.",
    "Médecins de 65 ans ou moins": "Série de référence de l’APL. L’écart avec la série tous âges est l’offre que des "
    "départs en retraite peuvent retirer à court terme.",
    "MSP": "Maison de santé pluriprofessionnelle (code de la santé publique, art. L. 6323-3) : équipe autour d’un "
    "projet de santé, que l’ARS valide pour que l’ACI soit versé, le plus souvent constituée en SISA (FINESS 603).",
    "Maille": "Découpage de la carte et des listes : communes, intercommunalités, bassins de vie, aires d’attraction, "
    "départements ou régions.",
    "NS": "Non significatif : effectif de moins de 5 professionnels, couvert par le secret statistique.",
    "Reste à convaincre": "Généralistes à trouver qui ne sont pas attendus au rythme d’arrivée supposé. Négatif, c’est "
    "un surplus ; à moins de cinq près, un équilibre.",
    "Seuil de 2,5": "Une commune est dite sous-dense en généralistes quand son APL est inférieure à 2,5 consultations "
    "par an et par habitant. Ce seuil n’est pas le zonage de l’ARS.",
    "Taille d’une CPTS": "De 1 à 4 selon les habitants de son périmètre, et son financement avec elle (ACI de 2024) : "
    "moins de 40 000, de 40 000 à 80 000, de 80 000 à 175 000, 175 000 ou plus.",
    "TVS": "Territoire de vie-santé : regroupement de communes sur lequel le zonage est dessiné.",
    "ZIP, ZAC, ZAR, HZ": "Zonage des généralistes par l’ARS : zone d’intervention prioritaire, zone d’action "
    "complémentaire, zone d’accompagnement régional, hors zonage.",
}


def explain(*words: str) -> str:
    """Return the definitions of some words, one a paragraph, as the help of a text takes them."""
    return "\n\n".join(f"**{word}** : {GLOSSARY[word]}" for word in words)
