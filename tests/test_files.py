"""Files appear complete or not at all; seeds are names; results know their sources."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError, run
from phasemix.base.files import atomic, read_json, write_checksums, write_json
from phasemix.base.seeds import generator, named_seed
from phasemix.base.sources import FOLDER, sources

ROOT = Path(__file__).parent.parent


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    write_json(tmp_path / "a.json", {"old": True})

    def fail_half_way():
        with atomic(tmp_path / "a.json") as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert read_json(tmp_path / "a.json") == {"old": True}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_folders_are_replaced_whole(tmp_path):
    for name in ("first", "second"):
        with atomic(tmp_path / "folder") as temporary:
            temporary.mkdir()
            (temporary / name).touch()
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["second"]


def test_json_holds_no_nan(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a.json", {"x": float("nan")})
    assert not list(tmp_path.iterdir())


def test_checksums_depend_on_content_alone(tmp_path):
    (tmp_path / "data").write_text("abc")
    for name in ("one.json", "two.json"):
        (tmp_path / "data").touch()
        write_checksums(tmp_path / name, [tmp_path / "data"], tokens=3)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    found = json.loads((tmp_path / "one.json").read_text())
    assert found["files"]["data"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert found["tokens"] == 3


@given(st.lists(st.one_of(st.text(max_size=5), st.integers()), min_size=1, max_size=4))
def test_named_seeds_are_stable_and_distinct(names):
    assert named_seed(*names) == named_seed(*names)
    assert 0 <= named_seed(*names) < 2**63
    assert named_seed(*names) != named_seed(*names, "more")


def test_named_seeds_do_not_change_between_versions():
    assert named_seed(0, "web order") == named_seed("0", "web order") == 2966245427258069552
    assert generator("x").integers(1000, size=3).tolist() == np.random.default_rng(named_seed("x")).integers(
        1000, size=3
    ).tolist()  # fmt: skip


def test_an_error_for_people_is_one_line_and_exit_code_one():
    def main():
        raise PhasemixError("this is wrong")

    with pytest.raises(SystemExit) as stop:
        run(main)
    assert stop.value.code == "error: this is wrong"


def modules(*names):
    return {str(path.relative_to(FOLDER)) for path in sources(*names)}


def test_training_depends_on_what_it_imports_and_on_nothing_else():
    found = modules("phasemix.training.train_cell")
    assert {"training/loop.py", "corpora/mixture.py", "evaluation/recall_accuracy.py", "base/seeds.py"} <= found
    assert not found & {"study/config.py", "evaluation/evaluate_cell.py", "tasks/text/sources_of_text.py"}
    assert not any(path.startswith(("analysis", "figures", "report")) for path in found)


def test_a_figure_depends_on_its_own_module_and_the_style():
    found = modules("phasemix.figures.a_fig_1")
    assert {"figures/a_fig_1.py", "figures/style.py"} <= found
    assert "figures/a_fig_2.py" not in found
    assert "training/loop.py" not in found


def test_what_python_imports_is_what_sources_lists():
    import subprocess
    import sys

    listing = (
        "import sys, phasemix.training.train_cell; print(*(m for m in sys.modules if m.split('.')[0] == 'phasemix'))"
    )
    loaded = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout.split()
    packages = {name for name in loaded if (ROOT / name.replace(".", "/") / "__init__.py").is_file()}  # docstrings only
    listed = {
        "phasemix." + path.removesuffix(".py").replace("/", ".") for path in modules("phasemix.training.train_cell")
    }
    assert set(loaded) - packages <= listed


def test_unknown_modules_are_refused():
    with pytest.raises(ModuleNotFoundError):
        sources("phasemix.nothing")
