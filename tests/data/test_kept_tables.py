"""A table kept from one start to the next is the one computed, or is computed again."""

import numpy as np
import pandas as pd
import pytest

from coverage.indicators.compute import compute
from data import kept_tables
from data.cache import CACHE_VARIABLE
from data.kept_tables import code_and_data, kept_table
from geo.levels import LEVELS


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


class Counted:
    """A table, and how many times it was computed."""

    def __init__(self, table):
        self.table, self.times = table, 0

    def __call__(self):
        self.times += 1
        return self.table.copy()


ODD = pd.DataFrame(
    {
        "x": [0.1, np.nan, np.inf, -0.0],
        "n": [1, 2, 3, 2**60],
        "flag": [True, False, True, False],
        "text": list("aé\t'"),
    },
    index=pd.Index(["01001", "2A004", "97411", "é"], name="territory_code"),
)


@pytest.mark.parametrize("level", LEVELS)
def test_the_indicators_of_a_level_come_back_to_the_bit(toy_country, level):
    asked = Counted(compute(level, toy_country.tables()))
    for _ in range(2):
        pd.testing.assert_frame_equal(kept_table("toy", "", asked), asked.table, check_exact=True)
    assert asked.times == 1


def test_numbers_flags_and_texts_come_back_to_the_bit():
    asked = Counted(ODD)
    for _ in range(2):
        pd.testing.assert_frame_equal(kept_table("odd", "", asked), ODD, check_exact=True)
    assert np.signbit(kept_table("odd", "", asked)["x"].iloc[-1])
    assert asked.times == 1


def test_a_damaged_file_is_computed_again_and_replaced(folder):
    asked = Counted(ODD)
    kept_table("odd", "", asked)
    (path,) = folder.glob("*.parquet")
    whole = path.read_bytes()
    damages = [whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :] for at in range(0, len(whole), 97)]
    damages += [whole[:at] for at in range(0, len(whole), 997)]
    for times, damaged in enumerate(damages, start=1):
        path.write_bytes(damaged)
        pd.testing.assert_frame_equal(kept_table("odd", "", asked), ODD, check_exact=True)
        assert asked.times == 1 + times
        assert path.read_bytes() == whole


def test_other_code_or_other_data_are_computed_again(monkeypatch, folder):
    asked = Counted(ODD)
    for digest in ("code", "other code"):
        monkeypatch.setattr(kept_tables, "_code", lambda digest=digest: digest)
        kept_table("odd", code_and_data(), asked)
    monkeypatch.setattr(kept_tables, "tables_digest", lambda: "synced")
    kept_table("odd", code_and_data(), asked)
    assert asked.times == len(list(folder.glob("odd_*.parquet"))) == 3


def test_a_few_files_of_a_name_are_kept(folder):
    for number in range(7):
        kept_table("odd", str(number), Counted(ODD))
        kept_table("other", str(number), Counted(ODD))
    assert len(list(folder.glob("odd_*"))) == len(list(folder.glob("other_*"))) == 4
    assert not list(folder.glob(".kept-*"))


def test_a_folder_that_cannot_be_written_is_done_without(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "file"))
    asked = Counted(ODD)
    pd.testing.assert_frame_equal(kept_table("odd", "", asked), ODD)
    assert asked.times == 1
