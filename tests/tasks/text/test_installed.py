"""What installed packages hold, told apart by what it is."""

import ast
from pathlib import PurePath

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import sha256
from phasemix.corpora.documents import write_documents
from phasemix.tasks.text.installed import PARTS, installed
from phasemix.tasks.text.packages import installed_version, locked_packages

PACKAGES = ["tqdm", "networkx", "numpy"]


def parts_of(path):
    return {name for name, part in PARTS.items() if part.holds(PurePath(path))}


def test_docstrings_are_real():
    texts = list(installed("docstrings", ["tqdm", "networkx"]))
    assert len(texts) > 1000
    assert any("shortest path" in text for text in texts)


def test_texts_are_deterministic(tmp_path):
    """Whichever process reads a file first."""
    for name, threads in (("a", 1), ("b", 2)):
        write_documents(installed("docstrings", ["tqdm", "pydantic"], threads), 0.05, tmp_path / name)
    assert sha256(tmp_path / "a") == sha256(tmp_path / "b")


def test_every_file_has_one_part_but_modules_that_have_documentation_too():
    assert parts_of("numpy/linalg/_linalg.py") == {"docstrings", "code"}
    for path in ("numpy/tests/test_api.py", "numpy/linalg/test_x.py", "numpy/x_test.py", "a/conftest.py"):
        assert parts_of(path) == {"docstrings", "tests"}
    assert parts_of("numpy/__init__.pyi") == {"stubs"}
    assert parts_of("torch/include/ATen/ATen.h") == parts_of("torch/include/x.cuh") == {"headers"}
    for name in ("METADATA", "licenses/LICENSE.txt", "licenses/3rdparty-LICENSE", "COPYING", "LICENSE-MIT", "NOTICE"):
        assert parts_of(f"numpy-2.0.dist-info/{name}") == {"metadata"}
    for path in ("numpy-2.0.dist-info/RECORD", "numpy/LICENSE.txt", "numpy/core.so", "numpy-2.0.dist-info/licensed.py"):
        assert parts_of(path) <= {"docstrings", "code"}


def test_code_has_no_documentation_strings():
    """What is left can be parsed wherever a body has more than its documentation."""
    texts = list(installed("code", ["networkx"]))
    parsed = 0
    for text in texts:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        parsed += 1
        defined = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
        kept = [words for node in defined if (words := ast.get_docstring(node))]
        assert all("\n" not in words for words in kept), "only those on the line of their function may stay"
    assert parsed > 0.9 * len(texts)
    assert any("def dijkstra_path(" in text for text in texts)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_holds_text(part):
    texts = list(installed(part, PACKAGES))
    assert texts
    assert any(len(text) > 500 for text in texts)


def test_all_that_is_pinned_is_read():
    assert {"numpy", "torch", "snakemake"} <= set(locked_packages())
    assert all(map(installed_version, locked_packages()))
    assert len(list(installed("metadata"))) > len(locked_packages())


def test_an_unknown_package_is_named():
    with pytest.raises(PhasemixError, match=r"installed\.packages: 'no-such-package' is not installed"):
        list(installed("docstrings", ["no-such-package"]))
