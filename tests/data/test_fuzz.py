"""The entries of the fuzzer: each example is read, and some damages of each end in a value or a named error."""

import random

import pytest

from data.projects.values import CellError, read_stage
from tests.fuzz.entries import NAMED, entries
from tests.fuzz.mutations import damaged

ENTRIES = entries()
FEW = 4


@pytest.mark.filterwarnings("ignore")  # of the libraries, on what is damaged
@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.name for entry in ENTRIES])
def test_an_example_is_read_and_its_damages_are_named(entry, tmp_path):
    rng = random.Random(entry.name)  # noqa: S311 - the same damages on every machine
    path = tmp_path / entry.file
    path.write_bytes(entry.examples[0])
    assert entry.read(path) is not None
    for number in range(FEW):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / entry.file
        path.write_bytes(damaged(entry.kind, rng.choice(entry.examples), rng))
        try:
            entry.read(path)
        except NAMED as error:
            assert str(error)  # noqa: PT017 - most damages are refused, some are read


@pytest.mark.parametrize("text", ["12-" * 10_000, "1 " * 16_000, "0" * 32_000])
def test_a_stage_of_numbers_without_end_costs_its_length(text):
    with pytest.raises(CellError):
        read_stage(text)
    assert read_stage("12 - 3 - Ouvert") == "ouvert"
