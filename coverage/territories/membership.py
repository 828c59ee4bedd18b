"""Which codes are among others: a table's rows in a territory."""

import numpy as np
import numpy.typing as npt
import pandas as pd


def are_among(
    codes: "pd.Index[str] | pd.Series[str]", wanted: "pd.Index[str] | pd.Series[str]"
) -> npt.NDArray[np.bool_]:
    """Tell which codes are among those wanted, as `isin` does.

    Parameters
    ----------
    codes
        Codes; an absent one is among none.
    wanted
        Codes, in any order; repeated and absent ones do no harm.

    Notes
    -----
    The `isin` of pandas makes an Arrow scalar of each wanted code: 0.2 s for the communes of France, 1 ms here.
    """
    index = pd.Index(wanted.dropna().unique())
    return np.asarray(index.get_indexer(pd.Index(codes)) >= 0)
