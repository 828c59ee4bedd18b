"""Whether the server of this container answers: `python -m deploy.health`, asked by HEALTHCHECK."""

import http.client
import os
import sys
from typing import Final

TIMEOUT_S: Final = 4.0


def answers() -> bool:
    """Tell whether the server on this machine says that it is well, under the path that it was given."""
    base = os.environ.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
    port = int(os.environ.get("STREAMLIT_SERVER_PORT") or 8501)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", f"/{base}/_stcore/health" if base else "/_stcore/health")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not answers())
