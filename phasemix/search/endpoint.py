"""A language model behind an endpoint that speaks OpenAI's protocol, such as ``http://localhost:8000/v1``."""

import json
import os
import time
from http.client import HTTPException
from textwrap import shorten
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from phasemix.base.errors import PhasemixError, one_line

KEY = "PHASEMIX_API_KEY"
FIRST_PAUSE = 2.0  # seconds before it is asked again; every later pause is twice as long
BUSY = 429  # the status of a server that is asked too often; those from 500 on are of one in trouble
BODY = 200  # characters of what a server says of an error


class Endpoint:
    """A model of this name at this address; a key, where it wants one, is read from ``PHASEMIX_API_KEY``.

    Args:
        name: of the model.
        url: of the endpoint.
        seconds: that it may take for an answer.
        tries: how often it is asked while it is busy, in trouble, silent or not there.
    """

    def __init__(self, name: str, url: str, seconds: float, tries: int = 1) -> None:
        self._name, self._url = name, f"{url.rstrip('/')}/chat/completions"
        self._seconds, self._tries = seconds, tries
        key = os.environ.get(KEY)
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})

    def answer(self, asked: str, **options: Any) -> str:
        """What the model says to a user who asks; ``options`` are the protocol's.

        Raises:
            PhasemixError: it does not answer.
        """
        body = {"model": self._name, "messages": [{"role": "user", "content": asked}], **options}
        request = Request(self._url, json.dumps(body).encode(), self._headers)  # noqa: S310 (the user names it)
        pause, left = FIRST_PAUSE, self._tries
        while True:
            try:
                with urlopen(request, timeout=self._seconds) as answer:  # noqa: S310 (the user names it)
                    return str(json.load(answer)["choices"][0]["message"]["content"])
            except Exception as error:  # of the network, of the server, of the key
                left -= 1
                if not left or not _may_pass(error):
                    problem = f"{self._url} does not answer ({_told(error)}); is {KEY} set?"
                    raise PhasemixError(f"--endpoint: {problem}") from error
            time.sleep(pause)
            pause *= 2


def _may_pass(error: Exception) -> bool:
    """Whether an error is of a server or a network that may soon be well again."""
    if isinstance(error, HTTPError):
        return error.code == BUSY or error.code >= 500
    return isinstance(error, OSError | HTTPException)


def _told(error: Exception) -> str:
    """What an error says, and what the server says of it, in one line."""
    if not isinstance(error, HTTPError):
        return one_line(error)
    try:
        body = error.read().decode(errors="replace")
    except (OSError, HTTPException):
        body = ""
    return f"{one_line(error)}: {shorten(body, BODY, placeholder=' …')}" if body.strip() else one_line(error)
