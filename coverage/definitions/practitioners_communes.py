"""Indicators of practitioners counted by commune, which only a sync brings: BPE of the INSEE, RPPS."""

from __future__ import annotations

from coverage.definitions.indicator import ALL_LEVELS, Indicator

BPE_TABLE = "bpe_communes"
RPPS_TABLE = "rpps_practitioners"
VINTAGE_WITHOUT_TABLE = "celui de la mise à jour"

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
_SUMS = "au-dessus, somme des effectifs ÷ somme des populations, sur les communes connues"


def _bpe_per_100k(kind: str) -> Indicator:
    many, short = _PROFESSIONS[kind]
    return Indicator(
        id=f"bpe_{kind}_per_100k",
        label=f"{many} pour 100 000 habitants (INSEE, BPE par commune)",
        short_label=f"{short} / 100 000 hab. (BPE com.)",
        unit="pour 100 000 hab.",
        decimals=1,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is="mieux",
        source_ids=("insee_bpe_communes", "etalab_decoupage"),
        vintage=VINTAGE_WITHOUT_TABLE,
        formula=(
            f"{many} de la base permanente des équipements de la commune ÷ population municipale × 100 000 ; {_SUMS}."
        ),
        note=_BPE_FIELD,
        theme="Démographie",
        table=BPE_TABLE,
    )


PRACTITIONERS_BY_COMMUNE: tuple[Indicator, ...] = (
    Indicator(
        id="n_bpe_gp",
        label="Nombre de médecins généralistes (INSEE, BPE par commune)",
        short_label="Généralistes (BPE com.)",
        unit="médecins",
        decimals=0,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is=None,
        source_ids=("insee_bpe_communes",),
        vintage=VINTAGE_WITHOUT_TABLE,
        formula="Somme des médecins généralistes des communes, si toutes sont connues.",
        note=_BPE_FIELD,
        theme="Démographie",
        table=BPE_TABLE,
    ),
    _bpe_per_100k("gp"),
    Indicator(
        id="population_per_bpe_gp",
        label="Habitants par médecin généraliste (INSEE, BPE par commune)",
        short_label="Hab. / généraliste (BPE com.)",
        unit="habitants",
        decimals=0,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is="moins bien",
        source_ids=("insee_bpe_communes", "etalab_decoupage"),
        vintage=VINTAGE_WITHOUT_TABLE,
        formula="Population municipale des communes connues ÷ nombre de leurs médecins généralistes.",
        note=f"Ce n’est pas la patientèle : les habitants consultent aussi ailleurs. {_BPE_FIELD}",
        theme="Démographie",
        table=BPE_TABLE,
    ),
    *(_bpe_per_100k(kind) for kind in _PROFESSIONS if kind != "gp"),
    Indicator(
        id="n_bpe_pharmacies",
        label="Nombre de pharmacies (INSEE, BPE par commune)",
        short_label="Pharmacies (BPE com.)",
        unit="pharmacies",
        decimals=0,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is=None,
        source_ids=("insee_bpe_communes",),
        vintage=VINTAGE_WITHOUT_TABLE,
        formula="Somme des pharmacies des communes, si toutes sont connues.",
        note="Pharmacies de la base permanente des équipements : ce ne sont pas les sites FINESS.",
        theme="Démographie",
        table=BPE_TABLE,
    ),
    Indicator(
        id="bpe_pharmacies_per_100k",
        label="Pharmacies pour 100 000 habitants (INSEE, BPE par commune)",
        short_label="Pharmacies / 100 000 hab. (BPE com.)",
        unit="pour 100 000 hab.",
        decimals=1,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is="mieux",
        source_ids=("insee_bpe_communes", "etalab_decoupage"),
        vintage=VINTAGE_WITHOUT_TABLE,
        formula=(
            "Pharmacies de la base permanente des équipements de la commune ÷ population municipale × 100 000 ; "
            f"{_SUMS}."
        ),
        note="Pharmacies de la base permanente des équipements : ce ne sont pas les sites FINESS.",
        theme="Démographie",
        table=BPE_TABLE,
    ),
    Indicator(
        id="rpps_liberal_gp_per_100k",
        label="Médecins généralistes en exercice libéral pour 100 000 habitants (RPPS par commune)",
        short_label="Généralistes lib. / 100 000 hab. (RPPS)",
        unit="pour 100 000 hab.",
        decimals=1,
        levels=ALL_LEVELS,
        kind="sequential",
        higher_is="mieux",
        source_ids=("rpps_practitioners", "etalab_decoupage"),
        vintage=VINTAGE_WITHOUT_TABLE,
        formula=(
            "Médecins généralistes qui ont un exercice libéral dans la commune (Annuaire santé) ÷ population "
            f"municipale × 100 000 ; {_SUMS}."
        ),
        note=(
            "Qui exerce dans deux communes compte dans les deux. Champ différent de ceux de la CNAM et de "
            "la BPE : les séries ne se comparent pas."
        ),
        theme="Démographie",
        table=RPPS_TABLE,
    ),
)
