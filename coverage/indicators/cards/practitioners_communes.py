"""Indicators of practitioners counted by commune: BPE of the INSEE, and the RPPS that only a sync brings."""

from __future__ import annotations

from coverage.indicators.cards.indicator import ALL_LEVELS, MAYOTTE_RATE, PEOPLE_PER, PER_100K, Indicator

BPE_TABLE = "bpe_communes"
RPPS_TABLE = "rpps_practitioners"
VINTAGE_WITHOUT_TABLE = "celui de la mise à jour"
BPE_VINTAGE = "équipements au 1er janvier 2024"

_PROFESSIONS = {
    "gp": ("Médecins généralistes", "Généralistes"),
    "nurses": ("Infirmiers", "Infirmiers"),
    "physiotherapists": ("Masseurs-kinésithérapeutes", "Kinés"),
    "midwives": ("Sages-femmes", "Sages-femmes"),
    "dentists": ("Chirurgiens-dentistes", "Dentistes"),
}
_BPE_FIELD = (
    "La BPE compte des lieux d’exercice : un professionnel qui en a deux compte deux fois. Champ différent de celui de "
    "la CNAM : les deux séries ne se comparent pas."
)
_SUMS = "au-dessus, somme des effectifs ÷ somme des populations, si toutes les communes sont connues"


def _bpe_per_100k(kind: str) -> Indicator:
    many, short = _PROFESSIONS[kind]
    return Indicator(
        id=f"bpe_{kind}_per_100k",
        label=f"{many} pour 100 000 habitants (INSEE, BPE par commune)",
        short_label=f"{short} / 100 000 hab. (BPE com.)",
        **PER_100K,
        levels=ALL_LEVELS,
        source_ids=("insee_bpe_2024", "etalab_decoupage"),
        vintage=BPE_VINTAGE,
        formula=(
            f"{many} de la base permanente des équipements de la commune ÷ population municipale × 100 000 ; {_SUMS}."
        ),
        note=f"{_BPE_FIELD} {MAYOTTE_RATE}",
        theme="Démographie",
        table=BPE_TABLE,
    )


PRACTITIONERS_BY_COMMUNE: tuple[Indicator, ...] = (
    Indicator(
        id="n_bpe_gp",
        is_count=True,
        label="Nombre de médecins généralistes (INSEE, BPE par commune)",
        short_label="Généralistes (BPE com.)",
        unit="médecins",
        decimals=0,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is=None,
        source_ids=("insee_bpe_2024",),
        vintage=BPE_VINTAGE,
        formula="Somme des médecins généralistes des communes, si toutes sont connues.",
        note=_BPE_FIELD,
        theme="Démographie",
        table=BPE_TABLE,
    ),
    _bpe_per_100k("gp"),
    Indicator(
        id="population_per_bpe_gp",
        divisor="n_bpe_gp",
        lacks="gp",
        label="Habitants par médecin généraliste (INSEE, BPE par commune)",
        short_label="Hab. / généraliste (BPE com.)",
        **PEOPLE_PER,
        levels=ALL_LEVELS,
        source_ids=("insee_bpe_2024", "etalab_decoupage"),
        vintage=BPE_VINTAGE,
        formula="Population municipale ÷ nombre de médecins généralistes, si toutes les communes sont connues.",
        note=f"Ce n’est pas la patientèle : les habitants consultent aussi ailleurs. {_BPE_FIELD} {MAYOTTE_RATE}",
        theme="Démographie",
        table=BPE_TABLE,
    ),
    *(_bpe_per_100k(kind) for kind in _PROFESSIONS if kind != "gp"),
    Indicator(
        id="n_bpe_pharmacies",
        is_count=True,
        label="Nombre de pharmacies (INSEE, BPE par commune)",
        short_label="Pharmacies (BPE com.)",
        unit="pharmacies",
        decimals=0,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is=None,
        source_ids=("insee_bpe_2024",),
        vintage=BPE_VINTAGE,
        formula="Somme des pharmacies des communes, si toutes sont connues.",
        note="Pharmacies de la base permanente des équipements : ce ne sont pas les sites FINESS.",
        theme="Démographie",
        table=BPE_TABLE,
    ),
    Indicator(
        id="bpe_pharmacies_per_100k",
        label="Pharmacies pour 100 000 habitants (INSEE, BPE par commune)",
        short_label="Pharmacies / 100 000 hab. (BPE com.)",
        **PER_100K,
        levels=ALL_LEVELS,
        source_ids=("insee_bpe_2024", "etalab_decoupage"),
        vintage=BPE_VINTAGE,
        formula=(
            "Pharmacies de la base permanente des équipements de la commune ÷ population municipale × 100 000 ; "
            f"{_SUMS}."
        ),
        note=f"Pharmacies de la base permanente des équipements : ce ne sont pas les sites FINESS. {MAYOTTE_RATE}",
        theme="Démographie",
        table=BPE_TABLE,
    ),
    Indicator(
        id="rpps_liberal_gp_per_100k",
        label="Médecins généralistes en exercice libéral pour 100 000 habitants (RPPS par commune)",
        short_label="Généralistes lib. / 100 000 hab. (RPPS)",
        **PER_100K,
        levels=ALL_LEVELS,
        source_ids=("rpps_practitioners", "etalab_decoupage"),
        vintage=VINTAGE_WITHOUT_TABLE,
        formula=(
            "Médecins généralistes qui ont un exercice libéral dans la commune (Annuaire santé) ÷ population "
            f"municipale × 100 000 ; {_SUMS}."
        ),
        note=(
            "Qui exerce dans deux communes compte dans les deux. Champ différent de ceux de la CNAM et de "
            f"la BPE : les séries ne se comparent pas. {MAYOTTE_RATE}"
        ),
        theme="Démographie",
        table=RPPS_TABLE,
    ),
)
