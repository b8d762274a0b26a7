"""A language model behind an endpoint that speaks OpenAI's protocol, such as ``http://localhost:8000/v1``."""

import json
import os
from typing import Any
from urllib.request import Request, urlopen

from phasemix.base.errors import PhasemixError, one_line

KEY = "PHASEMIX_API_KEY"


class Endpoint:
    """A model of this name at this address; a key, where it wants one, is read from ``PHASEMIX_API_KEY``.

    Args:
        name: of the model.
        url: of the endpoint.
        seconds: that it may take for an answer.
    """

    def __init__(self, name: str, url: str, seconds: float) -> None:
        self._name, self._url, self._seconds = name, f"{url.rstrip('/')}/chat/completions", seconds
        key = os.environ.get(KEY)
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})

    def answer(self, asked: str, **options: Any) -> str:
        """What the model says to a user who asks; ``options`` are the protocol's.

        Raises:
            PhasemixError: it does not answer.
        """
        body = {"model": self._name, "messages": [{"role": "user", "content": asked}], **options}
        request = Request(self._url, json.dumps(body).encode(), self._headers)  # noqa: S310 (the user names it)
        try:
            with urlopen(request, timeout=self._seconds) as answer:  # noqa: S310 (the user names it)
                return str(json.load(answer)["choices"][0]["message"]["content"])
        except Exception as error:  # of the network, of the server, of the key
            remedy = f"is {KEY} set?"
            raise PhasemixError(f"--endpoint: {self._url} does not answer ({one_line(error)}); {remedy}") from error
