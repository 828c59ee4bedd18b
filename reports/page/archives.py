"""Office files (ZIP archives) whose bytes follow from what they say: the moment they were made is left out of them."""

import datetime as dt
import io
import re
import zipfile
from typing import Final

_PROPERTIES: Final = "docProps/core.xml"
_MOMENT: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_OLDEST_YEAR: Final = 1980  # an archive knows no earlier date


def dated(content: bytes, day: dt.date) -> bytes:
    """Return an Office file with one day in the place of each moment that it holds, in the workbooks within it too.

    Parameters
    ----------
    content
        Bytes of a DOCX, PPTX or XLSX.
    day
        The date that the document bears; midnight, UTC.
    """
    moment = (max(day.year, _OLDEST_YEAR), day.month, day.day, 0, 0, 0)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(made, "w") as written:
        for member in archive.infolist():
            inner = archive.read(member)
            if member.filename == _PROPERTIES:
                inner = _MOMENT.sub(rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode(), inner)
            elif member.filename.endswith(".xlsx"):
                inner = dated(inner, day)
            entry = zipfile.ZipInfo(member.filename, moment)
            entry.compress_type, entry.external_attr = member.compress_type, member.external_attr
            written.writestr(entry, inner)
    return made.getvalue()
