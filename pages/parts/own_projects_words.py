"""Words of a user's file on the screen: never as markup."""

import re
from typing import Final

_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


def plain(text: str) -> str:
    r"""Write a text so that Markdown shows it as it is: neither a link, nor an image that a browser would fetch.

    Examples
    --------
    >>> print(plain("![x](https://a.fr)"))
    \!\[x\]\(https\://a\.fr\)
    """
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
