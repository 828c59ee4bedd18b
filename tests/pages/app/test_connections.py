"""What the server asks of its connections."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from pages.app import server


async def accepted_option():
    """Listen as Streamlit does, on a socket that does not say its protocol; return TCP_NODELAY of a connection."""
    found = asyncio.get_running_loop().create_future()
    listening = socket.socket(socket.AF_INET)
    listening.bind(("127.0.0.1", 0))

    def accept(_, writer):
        peer = writer.get_extra_info("socket")
        found.set_result(peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(accept, sock=listening):
        _, writer = await asyncio.open_connection(*listening.getsockname())
        try:
            return await found
        finally:
            writer.close()


def test_an_answer_leaves_whole_without_waiting_for_its_beginning_to_be_acknowledged(monkeypatch):
    changed = {
        "_set_nodelay": server.base_events,
        "get_external_ip": server.net_util,
        "MediaFileManager": server.runtime,
    }
    for name, owner in changed.items():
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back after the test
    server.prepare_settings()
    with ThreadPoolExecutor(1) as apart:  # the loop of the browser tests may be running in this thread
        assert apart.submit(lambda: asyncio.run(accepted_option())).result() != 0
