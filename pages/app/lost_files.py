"""What a reader is told of a file that is no longer there: kept too long, or by a server that has gone since."""

import re
from typing import Final

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FILE: Final = re.compile(r"/media/[^/]+$")
_PAGE: Final = """<!doctype html><html lang="fr"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Fichier à redemander</title>
<style>:root{color-scheme:light dark}</style>
<body style="font:1.1rem/1.5 sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem">
<h1>Ce fichier n’est plus disponible</h1>
<p>Un fichier est gardé deux minutes, par le serveur qui l’a fait. Revenez à la page, attendez qu’elle se soit
réaffichée, puis demandez-le à nouveau&nbsp;: rien de ce que vous avez enregistré n’est perdu.</p>
"""


class LostFiles:
    """Answer in French for a file that no longer exists; the status stays 404, so that nothing is saved in its name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _FILE.search(scope["path"]):
            await self._app(scope, receive, send)
            return
        is_lost = False

        async def send_if_found(message: Message) -> None:
            nonlocal is_lost
            is_lost = is_lost or (message["type"] == "http.response.start" and message["status"] == 404)  # noqa: PLR2004
            if not is_lost:
                await send(message)

        await self._app(scope, receive, send_if_found)
        if is_lost:
            await HTMLResponse(_PAGE, 404)(scope, receive, send)
