"""Text that every environment has: the documents of installed packages, told apart by what they are.

=============== =====================================================================================
part            documents
=============== =====================================================================================
``docstrings``  documentation strings of modules, classes and functions, of 100 characters or more
``code``        Python modules without their documentation strings
``tests``       the same of modules that test
``headers``     headers of C, C++ and CUDA
``stubs``       Python's type stubs
``metadata``    what a package says of itself, and licences
=============== =====================================================================================

No file belongs to two parts, but for a module and its documentation strings.
"""

import ast
import gc
import inspect
import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from pathlib import Path, PurePath
from typing import NamedTuple

from phasemix.base.errors import PhasemixError
from phasemix.tasks.text.packages import locked_packages

SHORTEST_DOCSTRING = 100  # characters; shorter ones are mostly "Return the …" and nothing else
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
STATEMENTS = (ast.stmt, ast.excepthandler, ast.match_case)
TEST_FOLDERS = {"test", "tests", "testing"}
TEST_MODULE = re.compile(r"(test_.*|.*_test|conftest)\.py")
HEADERS = {".h", ".hpp", ".hh", ".hxx", ".cuh"}
SAID_OF_ITSELF = re.compile(r"metadata|(.*[-_.])?(licen[cs]e|copying|notice|authors)s?([-_.].*)?", re.IGNORECASE)


class Part(NamedTuple):
    """Which files of a package belong to a part, and the documents of one of them."""

    holds: Callable[[PurePath], bool]
    documents: Callable[[Path], list[str]]


def installed(part: str, packages: list[str] | None = None, threads: int = 1) -> Iterator[str]:
    """The documents of a part of installed packages, in order of package, file and line.

    Only files that a package's own record lists are read, so nothing else that is installed
    changes the text. Files that this Python cannot parse are passed over.

    Args:
        part: one of ``PARTS``.
        packages: their names; None: all that ``envs/lock.txt`` pins.
        threads: processes that read files.

    Raises:
        PhasemixError: a package is not installed.
    """
    holds, documents = PARTS[part]
    paths = [path for package in packages or locked_packages() for path in _files(package, holds)]
    if threads == 1:
        yield from chain.from_iterable(map(documents, paths))
        return
    with ProcessPoolExecutor(threads) as pool:
        yield from chain.from_iterable(pool.map(documents, paths, chunksize=32))


def _files(package: str, holds: Callable[[PurePath], bool]) -> list[Path]:
    try:
        found = distribution(package)
    except PackageNotFoundError as error:
        raise PhasemixError(
            f"installed.packages: {package!r} is not installed; name packages of envs/lock.txt, or install it"
        ) from error
    names = sorted(str(file) for file in found.files or [] if holds(file))
    return [Path(str(found.locate_file(name))) for name in names]


def _is_module(path: PurePath) -> bool:
    return path.suffix == ".py"


def _tests(path: PurePath) -> bool:
    return bool(TEST_FOLDERS & set(path.parts[:-1]) or TEST_MODULE.fullmatch(path.name))


def _says_of_itself(path: PurePath) -> bool:
    return any(name.endswith(".dist-info") for name in path.parts) and bool(SAID_OF_ITSELF.fullmatch(path.name))


def _whole(path: Path) -> list[str]:
    try:
        return [path.read_text(encoding="utf-8")]
    except (OSError, ValueError):
        return []


def _docstrings(path: Path) -> list[str]:
    """Those of a file; in the breadth-first order of :func:`ast.walk`, which is a part of the corpus's identity."""
    with _without_collector():
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (OSError, SyntaxError, ValueError):
            return []
        found = (ast.get_docstring(node, clean=False) for node in _documented(tree))
        cleaned = (inspect.cleandoc(text) for text in found if text)
        return [text for text in cleaned if len(text) >= SHORTEST_DOCSTRING]


def _code(path: Path) -> list[str]:
    """A module without the lines of its documentation strings."""
    with _without_collector():
        try:
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text)
        except (OSError, SyntaxError, ValueError):
            return []
        lines = text.splitlines(keepends=True)
        for node in _documented(tree):
            if ast.get_docstring(node, clean=False) is not None:
                words = node.body[0]
                assert words.end_lineno is not None
                first, last = words.lineno - 1, words.end_lineno
                if not lines[first][: words.col_offset].strip():  # a statement of its own
                    lines[first:last] = [""] * (last - first)
        return ["".join(lines)]


PARTS = {
    "docstrings": Part(_is_module, _docstrings),
    "code": Part(lambda path: _is_module(path) and not _tests(path), _code),
    "tests": Part(lambda path: _is_module(path) and _tests(path), _code),
    "headers": Part(lambda path: path.suffix in HEADERS, _whole),
    "stubs": Part(lambda path: path.suffix == ".pyi", _whole),
    "metadata": Part(_says_of_itself, _whole),
}


def _documented(tree: ast.Module) -> Iterator[Documented]:
    """The module, classes and functions of a tree; only statements are visited, as no expression holds any."""
    waiting: deque[ast.AST] = deque([tree])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, Documented):
            yield node
        for name in node._fields:
            if isinstance(children := getattr(node, name, None), list):
                waiting.extend(child for child in children if isinstance(child, STATEMENTS))


@contextmanager
def _without_collector() -> Iterator[None]:
    """A tree has a million objects and no cycle; the collector would go over them again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
