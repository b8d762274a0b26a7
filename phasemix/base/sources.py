"""Which source files define a result: a module and all that it imports of this package.

Rules declare these files as inputs, so that Snakemake compares them by content: editing one
reruns what it defines, and touching one, or checking it out anew, reruns nothing. The files are
read, never imported, because some import libraries that take seconds to load.
"""

import ast
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from phasemix.base.files import sha256, sha256_of

FOLDER = Path(__file__).parent.parent
PACKAGE = FOLDER.name


def sources(*modules: str) -> list[Path]:
    """Absolute paths of the given modules of this package and, transitively, of those they import.

    Raises:
        ModuleNotFoundError: no such module in this package.
    """
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found:
            path = _path(module)
            if path is None:
                raise ModuleNotFoundError(f"no module named {module!r} in {PACKAGE}")
            found[module] = path
            waiting.extend(_imports(path))
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


def _path(module: str) -> Path | None:
    package, *parts = module.split(".")
    base = FOLDER.joinpath(*parts)
    candidates = (base / "__init__.py", base.with_suffix(".py"))
    return next((path for path in candidates if package == PACKAGE and path.is_file()), None)


@cache
def _imports(path: Path) -> tuple[str, ...]:
    """The modules of this package that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.update({node.module}, (f"{node.module}.{alias.name}" for alias in node.names))
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return tuple(sorted(name for name in names if _path(name) is not None))
