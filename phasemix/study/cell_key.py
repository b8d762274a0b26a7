"""The name of a cell: ordered pairs of an axis and a value, and their one spelling.

A key is spelled ``size=58k/ratio=0.2/seed=0``, which is also the cell's folder below that of its experiment.
Nothing else in phasemix takes such a path apart. An experiment may add whatever axes it varies; ``size`` and
``seed`` are always there. The axis :data:`HORIZON` holds the tokens that a run is trained for, where cells
differ in it.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple, Self

Value = str | int | float

SIZE, SEED, HORIZON = "size", "seed", "tokens"
AXIS = re.compile(r"[a-z][a-z0-9_]*")
PATTERN = rf"{AXIS.pattern}=[^/=]+(?:/{AXIS.pattern}=[^/=]+)*"
"""A regular expression for spelled keys, as wildcards of rules need it."""


class CellKey(NamedTuple):
    """A cell, as hashable and ordered pairs; make it by :meth:`of` or :meth:`parse`.

    Numbers are numbers: ``key.values["tokens"]`` is an int, ``key.values["ratio"]`` an int or float.
    """

    pairs: tuple[tuple[str, Value], ...]

    @classmethod
    def of(cls, **values: Value) -> Self:
        """The key with these axes, in this order.

        Raises:
            ValueError: a name or a value that cannot stand in a path, or that would be read back differently.
        """
        key = cls(tuple((axis, _plain(value)) for axis, value in values.items()))
        if cls.parse(key.format()) != key:
            raise ValueError(f"{key.format()!r} cannot name a cell: it would be read back differently")
        return key

    @classmethod
    @cache
    def parse(cls, text: str) -> Self:
        """The key that is spelled ``text``.

        Raises:
            ValueError: it is not the spelling of a key.
        """
        pairs = []
        for part in text.split("/"):
            axis, equals, value = part.partition("=")
            if not (equals and value and AXIS.fullmatch(axis)) or "=" in value:
                raise ValueError(f"{text!r} names no cell: {part!r} is not axis=value")
            pairs.append((axis, _read(value)))
        if len(dict(pairs)) < len(pairs):
            raise ValueError(f"{text!r} names no cell: it has an axis twice")
        return cls(tuple(pairs))

    def format(self) -> str:
        """The key's spelling."""
        return "/".join(f"{axis}={value}" for axis, value in self.pairs)

    @property
    def values(self) -> dict[str, Value]:
        """The values by axis, in order."""
        return dict(self.pairs)

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of the axes, in order."""
        return tuple(axis for axis, _ in self.pairs)

    @property
    def size(self) -> str:
        """The name of the model."""
        return str(self.values[SIZE])

    @property
    def seed(self) -> int:
        """The number of the seed."""
        return int(self.values[SEED])

    @property
    def horizon(self) -> int | None:
        """The tokens that the run is trained for, where cells differ in that."""
        found = self.values.get(HORIZON)
        return None if found is None else int(found)

    def at(self, **changes: Value) -> Self:
        """This key with other values on some of its axes, and with new axes at its end."""
        return type(self).of(**(self.values | changes))

    def without(self, axis: str) -> Self:
        """This key without an axis, or itself if it has none of that name."""
        return type(self)(tuple(pair for pair in self.pairs if pair[0] != axis))

    def text(self) -> str:
        """The key for people, such as ``58k, ratio 0.2, seed 0``."""
        return ", ".join(str(value) if axis == SIZE else f"{axis} {_spoken(value)}" for axis, value in self.pairs)


def unique(keys: Iterable[CellKey]) -> list[CellKey]:
    """Every key once, in the order of its first appearance."""
    return list(dict.fromkeys(keys))


def common_axes(keys: Iterable[CellKey]) -> list[str]:
    """The axes of all keys, in order; every key of an experiment has the same.

    Raises:
        ValueError: they differ.
    """
    found = {key.axes for key in keys}
    if len(found) > 1:
        raise ValueError(f"the cells of one experiment have different axes: {sorted(found)}")
    return list(found.pop()) if found else []


def axis_values(keys: Iterable[CellKey]) -> Mapping[str, list[Any]]:
    """The different values on every axis, in the order of their first appearance."""
    found: dict[str, dict[Value, None]] = {}
    for key in keys:
        for axis, value in key.pairs:
            found.setdefault(axis, {})[value] = None
    return {axis: list(values) for axis, values in found.items()}


def _plain(value: Value) -> Value:
    """A number that is whole as an int, so that 1 and 1.0 are spelled alike."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _read(text: str) -> Value:
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if str(_plain(number)) == text:  # a name such as 1e3 or 007 stays a name
            return _plain(number)
    return text


def _spoken(value: Value) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
