"""Files made to stop a server: refused by name, at once, and the process that asked costs nothing of it."""

import resource
import signal
import sys
import time

import pytest

from data.errors import DataError, FileRefused, SourceUnreadable
from data.files import apart
from data.files.texts import LONGEST_LINE, composed, require_short_lines
from data.files.workbooks import Limits, read_rows
from data.projects.reading import read_file
from data.readers.documents import read_document
from data.readers.drees_gp_age import read_gp_ages
from data.readers.raw_text import read_text
from data.readers.sheets import read_workbook
from tests import bombs

MOST_PROCESSOR_S = 2.0
MOST_ADDED_MB = 100
READ_ALL_THE_SAME = "quatre cents feuilles sur un élément"
"""Large for its size, and yet read within what its size allows."""


def processor_s():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def highest_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


@pytest.mark.parametrize("name", [*bombs.WORKBOOKS, *bombs.TEXTS])
def test_a_bomb_is_refused_by_name_and_costs_the_server_nothing(name):
    contents = {**bombs.WORKBOOKS, **bombs.TEXTS}[name]()
    before_s, before_mb = processor_s(), highest_mb()
    try:
        table = read_file(contents, "liste")
    except FileRefused as error:
        assert str(error).startswith("Fichier refusé : liste")  # noqa: PT017 - the same is asked of what is read
        assert error.expected  # noqa: PT017
        assert error.found  # noqa: PT017
    else:
        assert name == READ_ALL_THE_SAME
        assert {tuple(row[:2]) for row in table.rows} == {("MSP", "Foix")}
    assert processor_s() - before_s < MOST_PROCESSOR_S
    assert highest_mb() - before_mb < MOST_ADDED_MB


@pytest.mark.parametrize("read", [read_workbook, read_gp_ages], ids=["read_workbook", "read_gp_ages"])
def test_official_workbooks_take_the_same_door(read, tmp_path):
    path = tmp_path / "officiel.xlsx"
    path.write_bytes(bombs.WORKBOOKS["cellule lointaine, feuille rangée ailleurs"]())
    with pytest.raises(FileRefused, match=r"officiel\.xlsx.*XFD1048576"):
        read(path)


def test_the_place_of_the_far_cell_and_what_to_do_are_said():
    with pytest.raises(FileRefused, match=r"cellule OJ40000.*Supprimez ce qui est écrit loin"):
        read_file(bombs.WORKBOOKS["coin à OJ40000"](), "x.xlsx")


def test_an_honest_workbook_is_read_whole():
    table = read_file(bombs.sheet_of(3_000, 60), "x.xlsx")
    assert (len(table.rows), len(table.header)) == (2_999, 60)
    assert table.rows[-1][0] == str(3_000 * 7919 % 99_991)
    assert table.lines[-1] == 3_000


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")
def test_a_library_that_takes_more_memory_than_the_file_explains_is_stopped(tmp_path):
    with pytest.raises(FileRefused, match=r"feuille « Liste ».*mémoire proportionnée"):
        read_file(bombs.WORKBOOKS["texte partagé de 32 ko"](), "x.xlsx")


CHILD = """
from data.files import apart
import os, time
def work(request, contents):
    apart.say_place("ici")
    yield 1
    {code}
if __name__ == "__main__":
    apart.serve(work)
"""


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("os.abort()", FileRefused, "ici.*fait échouer sa lecture"),
        ("apart.limit_processor(0.05)\n    while True: pass", FileRefused, "ici.*n’en finit pas"),
        ("time.sleep(60)", FileRefused, "ici.*n’en finit pas"),
        ("os._exit(3)", FileRefused, "fait échouer sa lecture"),
        ("bytearray(2**40)", FileRefused, "mémoire proportionnée"),
        ("raise RuntimeError('panique')", SourceUnreadable, "RuntimeError : panique"),
        ("raise BaseException('panique')", SourceUnreadable, "BaseException : panique"),
    ],
)
def test_the_death_of_the_child_is_a_named_fault(code, kind, words, monkeypatch, tmp_path):
    (tmp_path / "child_at_work.py").write_text(CHILD.format(code=code), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{apart.ROOT}")
    monkeypatch.setattr(apart, "LONGEST_S", 8.0)
    started = time.perf_counter()
    with pytest.raises(kind, match=words):
        list(apart.values("child_at_work", {}, b"", name="x.xlsx"))
    assert time.perf_counter() - started < 60
    with pytest.raises(DataError):  # and the place is free for the next ones
        list(apart.values("child_at_work", {}, b"", name="x.xlsx"))


def test_a_reader_who_stops_early_leaves_no_child():
    limits = Limits(rows=10_000, columns=100, cells=10**6, characters=10**7, content_bytes=10**8)
    rows = read_rows(bombs.sheet_of(3_000, 10), "x.xlsx", limits)
    assert next(rows).line == 1
    rows.close()
    for _ in range(apart._AT_ONCE):
        assert apart._places.acquire(timeout=1)
    for _ in range(apart._AT_ONCE):
        apart._places.release()


def test_the_sum_of_the_sheets_and_of_the_text_is_bounded():
    contents = bombs.sheet_of(40, 10)
    roomy = {"rows": 100, "columns": 100, "cells": 400, "characters": 10_000, "content_bytes": 10**6}
    assert len(list(read_rows(contents, "x", Limits(**roomy)))) == 40
    for tight, words in (
        ({"rows": 39}, "39 lignes remplies"),
        ({"columns": 9}, "9 colonnes"),
        ({"cells": 399}, "399 cases"),
        ({"characters": 100}, "100 caractères au plus dans tout le classeur"),
        ({"content_bytes": 1_000}, "bombe"),
    ):
        with pytest.raises(FileRefused, match=words):
            list(read_rows(contents, "x", Limits(**{**roomy, **tight})))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Unix")
def test_the_limits_are_those_of_the_child_alone():
    list(read_rows(bombs.sheet_of(5, 5), "x", Limits(100, 100, 1_000, 10_000, 10**6)))
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


class TestText:
    def test_accents_are_composed_and_a_run_of_them_is_refused_with_its_line(self):
        assert composed("a\ne\u0301te\u0301", "x") == "a\nété"
        assert composed("e" + "\u0301" * 30, "x")
        with pytest.raises(FileRefused, match=r"x\.csv, ligne 3\. Attendu : au plus 30 signes"):
            composed("a\nb\ne" + "\u0301\u0327" * 20, "x.csv")

    def test_an_official_text_takes_the_same_door(self, tmp_path):
        path = tmp_path / "officiel.csv"
        path.write_bytes(bombs.TEXTS["accents sans fin"]())
        with pytest.raises(FileRefused, match=r"officiel\.csv, ligne 2"):
            read_text(path)
        path.write_text('{"nom": "e' + "\u0301\u0327" * 500 + '"}', encoding="utf-8")
        with pytest.raises(FileRefused, match=r"officiel\.csv, ligne 1"):
            read_document(path)

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_a_long_text_of_short_lines_is_no_long_line(self, end):
        require_short_lines(("x" * 999 + end) * 3_000, "x")
        with pytest.raises(FileRefused, match="1000000 caractères au plus dans une ligne"):
            require_short_lines("a" + end + "x" * (LONGEST_LINE + 1), "x")

    def test_a_line_as_long_as_allowed_is_read(self):
        require_short_lines("x" * LONGEST_LINE, "x")
        require_short_lines("a\n" + "x" * (LONGEST_LINE - 1) + "\nb", "x")
