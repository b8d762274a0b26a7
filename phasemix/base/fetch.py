"""Files that are fetched by their address and taken only with the SHA-256 that pins them."""

import urllib.request
from http.client import HTTPException

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import sha256_of

SECONDS = 10.0  # to wait for an answer


def fetch(url: str, sha256: str, otherwise: str) -> bytes:
    """What ``url`` (https:// or file://) holds; ``otherwise`` says how to do without the network.

    Raises:
        PhasemixError: it cannot be read, or has another SHA-256.
    """
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 (it is pinned)
            content = bytes(answer.read())
    except (OSError, ValueError, HTTPException) as error:
        raise PhasemixError(f"{url}: cannot be read ({one_line(error)}); {otherwise}") from None
    if (found := sha256_of(content)) != sha256.lower():
        raise PhasemixError(f"{url}: is not the file that was pinned: its SHA-256 is {found}, not {sha256}")
    return content
