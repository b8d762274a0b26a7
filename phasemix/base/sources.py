"""Which source files define a result: a module and all that it imports of this package.

A rule has the fingerprint of these files as a parameter: editing one reruns what it defines, and touching one, or
checking it out anew, reruns nothing. The files are read, never imported, because some import libraries that take
seconds to load.

A job is told in the environment what its code was when the workflow started (:data:`CODE`), and which file has it all
(:data:`SNAPSHOT`). It runs only if that is still so before it imports anything, and again once it has imported all
(:func:`refuse_edited_code`).
"""

import ast
import json
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, sha256, sha256_of

FOLDER = Path(__file__).parent.parent
PACKAGE = FOLDER.name
CODE = "PHASEMIX_CODE"
"""The environment variable with what a job is told of its code: a script, modules, and their :func:`fingerprint`."""
SNAPSHOT = "PHASEMIX_SNAPSHOT"
"""The environment variable that names the snapshot of a workflow (:mod:`phasemix.study.snapshot`)."""
DECIDE_NOTHING = frozenset(
    {"phasemix.training.progress", "phasemix.training.heartbeat", "phasemix.observers", "phasemix.base.provenance"}
)
"""Modules that watch, and define no result; nor does what only they import."""
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
"""Where a statement of Python holds others."""


def sources(*modules: str) -> list[Path]:
    """Absolute paths of the given modules of this package and, transitively, of those they import.

    Raises:
        ModuleNotFoundError: no such module in this package.
    """
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found and module not in DECIDE_NOTHING:
            path = _path(module)
            if path is None:
                raise ModuleNotFoundError(f"no module named {module!r} in {PACKAGE}")
            found[module] = path
            waiting.extend(_imports(path))
            package = module.rpartition(".")[0]
            waiting.extend([package] if package and _path(package) else [])  # its own file is run first
    return sorted(found.values())


def code_of(*modules: str) -> dict[str, str]:
    """The SHA-256 of each of :func:`sources`, by its path in the package."""
    return {str(path.relative_to(FOLDER)): sha256(path) for path in sources(*modules)}


def fingerprint(script: str, *modules: str, checksum: Callable[[Path], str] = sha256) -> str:
    """One name for a script (its path below the checkout) and :func:`sources` of modules: it changes with every edit.

    ``checksum`` gives the SHA-256 of a file; by default, of what it holds now.
    """
    root = FOLDER.parent
    paths = [root / script, *sources(*modules)]
    found = {str(path.relative_to(root)): checksum(path) for path in paths}
    return sha256_of(json.dumps(found).encode())[:16]


def refuse_edited_code() -> None:
    """Make sure that the code of this job is what its workflow was told of; without a workflow, nothing.

    Raises:
        PhasemixError: a file was edited since the workflow started.
    """
    if not (code := os.environ.get(CODE)):
        return
    names, _, expected = code.partition("@")
    script, *modules = names.split("+")
    if fingerprint(script, *modules) != expected:
        raise PhasemixError(
            f"{_edited(script, *modules)}, which defines what {script} does, was edited while the workflow ran: this"
            " job is not run; start the workflow again to go on with the new code"
        )


def _edited(script: str, *modules: str) -> str:
    """The first file that is not what it was when the workflow started, as far as that is known."""
    root = FOLDER.parent
    try:
        then = read_json(os.environ[SNAPSHOT])["files"]
    except (KeyError, OSError, ValueError):
        then = {}
    now = {str(path.relative_to(root)): sha256(path) for path in [root / script, *sources(*modules)]}
    return next((name for name, checksum in now.items() if then and then.get(name) != checksum), "a file")


def _path(module: str) -> Path | None:
    package, *parts = module.split(".")
    base = os.path.join(FOLDER, *parts)  # noqa: PTH118 (asked thousands of times, by every process of a workflow)
    candidates = (f"{base}/__init__.py", f"{base}.py")
    found = (path for path in candidates if package == PACKAGE and os.path.isfile(path))  # noqa: PTH113
    return next(map(Path, found), None)


@cache
def _imports(path: Path) -> tuple[str, ...]:
    """The modules of this package that a file imports, anywhere in it."""
    names: set[str] = set()
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError:  # half edited: its checksum tells
        return ()
    for node in _statements(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.update({node.module}, (f"{node.module}.{alias.name}" for alias in node.names))
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return tuple(sorted(name for name in names if _path(name) is not None))


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All statements of a file, those within others too; expressions, which are ten times as many, hold none."""
    waiting = [tree]
    while waiting:
        yield (node := waiting.pop())
        for block in BLOCKS:
            waiting.extend(getattr(node, block, ()))
