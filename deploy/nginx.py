"""The configuration of nginx for some replicas, made from one template: `python -m deploy.nginx --help`."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TEMPLATE: Final = Path(__file__).parent / "nginx" / "maillage.conf.template"


@dataclass(frozen=True)
class Front:
    """What nginx serves, and how.

    Attributes
    ----------
    replicas
        "host:port" of each, in the order of their numbers (MAILLAGE_REPLICA, from 1).
    listen
        As nginx says it: "80", "127.0.0.1:8600", "443 ssl".
    base_path
        Path under which readers find the application, without slashes at its ends; "" for the root.
    cache, access_log, error_log, extra
        Folder of the kept static files; where the logs go; files included in the server (none may exist).
    """

    replicas: tuple[str, ...]
    listen: str = "80"
    base_path: str = ""
    cache: str = "/var/cache/nginx/maillage"
    access_log: str = "/var/log/nginx/maillage.log"
    error_log: str = "/var/log/nginx/maillage-error.log"
    extra: str = "/etc/nginx/maillage.d/*.conf"


def write_configuration(front: Front) -> str:
    """Return the configuration, to be included in the http block of nginx.

    Raises
    ------
    ValueError
        No replica was named.
    """
    if not front.replicas:
        raise ValueError("at least one replica is needed")
    base = f"/{front.base_path}" if front.base_path else ""
    numbers = range(1, len(front.replicas) + 1)
    words = {
        "@DRAW@": _shares(len(front.replicas)),
        "@ROUTES@": "\n".join(f'    "{number}" maillage_{number};' for number in numbers),
        "@GROUPS@": "\n".join(_group(number, front.replicas) for number in numbers),
        "@HOME@": _home(base),
        "@BASE@": base,
        "@LISTEN@": front.listen,
        "@CACHE@": front.cache,
        "@ACCESS_LOG@": front.access_log,
        "@ERROR_LOG@": front.error_log,
        "@EXTRA@": front.extra,
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _shares(n_replicas: int) -> str:
    """Give each replica the same share of the new readers; the last one takes what rounding leaves."""
    share = f"{100 / n_replicas:.2f}%"
    drawn = [*[share] * (n_replicas - 1), "*"]
    return "\n".join(f"    {part} maillage_{number};" for number, part in enumerate(drawn, 1))


def _group(number: int, replicas: Sequence[str]) -> str:
    """Put a replica before all the others, which answer in its place while it is down."""
    others = [address for place, address in enumerate(replicas, 1) if place != number]
    servers = [f"{replicas[number - 1]} max_fails=1 fail_timeout=5s", *(f"{address} backup" for address in others)]
    lines = "".join(f"    server {server};\n" for server in servers)
    return f"upstream maillage_{number} {{\n{lines}    keepalive 16;\n}}"


def _home(base: str) -> str:
    """Lead to the application from the root, and from its path without the last slash."""
    if not base:
        return ""
    to_base = f"    location = / {{\n        return 302 {base}/;\n    }}\n"
    return to_base + f"    location = {base} {{\n        return 301 {base}/$is_args$args;\n    }}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the configuration that was asked for."""
    asked = argparse.ArgumentParser(prog="python -m deploy.nginx", description="Configuration de nginx pour Maillage.")
    asked.add_argument("replica", nargs="+", help="adresse de chaque réplique, comme 127.0.0.1:8501")
    asked.add_argument("--listen", default=Front.listen, help="où nginx écoute : 80, « 443 ssl »…")
    asked.add_argument("--base-path", default="", help="chemin public, comme maillage (par défaut : la racine)")
    for name in ("cache", "access-log", "error-log", "extra"):
        default = getattr(Front, name.replace("-", "_"))
        asked.add_argument(f"--{name}", default=default, help=f"par défaut : {default}")
    options = vars(asked.parse_args(arguments))
    replicas = tuple(options.pop("replica"))
    options["base_path"] = options["base_path"].strip("/")
    sys.stdout.write(write_configuration(Front(replicas, **options)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
