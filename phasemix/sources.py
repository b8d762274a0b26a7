"""Which source files define a result: a module and all that it imports of this package.

Rules declare these files as inputs, so that Snakemake compares them by content: editing one
reruns what it defines, and touching one, or checking it out anew, reruns nothing.
"""

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = __name__.partition(".")[0]


def sources(*modules: str) -> list[Path]:
    """Absolute paths of the given modules of this package and, transitively, of those they import.

    Raises:
        ModuleNotFoundError: no such module.
    """
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found:
            path, imported = _imports(module)
            found[module] = path
            waiting.extend(imported)
    return sorted(found.values())


@cache
def _imports(module: str) -> tuple[Path, tuple[str, ...]]:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no module named {module!r}")
    path = Path(spec.origin)
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == PACKAGE:
            submodules = (f"{node.module}.{alias.name}" for alias in node.names)
            imported.update(name for name in submodules if _is_module(name))
            imported.add(node.module)
        elif isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names if alias.name.partition(".")[0] == PACKAGE)
    return path, tuple(sorted(imported))


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
