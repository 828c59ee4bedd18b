"""The user's table of travel times, as spreadsheets and route engines write it: read, or refused with its place."""

import pandas as pd
import pytest

from geo.travel_time.errors import TravelTimeTableError
from geo.travel_time.table import read_travel_time_table

CODES = ["01001", "01002", "2A004"]
TEXT = "origin;destination;minutes\n01001;01002;9,5\n01002;2A004;12\n"


def read(tmp_path, contents, name="temps.csv"):
    path = tmp_path / name
    path.write_bytes(contents)
    return read_travel_time_table(path, CODES, vintage="x")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_encoding_separator_and_end_of_line(tmp_path, encoding, separator, end):
    text = TEXT.replace("minutes", "durée (min)").replace(";", separator).replace("\n", end)
    times = read(tmp_path, text.encode(encoding))
    assert times.minutes_from("01001")["01002"] == 9.5
    assert times.minutes_from("01002")["2A004"] == 12.0


def test_codes_written_as_numbers_with_decimals_are_codes(tmp_path):
    times = read(tmp_path, b"origin;destination;minutes\n1001.0;1002.0;9\n")
    assert times.minutes_from("01001")["01002"] == 9.0


def test_a_comma_that_parts_and_points_loses_no_decimal_in_silence(tmp_path):
    with pytest.raises(
        TravelTimeTableError, match=r"ligne 2 : attendu rien au-delà de la dernière colonne, trouvé '5'"
    ):
        read(tmp_path, b"origin,destination,minutes\n01001,01002,9,5\n")


def test_the_same_line_among_good_ones_is_left_out_and_said(tmp_path):
    codes = [f"01{number:03d}" for number in range(1, 6)]
    lines = [f"{origin},{other},7" for origin in codes for other in codes]
    lines[3] += ",5"
    path = tmp_path / "temps.csv"
    path.write_text("\n".join(["origin,destination,minutes", *lines]), encoding="utf-8")
    times = read_travel_time_table(path, codes, vintage="x")
    assert "25 lignes, 24 prises, 1 laissées de côté : ligne 5 (attendu rien" in times.parameters["summary"]
    assert "01004" not in times.minutes_from("01001")


@pytest.mark.parametrize("end", [";3\n", '";"3\n'])
def test_a_quote_left_open_swallows_no_line(tmp_path, end):
    lines = "".join(f'"01001";"{code}";"{n}"\n' for n, code in enumerate(CODES[1:]))
    text = 'origin;destination;minutes\n"01002";"01001' + end + lines
    with pytest.raises(TravelTimeTableError, match=r"guillemet|abîmé"):
        read(tmp_path, text.encode())


@pytest.mark.parametrize(
    ("contents", "found"),
    [
        (b"", "un fichier vide"),
        (b"\xef\xbb\xbf \n", "un fichier vide"),
        (b"\0" * 50, "un fichier binaire"),
        (b"origin;destination;minutes\n01001;01002;" + b"9" * 200_000, "…"),
    ],
)
def test_what_is_no_table_is_named_in_few_words(tmp_path, contents, found):
    with pytest.raises(TravelTimeTableError, match=found) as error:
        read(tmp_path, contents)
    assert len(str(error.value)) < 300


def test_a_parquet_that_is_none_is_named_without_its_folder(tmp_path):
    with pytest.raises(TravelTimeTableError, match=r"temps\.parquet : attendu .* trouvé un fichier abîmé") as error:
        read(tmp_path, b"PAR1zzzzPAR1", "temps.parquet")
    assert str(tmp_path) not in str(error.value)


def test_lines_of_a_parquet_of_another_type_are_said(tmp_path):
    path = tmp_path / "temps.parquet"
    pd.DataFrame({"origin": ["01001"], "destination": ["01002"], "minutes": pd.to_timedelta([1], unit="s")}).to_parquet(
        path
    )
    with pytest.raises(TravelTimeTableError, match="ligne 2 : colonne minutes"):
        read_travel_time_table(path, CODES, vintage="x")
