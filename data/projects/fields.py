"""What Maillage knows how to read in a user's file: each field with its French label, advice and usual labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from coverage.terms.project_list import PLANNED_ON, PROFESSIONS, STAGE_DATES


@dataclass(frozen=True)
class Field:
    """What a column may hold: its French label, what to write in it, and the labels by which it is recognised."""

    label: str
    advice: str
    synonyms: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";"))


FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "name": Field(
            "Nom",
            "Nom de la structure ou du projet. Obligatoire.",
            _words(
                "nom;name;intitule;nom de la structure;nom structure;nom du projet;nom projet;libelle;denomination;"
                "raison sociale;structure;projet;nom de la msp;nom msp;nom de l equipe;nom equipe;equipe;project name"
            ),
        ),
        "structure_type": Field(
            "Type",
            "MSP, CPTS, Centre de santé, Équipe de soins primaires ou Autre.",
            _words(
                "type;type de structure;type structure;categorie;nature;structure type;forme;type de projet;"
                "type projet;categetab;categorie etablissement;libelle categorie;libcategetab"
            ),
        ),
        "commune_code": Field(
            "Code commune",
            "Code INSEE à cinq caractères (il n’est pas le code postal). À défaut : le nom, ou des coordonnées.",
            _words(
                "code commune;code insee;insee;code insee commune;code insee de la commune;codgeo;code geo;depcom;"
                "commune code;code de la commune;com;insee com;code com;citycode;insee code"
            ),
        ),
        "commune_name": Field(
            "Commune",
            "Nom de la commune ; avec le département ou le code postal quand plusieurs portent ce nom.",
            _words(
                "commune;nom commune;nom de la commune;ville;localite;city;town;municipality;commune d implantation;"
                "ligneacheminement;libelle commune;commune nom;lieu"
            ),
        ),
        "postcode": Field(
            "Code postal",
            "Cinq chiffres.",
            _words("code postal;cp;postcode;zip code;zipcode;postal code;codepostal;code post"),
        ),
        "departement": Field(
            "Département",
            "Code ou nom.",
            _words("departement;dep;dept;code departement;dpt;code dep;num departement;department;nom departement"),
        ),
        "longitude": Field(
            "Longitude",
            "Degrés (WGS 84) ; du Lambert-93 est reconnu et converti.",
            _words("longitude;lon;long;lng;x;coord x;coordx;x lambert 93;x l93;coordonnee x"),
        ),
        "latitude": Field(
            "Latitude",
            "Degrés (WGS 84) ; du Lambert-93 est reconnu et converti.",
            _words("latitude;lat;y;coord y;coordy;y lambert 93;y l93;coordonnee y"),
        ),
        "lat_lon": Field(
            "Latitude, longitude",
            "Les deux dans une seule colonne.",
            _words(
                "coordonnees;geo point 2d;geo point;geopoint;lat lon;latitude longitude;coordonnees gps;gps;position"
            ),
        ),
        "stage": Field(
            "Étape",
            "Idée, Projet, Validé par l’ARS, Ouvert ou ACI signé ; « Abandonné » se dit aussi.",
            _words(
                "etape;stade;statut;avancement;etat;phase;stage;status;etat d avancement;stade d avancement;"
                "niveau d avancement;etat du projet;statut du projet;maturite"
            ),
        ),
        "abandoned": Field(
            "Abandonné", "oui ou non ; vide : non.", _words("abandonne;abandon;projet abandonne;abandoned")
        ),
        "idea_on": Field(
            "Idée le",
            "Jour de la première idée : 15/03/2025 ou 2025-03-15.",
            _words("idee le;date idee;date de l idee;date premier contact;premier contact;"
                "date du premier contact;date de premier contact;premier contact le;date 1er contact;1er contact;"
                "date du 1er contact;date de prise de contact;prise de contact;date contact;idea on;date de contact"),
        ),
        "project_on": Field(
            "Projet le",
            "Jour où le projet a commencé.",
            _words(
                "projet le;date projet;date du projet;date debut projet;debut du projet;project on;date de lancement;"
                "date d entree;date depot;date lettre d intention;lettre d intention;date debut accompagnement"
            ),
        ),
        "validated_on": Field(
            "Validé le",
            "Jour de la validation par l’ARS.",
            _words(
                "valide le;date validation;date de validation;date validation ars;date de validation ars;"
                "validation ars;validated on;date labellisation;date de labellisation;"
                "date de validation du projet de sante;date validation projet de sante"
            ),
        ),
        "opened_on": Field(
            "Ouvert le",
            "Jour de l’ouverture. Une date à venir est celle de l’ouverture prévue.",
            _words(
                "ouvert le;date ouverture;date d ouverture;ouverture;opened on;opening date;date de mise en service;"
                "mise en service;dateouv;date ouv"
            ),
        ),
        "opening_planned_on": Field(
            "Ouverture prévue le",
            "Jour prévu pour l’ouverture ; dépassé sans être ouvert, le projet est en retard, non en erreur.",
            _words(
                "ouverture prevue le;date d ouverture prevue;date ouverture prevue;ouverture prevue;"
                "date previsionnelle d ouverture;ouverture previsionnelle;date d ouverture previsionnelle;"
                "date prevue d ouverture;date prevue ouverture;prevu le;ouverture envisagee;date d ouverture envisagee"
            ),
        ),
        "aci_signed_on": Field(
            "ACI signé le",
            "Jour de la signature de l’accord conventionnel interprofessionnel.",
            _words("aci signe le;date aci;date signature aci;date de signature aci;signature aci;date de l aci;"
                   "aci signed on;date d adhesion aci;adhesion aci;date signature de l aci"),
        ),
        "n_gp": Field(
            PROFESSIONS["n_gp"],
            "Nombre de personnes (pas d’ETP).",
            _words(
                "medecins generalistes;generalistes;mg;nb mg;medecins;nb medecins;nombre de medecins;gp;n gp;medecin;"
                "medecin generaliste;nb generalistes;nombre de medecins generalistes;omnipraticiens"
            ),
        ),
        "n_nurses": Field(
            PROFESSIONS["n_nurses"],
            "Nombre de personnes.",
            _words(
                "infirmiers;infirmieres;ide;idel;nb ide;nb infirmiers;nombre d infirmiers;nurses;infirmier e s;"
                "infirmier;infirmiere;nb idel;infirmiers ieres"
            ),
        ),
        "n_physiotherapists": Field(
            PROFESSIONS["n_physiotherapists"],
            "Nombre de personnes.",
            _words(
                "kinesitherapeutes;kines;mk;masseurs kinesitherapeutes;kine;nb kine;nb kines;nb mk;nombre de kines;"
                "physiotherapists;n physiotherapists;masseur kinesitherapeute;nombre de kinesitherapeutes"
            ),
        ),
        "n_midwives": Field(
            PROFESSIONS["n_midwives"],
            "Nombre de personnes.",
            _words("sages femmes;sage femme;sf;nb sf;nb sages femmes;nombre de sages femmes;midwives;n midwives"),
        ),
        "n_dentists": Field(
            PROFESSIONS["n_dentists"],
            "Nombre de personnes.",
            _words(
                "chirurgiens dentistes;dentistes;chirurgien dentiste;cd;nb dentistes;nb cd;nombre de dentistes;"
                "dentists"
            ),
        ),
        "n_pharmacists": Field(
            PROFESSIONS["n_pharmacists"],
            "Nombre de personnes.",
            _words("pharmaciens;pharmacien;nb pharmaciens;nombre de pharmaciens;pharmacists;n pharmacists;pharmacies"),
        ),
        "n_other": Field(
            PROFESSIONS["n_other"],
            "Nombre de personnes.",
            _words(
                "autres professionnels;autres;autres ps;autres professions;nb autres;other;n other;autres paramedicaux;"
                "autres professionnels de sante"
            ),
        ),
        "n_professionals": Field(
            "Professionnels, total",
            "Vide : la somme des professions, quand toutes sont connues.",
            _words(
                "professionnels;total professionnels;professionnels total;nb professionnels;nombre de professionnels;"
                "nb ps;ps;effectif;effectif total;total ps;nombre de ps;professionals;n professionals;"
                "nombre de professionnels de sante;nb professionnels de sante"
            ),
        ),
        "facilitator": Field(
            "Facilitateur",
            "Personne ou organisme qui accompagne.",
            _words(
                "facilitateur;facilitatrice;accompagnateur;accompagnatrice;referent;charge de mission;facilitator;"
                "chef de projet;coach;accompagne par;nom du facilitateur;facilitateur trice;referent fecop"
            ),
        ),
        "accompanied": Field(
            "Accompagné",
            "oui ou non ; vide : oui quand un facilitateur est nommé, sinon inconnu.",
            _words("accompagne;accompagnee;equipe accompagnee;accompagnement;accompanied;projet accompagne"),
        ),
        "finess_code": Field(
            "N° FINESS",
            "Neuf caractères.",
            _words("finess;code finess;n finess;no finess;numero finess;finess geographique;nofinesset;finess et;"
                   "numero finess etablissement;numero finess et;num finess et"),
        ),
        "note": Field(
            "Note",
            "Texte libre, sans donnée sur un patient.",
            _words("note;notes;commentaire;commentaires;remarque;remarques;observation;observations;comment;comments"),
        ),
        "project_id": Field(
            "Identifiant Maillage",
            "Donné par Maillage à l’export ; laissez vide pour un nouveau projet.",
            _words("identifiant maillage;project id;id maillage"),
        ),
    }
)  # fmt: skip
"""What Maillage knows how to read, in the order of the template."""

PLACE_FIELDS: Final = ("commune_code", "commune_name", "postcode", "departement", "longitude", "latitude", "lat_lon")
DATE_FIELDS: Final = tuple(STAGE_DATES.values())
DAY_FIELDS: Final = (*DATE_FIELDS, PLANNED_ON)
COUNT_FIELDS: Final = (*PROFESSIONS, "n_professionals")
