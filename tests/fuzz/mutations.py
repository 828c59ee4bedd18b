"""Damages of a file: of its bytes, of its cells, of the values of its document, of the members of its archive."""

import csv
import io
import json
import random
import zipfile
from typing import Any

TEXTS = (
    *(
        "",
        " ",
        "NaN",
        "Infinity",
        "-1",
        "1e309",
        "9" * 400,
        "٣",
        "½",
        "²",
        "=1+1",
        "\x00",
        "\ufeff",
        "\u202e",
        "\u2028",
        "\ud800",
        "\x85",
    ),
    *(
        "\r",
        '"',
        '"\n',
        ";",
        ",",
        "|",
        "<script>",
        "../../etc/passwd",
        "0000-00-00",
        "9999-12-31",
        "2024-02-30",
        "31/02/2024",
    ),
    *(
        "01001",
        "1001",
        "2A004",
        "97801",
        "None",
        "#REF!",
        "1,5",
        "1 234,5",
        "1\u202f234",
        "12 %",
        "x" * 3_000,
        "🏥" * 50,
    ),
    *("e" + "\u0301\u0327" * 400, "0" * 70_000, "A" * 140_000, "_" * 5_000, "12-" * 3_000, "[" * 3_000),
)
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        1e308,
        float("nan"),
        float("inf"),
        10**30,
        "",
        "x",
        [],
        {},
        [[]],
        [None],
        {"a": {}},
        [1, 2, 3],
    ),
)
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-8-sig", "mac-roman")
LARGEST_BYTES = 2_000_000


def damaged(kind: str, seed: bytes, rng: random.Random) -> bytes:
    """Return a damaged copy of a file of a kind: "csv:<separator>", "json", "toml", "zip" or "bytes"."""
    name, _, separator = kind.partition(":")
    if rng.random() < 0.25 or name == "bytes":
        return _bytes(seed, rng)
    if name == "csv":
        return _table(seed, separator or ",", rng)
    if name == "json":
        value = json.loads(seed)
        for _ in range(rng.choice((1, 1, 2, 4))):
            value = _value(value, rng)
        return _written(value, rng)
    if name == "toml":
        return _lines(seed, rng)
    return _archive(seed, rng)


def _bytes(seed: bytes, rng: random.Random) -> bytes:  # noqa: C901 - a list of damages
    data = bytearray(seed)
    for _ in range(rng.choice((1, 1, 2, 8))):
        if not data:
            break
        at, end = sorted((rng.randrange(len(data)), rng.randrange(len(data) + 1)))
        match rng.randrange(9):
            case 0:
                del data[at:]
            case 1:
                data[at] ^= 1 << rng.randrange(8)
            case 2:
                data[at:at] = rng.randbytes(rng.randrange(1, 9))
            case 3:
                del data[at : at + rng.randrange(1, 64)]
            case 4:
                data[at:at] = data[at : at + rng.randrange(1, 200)] * rng.choice((1, 2, 50))
            case 5:
                data[at] = rng.choice(b"\x00\xff\n\r\t\";,|{}[]<>'-+.eE0 ")
            case 6:
                data[at:at] = rng.choice(TEXTS).encode("utf-8", "surrogatepass")
            case 7:
                data = bytearray(bytes(data).decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "replace"))
            case _:
                data[at:end] = bytes(reversed(data[at:end]))
    return bytes(data[:LARGEST_BYTES])


def _table(seed: bytes, separator: str, rng: random.Random) -> bytes:
    rows = list(csv.reader(io.StringIO(seed.decode("utf-8", "replace"), newline=""), delimiter=separator))
    for _ in range(rng.choice((1, 1, 2, 4))):
        row = rng.choice(rows) if rows else []
        at = rng.randrange(len(row)) if row else 0
        kind = rng.randrange(10) if row else 9
        if kind <= 3:
            row[at] = rng.choice(TEXTS)
        elif kind == 4:
            row[at] += rng.choice(TEXTS)
        elif kind == 5:
            del row[at]
        elif kind == 6:
            row.insert(at, rng.choice(TEXTS))
        elif kind == 7:
            rows.insert(rng.randrange(len(rows) + 1), list(row))
        elif kind == 8:
            rows.remove(row)
        else:
            rows = [[*one, *[""] * rng.choice((1, 3, 300))] for one in rows]
    text = "\n".join(separator.join(_quoted(cell, separator, rng) for cell in row) for row in rows)
    return text.encode("utf-8" if rng.random() < 0.9 else rng.choice(ENCODINGS), "replace")[:LARGEST_BYTES]


def _quoted(cell: str, separator: str, rng: random.Random) -> str:
    if any(mark in cell for mark in (separator, '"', "\n", "\r")) and rng.random() < 0.95:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _value(value: Any, rng: random.Random, depth: int = 0) -> Any:
    if rng.random() < 0.12 + 0.05 * depth or not isinstance(value, (dict, list)) or not value:
        found = rng.choice((*TEXTS, *VALUES))
        for _ in range(rng.choice((0, 0, 0, 5, 900))):
            found = [found]
        return found
    copy: Any = value.copy()
    at = rng.choice(list(copy)) if isinstance(copy, dict) else rng.randrange(len(copy))
    kind = rng.randrange(6)
    if kind == 0:
        del copy[at]
    elif kind == 1 and isinstance(copy, list):
        copy.insert(at, rng.choice(VALUES))
    elif kind == 1:
        copy[rng.choice(TEXTS)] = rng.choice(VALUES)
    else:
        copy[at] = _value(copy[at], rng, depth + 1)
    return copy


def _written(value: Any, rng: random.Random) -> bytes:
    try:
        text = json.dumps(value, ensure_ascii=rng.random() < 0.3)
    except RecursionError:
        text = "[" * 990
    if rng.random() < 0.03:
        text = text.replace(": ", ": " + "[" * rng.choice((100, 1_000, 100_000)), 1)
    return text.encode("utf-8", "surrogatepass")[:LARGEST_BYTES]


def _lines(seed: bytes, rng: random.Random) -> bytes:
    lines = seed.decode().splitlines()
    odd = (
        "nan",
        "inf",
        "-1",
        "[]",
        "{}",
        '""',
        "2024-02-28",
        "true",
        "[[1]]",
        "9" * 30,
        "[" * 50,
        "[" * 2_000,
        "07:32:00",
        '["x"]',
    )
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(lines))
        lines[at] = rng.choice(("", lines[at] * 2, f"{lines[at].split('=')[0]}= {rng.choice(odd)}"))
    return "\n".join(lines).encode()


def _archive(seed: bytes, rng: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(seed)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(list(members))
    odd = rng.choice(TEXTS).encode("utf-8", "surrogatepass").replace(b"<", b"&lt;")
    match rng.randrange(6):
        case 0:
            members[name] = _bytes(members[name], rng)
        case 1:
            del members[name]
        case 2:
            members[name] = members[name].replace(b"<v>", b"<v>" + odd, rng.choice((1, 3)))
        case 3:
            members[name] = members[name].replace(
                b'r="A', rng.choice((b'r="ZZ', b'r="', b'r="XFD9', b'r="a')), rng.choice((1, 5))
            )
        case 4:
            members[name] = members[name].replace(b"<v>", b"<v>99999999", 1)
        case _:
            members[name] = members[name].decode("utf-8", "replace").encode("utf-16")
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for name, contents in members.items():
            archive.writestr(name, contents)
    return into.getvalue() if rng.random() < 0.9 else _bytes(into.getvalue(), rng)
