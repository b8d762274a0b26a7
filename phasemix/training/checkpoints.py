"""Checkpoints of an unfinished run: everything that it needs to go on to the same weights.

A checkpoint is a file ``step-N.pt`` in the cell's own folder, written under another name and
renamed. It is what ``torch.save`` writes of ``identity``, all that decides a run's weights by name
(:func:`flat`), and ``state``, followed by the 32 bytes of their SHA-256: a flipped bit must not go on
training. The newest two are kept.
"""

import hashlib
import mmap
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from phasemix.base.errors import PhasemixError, one_line, warn
from phasemix.base.files import atomic, sha256

KEPT = 2
CHECKPOINT_SECONDS = 15.0  # between checkpoints, at least
CHECKPOINT_PAUSE = 100  # and at least this many times as long as saving one took
DIGEST_BYTES = 32  # of SHA-256
NAMED_DIFFERENCES = 3  # in a message

Identity = dict[str, str]


def flat(facts: Mapping[Any, Any], prefix: str = "") -> Identity:
    """Nested facts as one level: ``{"recipe": {"tokens": 5}, "phases": [7]}`` has ``recipe.tokens``, ``phases.0``."""
    found: Identity = {}
    for name, value in facts.items():
        below = dict(enumerate(value)) if isinstance(value, list) else value
        found |= flat(below, f"{prefix}{name}.") if isinstance(below, Mapping) else {f"{prefix}{name}": str(value)}
    return found


def differences(saved: Identity, own: Identity) -> str:
    """What differs between two identities, by name, for a message; empty if nothing does."""
    found = [
        f"{name} {_short(saved.get(name))}, here {_short(own.get(name))}"
        for name in sorted(saved.keys() | own.keys())
        if saved.get(name) != own.get(name)
    ]
    more = len(found) - NAMED_DIFFERENCES
    return "; ".join(found[:NAMED_DIFFERENCES]) + (f"; and {more} more" if more > 0 else "")


def save_state(path: Path, identity: Identity, state: dict[str, Any]) -> None:
    """Save ``state`` under the identity of the run that it belongs to.

    Raises:
        PhasemixError: it cannot be written; an older file stays as it was.
    """
    with written(str(path)), atomic(path) as temporary:
        torch.save({"identity": identity, "state": state}, temporary)
        digest = bytes.fromhex(sha256(temporary))
        with temporary.open("ab") as file:
            file.write(digest)


@contextmanager
def written(what: str) -> Iterator[None]:
    """Say in one line that ``what`` could not be written, if the block fails to.

    Raises:
        PhasemixError: instead of the errors that writing raises.
    """
    try:
        yield
    except (OSError, RuntimeError, SafetensorError) as error:
        raise PhasemixError(
            f"{what}: cannot be written ({one_line(error)}): is the disk full? Make room and start again;"
            " the run goes on from its last checkpoint"
        ) from error


def load_state(path: Path, identity: Identity) -> dict[str, Any]:
    """The state saved in ``path``.

    Raises:
        PhasemixError: it is damaged, or of a run with another identity.
    """
    try:
        with path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if hashlib.sha256(memoryview(content)[:-DIGEST_BYTES]).digest() != content[-DIGEST_BYTES:]:
            raise ValueError("its checksum differs")
        saved = torch.load(path, map_location="cpu", weights_only=True, mmap=True)  # read as it is needed
        found, state = saved["identity"], dict(saved["state"])
    except Exception as error:  # a damaged file fails in many ways
        raise PhasemixError(f"{path}: damaged, not used ({one_line(error)})") from error
    if found != identity:
        raise PhasemixError(f"{path}: of another configuration, not used ({differences(found, identity)})")
    return state


class Checkpoints:
    """The checkpoints of one run in ``folder``.

    They are ``seconds`` apart, and a hundred times as long as saving one takes; with 0, one is
    always due.
    """

    def __init__(self, folder: Path, identity: Identity, seconds: float = CHECKPOINT_SECONDS) -> None:
        self.folder = folder
        self._identity = identity
        self._seconds = seconds
        self._next = time.monotonic() + seconds

    @property
    def due(self) -> bool:
        """Whether it is time for the next."""
        return time.monotonic() >= self._next

    def save(self, step: int, state: dict[str, Any]) -> None:
        """Save the checkpoint of ``step`` and drop all others but the one before.

        Raises:
            PhasemixError: it cannot be written.
        """
        began = time.monotonic()
        path = self.folder / f"step-{step:09d}.pt"
        save_state(path, self._identity, state)
        # Those of later steps were passed over, or the run would have gone on from them.
        found = self._newest()
        kept = [one for one in found if one.name <= path.name][:KEPT]
        for other in set(found) - set(kept):
            other.unlink()
        now = time.monotonic()
        self._next = now + (self._seconds and max(self._seconds, CHECKPOINT_PAUSE * (now - began)))

    def load(self) -> dict[str, Any] | None:
        """The newest sound checkpoint of this very run, or None; says which it passes over, and why."""
        for path in self._newest():
            try:
                return load_state(path, self._identity)
            except PhasemixError as error:
                warn(str(error))
        if self._newest():
            warn(f"{self.folder}: no checkpoint can be used; the run begins anew")
        return None

    def _newest(self) -> list[Path]:
        return sorted(self.folder.glob("step-*.pt"), reverse=True)


def without(identity: Identity, names: Iterable[str]) -> Identity:
    """An identity without the facts of these names."""
    return {name: value for name, value in identity.items() if name not in set(names)}


def _short(value: str | None) -> str:
    return "none" if value is None else value if len(value) <= 20 else value[:8] + "…"
