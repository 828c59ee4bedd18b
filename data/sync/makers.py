"""Who makes the tables of each source that can be synced: the one place where they are registered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from data.sync.care import make_apl, make_bpe_communes, make_gp_age_departements, make_rpps_practitioners
from data.sync.cnam import make_installations, make_patient_lists, make_professionals
from data.sync.finess import make_national_structures
from data.sync.made import Maker
from data.sync.population import (
    make_population_by_age,
    make_population_cells,
    make_population_outlook,
    make_reference_populations,
)
from data.sync.programme import make_msp_barometer
from data.sync.territory import make_commune_shapes, make_cpts_perimeters, make_zones

MAKERS: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        "finess_national": make_national_structures,
        "rpps_practitioners": make_rpps_practitioners,
        "insee_bpe_communes": make_bpe_communes,
        "drees_gp_age": make_gp_age_departements,
        "drees_apl": make_apl,
        "cnam_counts": make_professionals,
        "cnam_patient_lists": make_patient_lists,
        "cnam_installations": make_installations,
        "insee_reference_populations": make_reference_populations,
        "insee_population_age": make_population_by_age,
        "insee_omphale": make_population_outlook,
        "insee_population_cells": make_population_cells,
        "commune_shapes": make_commune_shapes,
        "cpts_perimeters": make_cpts_perimeters,
        "ars_zones": make_zones,
        "dgos_barometer": make_msp_barometer,
    }
)
"""By id of the remote in the catalogue."""
