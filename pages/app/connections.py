"""What the server asks of the connections that readers open: the one module of the pages that knows sockets."""

import socket


def send_at_once(connection: socket.socket) -> None:
    """Let what is written to a connection leave without waiting for the browser to acknowledge what came before.

    Asyncio asks it of connections whose socket says its protocol, which Streamlit's leaves out: the end of nearly every
    answer, each small script of a first visit among them, came 40 ms after its beginning.
    """
    if connection.family in {socket.AF_INET, socket.AF_INET6} and connection.type == socket.SOCK_STREAM:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
