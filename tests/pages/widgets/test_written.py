import numpy as np
import pandas as pd
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from coverage.indicators.cards import INDICATORS
from pages.widgets.written import write_values, written
from reports.figures.at_most import AT_MOST
from reports.figures.numbers import UNKNOWN, format_number

TABLE = pd.DataFrame({"name": ["Mende", "Langogne"], "people": [12345.0, float("nan")], "rank": [1, 2]})


def sent(styler):
    """Return what Streamlit sends of a table to the browser, beside its values."""
    message = ArrowData()
    marshall_styler(message, styler, "uuid")
    return message.styler.display_values, message.styler.styles


def test_what_is_sent_is_what_pandas_would_have_computed():
    texts = {"people": [format_number(12345.0), UNKNOWN], "rank": ["1er", "2e"]}
    computed = TABLE.style.format({"people": format_number, "rank": {1: "1er", 2: "2e"}.get}, na_rep=UNKNOWN)
    assert sent(written(TABLE, texts)) == sent(computed)
    assert sent(written(TABLE, texts)) != sent(written(TABLE, {}))


def test_a_maximum_and_nothing_to_divide_by_are_said():
    card = INDICATORS["nearest_msp_min"]
    texts = write_values(card, [12.0, 12.0, float("nan")], np.array([False, True, False]))
    assert texts == ["12,0", f"{AT_MOST} 12,0", UNKNOWN]
    card = INDICATORS["population_per_msp_dgos"]
    assert write_values(card, [float("nan"), 1000.0], none=np.array([True, False])) == [
        "aucune",
        format_number(1000),
    ]
