"""Every level of the indicators at once."""

import pandas as pd

from coverage.indicators.commune_facts import Tables, commune_facts
from coverage.indicators.compute import compute
from geo.levels import FROM_FINEST


def compute_all(tables: Tables) -> dict[str, pd.DataFrame]:
    """Compute every level at once, sharing what they have in common: level -> table of `compute`.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> tables = compute_all(toy_country().tables())
    >>> {level: len(table) for level, table in tables.items()}
    {'commune': 12, 'epci': 3, 'bassin_de_vie': 6, 'aire_attraction': 2, 'departement': 5, 'region': 4, 'france': 1}
    """
    facts = commune_facts(tables)
    return {level: compute(level, tables, facts) for level in FROM_FINEST}
