"""The text of a user's file, whatever program wrote it: its encoding found, what was repaired or is doubtful said.

UTF-8 and UTF-16 are told by their bytes. A file that is UTF-8 but for a few bytes stays UTF-8, those bytes being read
as Windows-1252: a line pasted from elsewhere must not change all the others. Text without any UTF-8 is read in the one
of the three French code pages (Windows, Mac, DOS) that gives the most plausible letters. A text encoded twice
(« GÃ©raud ») is given back.
"""

import codecs
import re
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from data.errors import SourceUnreadable
from data.files.texts import composed

_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte-order marks; UTF-32 before UTF-16, whose mark its own begins with."""

_LOWER: Final = frozenset("éèêëàâäçùûüôöîïœæÿáíóúñ")
_UPPER: Final = frozenset("ÉÈÊËÀÂÄÇÙÛÜÔÖÎÏŒÆŸ")
_SIGNS: Final = frozenset("’‘“”«»–—…°€§²³·•\u00a0\u202f")
_FRENCH: Final = _LOWER | _UPPER | _SIGNS
_CODE_PAGES: Final = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS (page de code 850)"}
_SEQUENCE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SNIFFED_BYTES: Final = 2**16
_HALF_NULL: Final = 0.35
_FEW_NULLS: Final = 0.02
_MOST_LINES: Final = 20
_N_EXAMPLES: Final = 3
_LONGEST_WORD: Final = 30


class Said(NamedTuple):
    """What is said of a line of a file (0: of the whole file), in French."""

    line: int
    sentence: str


class Decoded(NamedTuple):
    """A text with its accents composed (NFC), and what its reader must know of how it was read."""

    text: str
    remarks: tuple[Said, ...]


def decode(contents: bytes, name: Path | str, *, expected: str = "un texte") -> Decoded:
    r"""Decode the text of a user's file.

    Parameters
    ----------
    contents
        Bytes of the file.
    name
        Its name, for the messages.
    expected
        What the file should be, for the message.

    Raises
    ------
    SourceUnreadable
        It is binary, or not what its byte-order mark says.
    FileRefused
        It has more combining marks in a row than any language.

    Examples
    --------
    >>> decode("Hélène;".encode() + "Corbière".encode("latin-1"), "a.csv").text
    'Hélène;Corbière'
    >>> decode("Gévaudan".encode("mac_roman"), "a.csv").text
    'Gévaudan'
    """
    encoding = next((known for mark, known in _MARKS.items() if contents.startswith(mark)), "") or _unmarked(contents)
    if encoding in {"", "utf-8-sig"}:
        if b"\0" in contents:
            raise SourceUnreadable(name, expected=expected, found="un fichier binaire")
        text, remarks = _decode_bytes(contents.removeprefix(codecs.BOM_UTF8))
    else:
        try:
            text, remarks = contents.decode(encoding), []
        except UnicodeDecodeError as error:
            raise SourceUnreadable(
                name,
                place=f"octet {error.start + 1}",
                expected=f"un texte en {encoding}",
                found="des octets qui n’en sont pas",
            ) from error
    text = composed(text.removeprefix("\ufeff"), name)
    text, twice = _undo_double(text)
    return Decoded(text, (*remarks, *twice, *_doubts(text)))


def _unmarked(contents: bytes) -> str:
    """Tell UTF-16 without a mark by its null bytes, one in two; empty for anything else."""
    start = contents[: _SNIFFED_BYTES - _SNIFFED_BYTES % 2]
    half = len(start) // 2
    if not half or b"\0" not in start or len(contents) % 2:
        return ""
    even, odd = start[::2].count(0) / half, start[1::2].count(0) / half
    if odd > _HALF_NULL and even < _FEW_NULLS:
        return "utf-16-le"
    return "utf-16-be" if even > _HALF_NULL and odd < _FEW_NULLS else ""


def _decode_bytes(contents: bytes) -> tuple[str, list[Said]]:
    try:
        return contents.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    if _has_utf_8(contents):
        return _decode_but_a_few(contents)
    encoding = _best_code_page(contents)
    text = contents.decode(encoding, errors="latin_1_byte")
    if encoding == "cp1252":
        return text, []
    words = dict.fromkeys(_word_at(text, found.start()) for found in islice(re.finditer(r"[^\x00-\x7f]", text), 50))
    told = ", ".join(f"« {word} »" for word in list(words)[:_N_EXAMPLES])
    return text, [Said(0, f"Ce fichier est lu en {_CODE_PAGES[encoding]}, ce qui donne {told}.")]


def _latin_1_byte(error: UnicodeError) -> tuple[str, int]:
    """Read as Windows-1252, else ISO 8859-1, one byte that cannot be decoded."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - nothing is encoded with this
    byte = error.object[error.start : error.start + 1]
    try:
        return byte.decode("cp1252"), error.start + 1
    except UnicodeDecodeError:
        return byte.decode("latin-1"), error.start + 1


codecs.register_error("latin_1_byte", _latin_1_byte)


