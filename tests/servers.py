"""Servers of this machine that tests put in the place of others."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from threading import Thread

import pytest
from huggingface_hub import constants

from phasemix.base.hub import hub_problem


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], kind: type[HTTPServer] = ThreadingHTTPServer) -> Iterator[str]:
    """The address of a server that answers as ``handler`` does."""
    with kind(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def hub_at(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hub stands there, and is asked anew whether it can be reached."""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", endpoint)
    hub_problem.cache_clear()
    yield
    hub_problem.cache_clear()


@contextmanager
def unreachable_hub(how: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The endpoint of a hub that refuses connections (``refused``), or accepts them and says nothing (``silent``)."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        endpoint = f"http://127.0.0.1:{server.getsockname()[1]}"
        if how == "refused":
            server.close()
        with hub_at(endpoint, monkeypatch):
            yield endpoint
