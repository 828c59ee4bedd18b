"""The text of a user's file: any encoding gives the same letters, a quote never swallows a line."""

import csv
import doctest
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import SourceUnreadable
from data.files import delimited_text, encodings
from data.files.delimited_text import cut
from data.files.encodings import decode

TEXT = "Nom;Commune\nMaison de santé d'Évreux;Sévérac-le-Château\nà l’Étoile;Loïc Forêt\nPÔLE DE SANTÉ;ÎLE-DE-BRÉHAT\n"


@pytest.mark.parametrize("module", [encodings, delimited_text])
def test_examples_run(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted
    assert outcome.failed == 0


class TestEncodings:
    @pytest.mark.parametrize(
        "encoding",
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"],
    )
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_every_encoding_of_a_spreadsheet_gives_the_same_text(self, encoding, end):
        text = TEXT.replace("\n", end)
        assert decode(text.encode(encoding), "x.csv").text == text

    def test_the_code_page_of_dos_too(self):
        text = TEXT.replace("’", "'")
        assert decode(text.encode("cp850"), "x.csv").text == text

    @pytest.mark.parametrize("encoding", ["mac_roman", "cp850"])
    def test_a_rare_code_page_is_said_with_words(self, encoding):
        (said,) = decode("Santé;Sévérac\n".encode(encoding), "x.csv").remarks
        assert "« Santé », « Sévérac »" in said.sentence

    @pytest.mark.parametrize("at", [0, 3, 40])
    def test_a_wrong_byte_in_utf_8_changes_no_other_word(self, at):
        lines = [f"Hélène;Gévaudan {n}" for n in range(50)]
        raw = [line.encode() for line in lines]
        raw[at] = "Corbière;Gévaudan".encode("latin-1")
        decoded = decode(b"\n".join(raw), "x.csv")
        expected = [*lines[:at], "Corbière;Gévaudan", *lines[at + 1 :]]
        assert decoded.text.split("\n") == expected
        assert [(said.line, "Corbière" in said.sentence) for said in decoded.remarks] == [(at + 1, True)]

    @pytest.mark.parametrize("taken_for", ["cp1252", "latin-1", "mac_roman"])
    def test_a_text_encoded_twice_is_given_back_and_said(self, taken_for):
        wrong = TEXT.encode().decode(taken_for, errors="latin_1_byte")
        decoded = decode(wrong.encode(), "x.csv")
        assert decoded.text == TEXT
        assert "encodé deux fois" in decoded.remarks[0].sentence
        assert "« santé" in decoded.remarks[0].sentence

    @pytest.mark.parametrize("word", ["Mais\x92on", "Sant\ufffd", "SantÃƒÂ©"])
    def test_what_nobody_types_is_shown(self, word):
        (said,) = decode(f"a;b\nMSP;{word}\n".encode(), "x.csv").remarks
        assert "ligne 2" in said.sentence

    @pytest.mark.parametrize("text", [TEXT, "Nom;Ville\nÂge d’or;Às\nCafé « É »;Ça\n", "plain ascii\n"])
    def test_good_text_is_taken_as_it_is(self, text):
        assert decode(text.encode(), "x.csv") == (text, ())

    def test_binary_is_refused(self):
        with pytest.raises(SourceUnreadable, match="binaire"):
            decode(b"ab\0\0\0\x01cd" * 10, "x.csv")


def rows_of(text):
    return cut(text, "x.csv", most_rows=1000).rows


class TestQuotes:
    HEADER = "Nom;Type;Note"

    @pytest.mark.parametrize(
        "cell", ['"à relancer', '"à "" relancer', '"Le Lac" de Mende', '"', '"""', '"a"b"'], ids=range(6)
    )
    @pytest.mark.parametrize("column", [0, 1, 2])
    def test_a_quote_that_nothing_closes_is_a_letter_and_is_said(self, cell, column):
        cells = ["MSP 2", "MSP", "ok"]
        cells[column] = cell
        text = "\n".join([self.HEADER, "MSP 1;MSP;ok", ";".join(cells), "MSP 3;MSP;ok", "MSP 4;MSP;ok", ""])
        found = cut(text, "x.csv", most_rows=100)
        assert [row[0] for row in found.rows if row is not found.rows[2]] == ["Nom", "MSP 1", "MSP 3", "MSP 4"]
        assert found.rows[2] == cells
        assert [said.line for said in found.remarks] == [3]

    def test_a_quote_that_a_later_good_cell_would_close_swallows_nothing(self):
        text = self.HEADER + '\nMSP 1;MSP;"ouvert\nMSP 2;MSP;ok\n"MSP 3";"MSP";"fin"\n'
        assert rows_of(text)[1:] == [["MSP 1", "MSP", '"ouvert'], ["MSP 2", "MSP", "ok"], ["MSP 3", "MSP", "fin"]]

    @pytest.mark.parametrize("end", ['MSP 4;MSP;ok"', 'MSP 4";MSP;ok'])
    def test_a_quote_closed_after_rows_is_refused_with_its_line(self, end):
        text = self.HEADER + f'\nMSP 1;MSP;ok\nMSP 2;MSP;"ouvert\nMSP 3;MSP;ok\n{end}\nMSP 5;MSP;ok\n'
        with pytest.raises(SourceUnreadable, match="ligne 3"):
            rows_of(text)

    @pytest.mark.parametrize("note", ["un\ndeux", "un\n\ntrois; et demi", 'dit "oui"\nà tous', "a\r\nb"])
    @pytest.mark.parametrize("column", [0, 2])
    def test_a_note_of_several_lines_is_one_cell(self, note, column):
        cells = ["MSP 2", "MSP", "ok"]
        cells[column] = note
        written = [f'"{cell.replace(chr(34), chr(34) * 2)}"' if cell == note else cell for cell in cells]
        text = "\n".join([self.HEADER, ";".join(written), "MSP 3;MSP;ok", ""])
        assert rows_of(text)[1:] == [cells, ["MSP 3", "MSP", "ok"]]

    @given(
        st.lists(
            st.lists(st.text(st.sampled_from('ab é"\n;,'), max_size=6).map(str.strip), min_size=2, max_size=2),
            min_size=3,
            max_size=6,
        )
    )
    @settings(max_examples=200, deadline=None)
    def test_what_a_spreadsheet_writes_is_read_back_or_refused(self, rows):
        rows = [["x", "y"], *([f"r{n}", row[0]] for n, row in enumerate(rows))]
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
        try:
            found = cut(buffer.getvalue(), "x.csv", most_rows=100, separator=";").rows
        except SourceUnreadable as error:
            assert error.place.startswith("ligne")  # noqa: PT017 - either outcome is right
        else:
            assert found == rows

    def test_a_hostile_run_of_quotes_costs_a_pass(self):
        text = "a;b\n" + 'x;"""y\n' * 20_000 + 'x;""y""\n' * 20_000
        assert len(cut(text, "x.csv", most_rows=10**6).rows) == 40_001
