"""Of which day the structures with a name are: words and days that every floor shares."""

import datetime as dt
from typing import Final, Literal

SITES_2021_ON: Final = dt.date(2021, 1, 8)
"""Day of the one FINESS of the whole country and of every type that is embedded."""

TYPES_2021: Final = ("msp", "cpts", "centre_sante")
"""Types whose sites of 2021 are kept: pharmacies and hospitals of that day would be taken for those of today."""

SiteDates = Literal["recentes", "actuelles", "2021", "evolution"]
"""recentes: each place at its most recent day, 2021 where nothing later is known. actuelles: only what the file in use
knows. 2021: the country on 8 January 2021. evolution: the MSP of that day against those in use."""

SITE_DATE_LABELS: Final[dict[SiteDates, str]] = {
    "recentes": "La plus récente de chaque lieu",
    "actuelles": "Fichier en service seulement",
    "2021": "8 janvier 2021 pour toutes",
    "evolution": "MSP : de 2021 à aujourd’hui",
}
