"""What can be synced, as the catalogue says it, and every way to say it badly."""

from pathlib import Path

import pytest

from data.errors import CatalogError
from data.sources.registry import Remote, load_remotes

FILE = '{ file = "https://example.org/{year}_{yy}.csv"'
ENTRY = """
[[remote]]
id = "toy"
replaces = []
title = "t"
citation = "c"
producer = "p"
url = "https://example.org"
licence = "l"
note = "n"
unit = "u"
level = "commune"
tables = ["t1"]
addresses = [{ file = "https://example.org/{year}_{yy}.csv", years = [2026, 2009] }]
"""


def remotes_of(tmp_path: Path, text: str) -> dict[str, Remote]:
    path = tmp_path / "catalog.toml"
    path.write_text(text, encoding="utf-8")
    return load_remotes(path)


def test_an_address_may_be_written_once_for_several_years(tmp_path):
    addresses = remotes_of(tmp_path, ENTRY)["toy"].addresses
    assert [(address.file, address.year) for address in addresses] == [
        ("https://example.org/2026_26.csv", 2026),
        ("https://example.org/2009_09.csv", 2009),
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('level = "commune"', 'level = "rue"', "ne remplace aucune source"),
        ('unit = "u"', "", "ne remplace aucune source"),
        ("replaces = []", 'replaces = "a"', "ou \\[\\]"),
        ('tables = ["t1"]', "tables = []", "une table"),
        ("{ file = ", "{ records = 1, file = ", "file, files ou records"),
        ("years = [2026, 2009]", 'years = ["2026"]', "des années"),
        ("years = [2026, 2009]", 'abuot = "https://example.org"', "file, files ou records"),
        ("https://example.org/{year}", "http://example.org/{year}", "adresses https"),
        (
            '{ file = "https://example.org/{year}_{yy}.csv"',
            '{ files = { "../x" = "https://example.org" }',
            "file, files",
        ),
        (
            '{ file = "https://example.org/{year}_{yy}.csv"',
            '{ records = "https://a.org", about = "https://a.org"',
            "file",
        ),
        ('note = "n"', 'note = ""', "des textes"),
        ('id = "toy"', 'id = "Toy"', "minuscules"),
    ],
)
def test_a_bad_entry_is_named(tmp_path, old, new, words):
    assert old in ENTRY
    with pytest.raises(CatalogError, match=words):
        remotes_of(tmp_path, ENTRY.replace(old, new))


def test_two_sources_may_not_bring_one_table(tmp_path):
    with pytest.raises(CatalogError, match="t1"):
        remotes_of(tmp_path, ENTRY + ENTRY.replace('"toy"', '"other"'))
    with pytest.raises(CatalogError, match="doublon"):
        remotes_of(tmp_path, ENTRY + ENTRY)
