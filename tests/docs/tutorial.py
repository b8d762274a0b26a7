"""The blocks of a tutorial, and what a reader does with them: write files, run commands, compare what is printed.

A block is one of

- `{code-block}` with a caption: a file of that name;
- `sh` or `python`: run in the checkout, unless a comment before says `<!-- not run: … -->` and why;
- `text`: lines that the block before it prints, among others; … stands for whatever differs from run to run.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from tests.workflow.checkout import inside

NOT_RUN = re.compile(r"<!-- not run: (.*) -->\n")
COMMANDS = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}


@dataclass(frozen=True)
class Block:
    """One block: its line in the page, its language, its text, the file that it is, and why it is not run."""

    line: int
    language: str
    text: str
    file: str | None
    not_run: str | None


def blocks(page: Path) -> list[Block]:
    """All blocks of a page, in order."""
    found, reason = [], None
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "fence":
            directive = re.fullmatch(r"\{code-block\} (\w+)", token.info)
            caption = re.match(r":caption: (.+)\n\n", token.content)
            file = caption[1] if directive and caption else None
            text = token.content[caption.end() :] if file else token.content
            found.append(Block(token.map[0] + 1, directive[1] if directive else token.info, text, file, reason))
        comment = NOT_RUN.fullmatch(token.content) if token.type == "html_block" else None
        reason = comment[1] if comment else None
    return found


def follow(page: Path, checkout: Path) -> None:
    """Do what a page says, in a checkout.

    Raises:
        AssertionError: a command fails, does not print what the page says, or a block is none of those above.
    """
    printed = ""
    for block in blocks(page):
        where = f"{page.name}, line {block.line}"
        if block.file:
            (checkout / block.file).parent.mkdir(parents=True, exist_ok=True)
            (checkout / block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "text":
            missing = [line for line in block.text.splitlines() if not re.search(_pattern(line), printed, re.MULTILINE)]
            assert not missing, f"{where}: the block before it does not print {missing}, but {printed}"
        elif block.language in COMMANDS:
            printed = "" if block.not_run else _run(block, checkout, where)
        else:
            raise AssertionError(f"{where}: a block of {block.language!r} is neither a file nor run")


def _pattern(line: str) -> str:
    return f"^{'.*'.join(map(re.escape, ' '.join(line.split()).split('…')))}$"


def _run(block: Block, checkout: Path, where: str) -> str:
    """What a command prints, with single spaces."""
    command = [*COMMANDS[block.language], block.text]
    done = subprocess.run(command, cwd=checkout, env=inside(checkout), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{where}: {done.stdout}{done.stderr}"
    return "\n".join(" ".join(line.split()) for line in (done.stdout + done.stderr).splitlines())
