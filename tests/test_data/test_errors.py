"""The sentence that a fault of the data shows."""

import pickle
from pathlib import Path

import pytest

from data import errors
from data.errors import DataError, SourceMissing, SourceValueError

CLASSES = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, DataError)]


def test_sentence_says_file_place_expected_and_found():
    error = SourceValueError(
        Path("/srv/data/apl.xlsx"), place="ligne 12", expected="un nombre", found="abc", remedy="Ouf."
    )
    assert str(error) == "Valeur inattendue : apl.xlsx, ligne 12. Attendu : un nombre. Trouvé : abc. Ouf."


def test_sentence_hides_the_folders():
    assert "/srv" not in str(SourceMissing(Path("/srv/data/apl.xlsx")))


def test_long_values_are_shortened():
    assert len(str(SourceValueError("t", found="x" * 10_000))) < 400


def test_zero_is_a_value_and_is_shown():
    assert "Trouvé : 0." in str(SourceValueError("t", found=0))


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_names_its_problem_and_crosses_processes(kind):
    error = kind("fichier.csv", place="ici", expected=1, found=2)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes, two lines above
    assert type(again) is kind
    assert str(again) == str(error)
    assert kind is DataError or kind.problem != DataError.problem
    assert kind is DataError or issubclass(kind, ValueError | OSError)