def _has_utf_8(contents: bytes) -> bool:
    """Tell whether some bytes are a French letter in UTF-8: no other encoding writes such a pair in a French text."""
    seen = {found[0] for found in _SEQUENCE.finditer(contents)}
    return any(sequence.decode("utf-8", errors="replace") in _FRENCH for sequence in seen)


def _decode_but_a_few(contents: bytes) -> tuple[str, list[Said]]:
    said, n_lines, parts = [], 0, []
    for line, raw in enumerate(re.split(rb"(?<=\n)|(?<=\r)(?!\n)", contents), start=1):
        try:
            parts.append(raw.decode("utf-8"))
            continue
        except UnicodeDecodeError as error:
            parts.append(raw.decode("utf-8", errors="latin_1_byte"))
            at = len(raw[: error.start].decode("utf-8", errors="latin_1_byte"))
        n_lines += 1
        if n_lines <= _MOST_LINES:
            word = _word_at(parts[-1], at)
            said.append(Said(line, f"un octet n’est pas de l’UTF-8 : il est lu en Windows-1252, « {word} »."))
    if n_lines > _MOST_LINES:
        said.append(Said(0, f"{n_lines} lignes ont des octets qui ne sont pas de l’UTF-8, lus en Windows-1252."))
    return "".join(parts), said


def _best_code_page(contents: bytes) -> str:
    """Choose the code page whose letters are the most French; Windows-1252 where nothing tells them apart."""
    high = contents[: 2**20]

    def plausibility(encoding: str) -> int:
        text = high.decode(encoding, errors="latin_1_byte" if encoding == "cp1252" else "replace")
        score = 0
        for found in re.finditer(r"[^\x00-\x7f]", text):
            character = found[0]
            before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
            if character in _LOWER:
                in_capitals = (before.isupper() and not after.islower()) or (after.isupper() and not before.islower())
                score += -3 if in_capitals else 2
            elif character in _UPPER:
                score += -3 if before.islower() or (before.isupper() and after.islower()) else 1
            elif character in _SIGNS:
                score += 1 if character in "’°«»€…–\u00a0" else 0
            else:
                score -= 3
        return score

    return max(_CODE_PAGES, key=plausibility)


def _twice_encoded() -> dict[str, str]:
    """Return the French letters and signs by what their bytes in UTF-8 look like in another encoding."""
    found = {}
    for character in _FRENCH:
        raw = character.encode("utf-8")
        found[raw.decode("latin-1")] = character
        found[raw.decode("mac_roman")] = character
        found["".join(bytes([byte]).decode("cp1252", errors="latin_1_byte") for byte in raw)] = character
    return found


_MENDED: Final = _twice_encoded()
_TWICE: Final = re.compile("|".join(re.escape(text) for text in sorted(_MENDED, key=len, reverse=True)))


def _undo_double(text: str) -> tuple[str, list[Said]]:
    """Give back the letters of a text encoded twice, and say the lines, with three examples of words."""
    if _TWICE.search(text) is None:
        return text, []
    lines: dict[int, str] = {}
    words: list[str] = []
    parts: list[str] = []
    for line, raw in enumerate(text.split("\n"), start=1):
        mended = _TWICE.sub(lambda found: _MENDED[found[0]], raw)
        parts.append(mended)
        if mended != raw:
            lines[line] = mended
            if len(words) < _N_EXAMPLES and (found := _TWICE.search(raw)):
                words.append(f"{_word_at(raw, found.start())} » → « {_word_at(mended, found.start())}")
    shown = ", ".join(str(line) for line in list(lines)[:_N_EXAMPLES]) + ("…" if len(lines) > _N_EXAMPLES else "")
    where = f"ligne {shown}" if len(lines) == 1 else f"{len(lines)} lignes ({shown})"
    said = f"Ce texte a été encodé deux fois ({where}) ; il est rétabli : {', '.join(f'« {word} »' for word in words)}."
    return "\n".join(parts), [Said(next(iter(lines)) if len(lines) == 1 else 0, said)]


def _doubts(text: str) -> list[Said]:
    """Say the characters that no one types: controls, marks of what was not read, letters encoded three times."""
    found = re.finditer(r"[\x01-\x08\x0e-\x1f\x7f-\x9f\ufffd]|Ãƒ|Ã‚|√É|√Ç", text)
    words: dict[str, int] = {}
    n_found = 0
    for at in found:
        n_found += 1
        if len(words) < _N_EXAMPLES:
            words.setdefault(_word_at(text, at.start()), text.count("\n", 0, at.start()) + 1)
    if not n_found:
        return []
    told = ", ".join(f"« {word} » (ligne {line})" for word, line in words.items())
    return [Said(0, f"Ce fichier a des caractères illisibles, signe d’un mauvais enregistrement : {told}.")]


def _word_at(text: str, at: int) -> str:
    """Return the word that holds a character, what cannot be seen in it shown as �."""
    start, end = at, at
    while start and at - start < _LONGEST_WORD and (text[start - 1].isalnum() or text[start - 1] in "-'’"):
        start -= 1
    while end < len(text) and end - at < _LONGEST_WORD and text[end] not in ' ;,\t|\r\n"':
        end += 1
    return "".join(c if c.isprintable() else "�" for c in text[start:end])
