"""The sentence that a fault of the data shows."""

import doctest
import gzip
import io
import json
import pickle
import tarfile
import zipfile
import zlib
from pathlib import Path

import pandas as pd
import pytest

from data import errors
from data.errors import DataError, SourceMissing, SourceUnreadable, SourceValueError

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


def _raised(act):
    try:
        act()
    except Exception as error:  # noqa: BLE001 - of any library
        return error
    raise AssertionError


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: json.loads("{"), "un JSON où le nom d’une clé manque"),
        (lambda: json.loads("[1 2]"), "un JSON où un signe manque"),
        (lambda: json.loads("1 2"), "un JSON suivi d’autre chose"),
        (lambda: gzip.decompress(b"\x1f\x8b" + b"x" * 20), "abîmé"),
        (lambda: zlib.decompress(b"xx"), "un contenu compressé abîmé"),
        (lambda: zipfile.ZipFile(io.BytesIO(b"x")), "une archive abîmée"),
        (lambda: tarfile.TarFile(fileobj=io.BytesIO(b"x")), "une archive abîmée"),
        (b"Foix\xe9".decode, "un octet qui n’est pas de l’UTF-8 (octet 5)"),
        (lambda: pd.read_csv(io.StringIO("a\n1\n1,2,3")), "un tableau dont les lignes"),
        (lambda: pd.read_parquet(io.BytesIO(b"PAR1xxxxPAR1")), "un fichier Parquet abîmé"),
    ],
)
def test_what_a_library_raises_is_told_in_french(act, words):
    assert words in str(SourceUnreadable("x", found=_raised(act)))


def test_an_error_of_ours_is_told_as_it_is():
    assert "Trouvé : Fichier absent : a" in str(SourceUnreadable("x", found=SourceMissing("a")))


def test_examples_run():
    assert doctest.testmod(errors).failed == 0
