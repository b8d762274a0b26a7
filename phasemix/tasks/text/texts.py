"""Plain text from one of three origins, as a stream of documents."""

import ast
import gc
import inspect
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from pathlib import Path

from datasets import load_dataset

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import TEXT_FILES, matching_files

SHORTEST_DOCSTRING = 100  # characters; shorter ones are mostly "Return the …" and nothing else
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
STATEMENTS = (ast.stmt, ast.excepthandler, ast.match_case)


def installed_docs(packages: list[str], threads: int = 1) -> Iterator[str]:
    """The documentation strings of installed packages, in order of package, file and line.

    Only files that a package's own record lists are read, so nothing else that is installed
    changes the text. Files that this Python cannot parse are passed over.

    Raises:
        PhasemixError: a package is not installed.
    """
    paths = [path for package in packages for path in _python_files(package)]
    if threads == 1:
        yield from chain.from_iterable(map(_docstrings, paths))
        return
    with ProcessPoolExecutor(threads) as pool:
        yield from chain.from_iterable(pool.map(_docstrings, paths, chunksize=32))


def _python_files(package: str) -> list[Path]:
    try:
        found = distribution(package)
    except PackageNotFoundError as error:
        raise PhasemixError(
            f"installed_docs.packages: {package!r} is not installed; name packages of envs/lock.txt, or install it"
        ) from error
    names = sorted(str(file) for file in found.files or [] if file.suffix == ".py")
    return [Path(str(found.locate_file(name))) for name in names]


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


def hub_texts(
    dataset: str,
    *,
    revision: str,
    megabytes: float,
    name: str | None = None,
    split: str = "train",
    column: str = "text",
) -> Iterator[str]:
    """Stream the first ``megabytes`` (10⁶ bytes of UTF-8) of a Hugging Face dataset's texts.

    Raises:
        PhasemixError: the hub cannot be reached, or has no such dataset, revision or column.
    """
    read = 0.0
    try:
        for row in load_dataset(dataset, name, split=split, revision=revision, streaming=True):
            yield row[column]
            read += len(str(row[column] or "").encode(errors="replace")) / 1e6
            if read >= megabytes:
                return
    except KeyError as error:
        raise PhasemixError(f"hub.column: {dataset!r} has no column {column!r}") from error
    except (OSError, ValueError) as error:
        raise PhasemixError(
            f"hub.dataset: cannot read {dataset!r} at revision {revision} from the hub ({one_line(error)});"
            " check the name and the network, or choose another origin"
        ) from error


def file_texts(paths: list[str], column: str = "text") -> Iterator[str]:
    """The documents of the user's files: a .txt file is one, and each row's ``column`` of the others.

    ``paths`` are paths or globs of .txt, .jsonl, .jsonl.zst and .parquet files.

    Raises:
        PhasemixError: another ending, an unreadable file, no such column.
    """
    for path in matching_files(paths):
        reader = next((kind for ending, kind in TEXT_FILES.items() if path.endswith(ending)), None)
        if reader is None:
            raise PhasemixError(f"files.paths: {path} is none of {', '.join(TEXT_FILES)}")
        options = {"sample_by": "document"} if reader == "text" else {}
        key = "text" if reader == "text" else column
        try:
            for row in load_dataset(reader, data_files=path, split="train", streaming=True, **options):
                yield row[key]
        except KeyError as error:
            raise PhasemixError(f"files.column: {path} has no column {key!r}") from error
        except Exception as error:  # each reader of `datasets` raises its own kinds for broken files
            raise PhasemixError(f"files.paths: cannot read {path} ({one_line(error)})") from error
