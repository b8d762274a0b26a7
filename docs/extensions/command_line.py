"""The reference of the command line, made of what ``phasemix/cli.py`` reads, and tables of all laws and mixers."""

import argparse
from collections.abc import Iterator

from docs.extensions.pieces import code, table
from phasemix.cli import parser
from phasemix.laws import NAMES as LAWS
from phasemix.laws import load_law
from phasemix.mixers import NAMES as MIXERS
from phasemix.mixers import load_mixer


def page() -> str:
    """Every command as Markdown: what it does, how it is called, its arguments."""
    lines = []
    for words, command in _commands(parser(), ""):
        usage = command.format_usage().removeprefix("usage: ").strip()
        rows = [[_call(action), _meaning(action, command)] for action in _actions(command)]
        lines += [f"## {code(command.prog)}", "", f"{words[:1].upper()}{words[1:]}.", ""]
        lines += ["```text", usage, "```", "", table(["argument", "meaning"], rows), ""]
    return "\n".join(lines)


def laws() -> str:
    """A table of all laws."""
    found = [(name, load_law(name)) for name in LAWS]
    return table(["law", "equation", "source"], [[code(name), law.equation, law.source] for name, law in found])


def mixers() -> str:
    """A table of all mixers."""
    found = [(name, load_mixer(name)) for name in MIXERS]
    columns = ["mixer", "needs", "costs", "assumes", "source"]
    rows = [[code(name), each.needs, each.costs, each.assumes, each.source] for name, each in found]
    return table(columns, rows)


def _commands(found: argparse.ArgumentParser, words: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """All commands that do something, each with what it does."""
    groups = [each for each in _actions(found) if isinstance(each, argparse._SubParsersAction)]  # noqa: SLF001 (argparse keeps the class to itself)
    if not groups:
        yield words, found
    for group in groups:
        help_of = {each.dest: each.help or "" for each in group._choices_actions}  # noqa: SLF001 (and this)
        for name, command in group.choices.items():
            yield from _commands(command, help_of[name])


def _actions(found: argparse.ArgumentParser) -> list[argparse.Action]:
    return [each for each in found._actions if "--help" not in each.option_strings]  # noqa: SLF001 (and this)


def _call(action: argparse.Action) -> str:
    """How an argument is given."""
    shown = action.metavar or (action.choices and "|".join(action.choices)) or action.dest.upper()
    value = "" if action.nargs == 0 else str(shown)
    return code(" ".join(filter(None, [", ".join(action.option_strings), value])))


def _meaning(action: argparse.Action, command: argparse.ArgumentParser) -> str:
    formatter = command._get_formatter()  # noqa: SLF001 (and this)
    words = formatter._expand_help(action) if action.help else ""  # noqa: SLF001 (and this)
    return f"{words} (must be given)" if action.required and action.option_strings else words
