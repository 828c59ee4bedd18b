"""Words of a user, of a file or of an address on the screen: never as markup.

Streamlit reads as Markdown its notices, captions, titles and metrics, the labels and tooltips of its widgets, and the
options of radio buttons, pills and segmented controls. Lists to choose from, tables and `st.text` show text as it is.
"""

import re
from typing import Final

# The text is on one line: signs that Markdown reads at the start of one alone, such as "1." or "#", are left elsewhere.
_MARKUP: Final = re.compile(r"[\\`*\[\]<~$&]|(?<![^\W_])_|_(?![^\W_])|^[#>+-]|^\d+[.)]")
_SPACES: Final = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")  # non-breaking ones stay
# Links, e-mail addresses, icons, emojis and arrows are looked for again once Markdown has been read, backslashes gone:
# an invisible character that forbids a line break keeps them from being found.
JOINER: Final = "\u2060"
_FOUND_LATER: Final = re.compile(r":(?=[\w/+-])|(?<=\S)(?=@)|\bwww(?=\.)|[<>~=-](?=[<>=-])", re.IGNORECASE)


def plain(text: str) -> str:
    r"""Write a text so that Markdown shows it as it is: neither a link, nor an image that a browser would fetch.

    Examples
    --------
    >>> print(plain("![x](https://a.fr)").replace("\u2060", "…"))
    !\[x\](https:…//a.fr)
    """
    apart = _FOUND_LATER.sub(lambda found: f"{found[0]}{JOINER}", _SPACES.sub(" ", text).strip(" "))
    return _MARKUP.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", apart)
