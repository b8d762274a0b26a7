"""Pieces of Markdown."""

from collections.abc import Iterable, Sequence


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, whose cells are Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def code(text: str) -> str:
    """As code."""
    return f"`{text}`"


def one_of(words: Sequence[str]) -> str:
    """Words of which one is chosen."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
