"""A map as a page by itself: everything in it, nothing asked outside, no word of the data that could run."""

import base64
import gzip
import json
import re

import pytest

from geo.errors import AssetError
from geo.map import ClassedValues, overlay
from geo.map.standalone import PageWords, standalone_page

WORDS = PageWords("Lozère <b>", 'Par "commune" & par an', "Sources : DREES.", "http://x.fr/?a=1&b=2")
LEVELS = ("departement", "region", "departement")


@pytest.fixture
def static(tmp_path):
    (tmp_path / "geometry").mkdir()
    (tmp_path / "vendor" / "leaflet").mkdir(parents=True)
    (tmp_path / "vendor" / "leaflet" / "leaflet.js").write_text("const L = '</script>';")
    (tmp_path / "vendor" / "leaflet" / "leaflet.css").write_text(".a{background:url(images/layers.png)}")
    for name in ("index.json", *(f"{level}.bin" for level in LEVELS), *(f"names_{level}.tsv" for level in LEVELS)):
        (tmp_path / "geometry" / name).write_bytes(name.encode())
    return tmp_path


def update():
    values = ClassedValues("departement", "0", ["1,0"], ["#fff"], "APL", "par an", "2023")
    return overlay(values)


def files_of(page):
    found = json.loads(re.search(r'id="files">(.*?)</script>', page, flags=re.DOTALL)[1])
    return {name: gzip.decompress(base64.b64decode(packed)) for name, packed in found.items()}


def test_the_page_holds_each_file_once_as_it_is(static):
    found = files_of(standalone_page(update(), LEVELS, WORDS, static))
    assert set(found) == {"index.json", "departement.bin", "names_departement.tsv", "region.bin", "names_region.tsv"}
    assert all(content == name.encode() for name, content in found.items())


def test_words_are_words_and_no_picture_is_asked_for(static):
    page = standalone_page(update(), LEVELS, WORDS, static)
    assert "<h1>Lozère &lt;b&gt;</h1>" in page
    assert "Par &quot;commune&quot; &amp; par an" in page
    assert 'href="http://x.fr/?a=1&amp;b=2"' in page
    assert "url(" not in page.split("<body>")[0]
    assert "default-src 'none'" in page
    assert page.count("</script>") == page.count("<script")


def test_an_address_that_is_none_makes_no_link(static):
    for address in ("", "javascript:alert(1)"):
        words = PageWords("a", "b", "c", address)
        assert "<a " not in standalone_page(update(), LEVELS, words, static)


def test_the_same_view_gives_the_same_page(static):
    assert standalone_page(update(), LEVELS, WORDS, static) == standalone_page(update(), LEVELS, WORDS, static)


def test_a_missing_file_is_named(static):
    (static / "geometry" / "region.bin").unlink()
    with pytest.raises(AssetError, match=r"region\.bin attendu"):
        standalone_page(update(), LEVELS, WORDS, static)
