"""Law files that cannot be read."""

import json

import numpy as np
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.fitting.law_file import read_law, write_law
from phasemix.laws import load_law
from tests.laws.truth import truth


def test_damaged_law_files_are_one_line(tmp_path):
    path = tmp_path / "law.json"
    for content in (
        "",
        "{",
        "[]",
        '{"format": "phasemix law 2"}',
        '{"format": "phasemix law 2", "runs": {}, "law": "x"}',
    ):
        path.write_text(content)
        with pytest.raises(PhasemixError) as error:
            read_law(path)
        assert str(path) in str(error.value)
        assert "\n" not in str(error.value)
    with pytest.raises(PhasemixError, match="no such file"):
        read_law(tmp_path / "none.json")
    write_law(path, load_law("regmix-linear").fit(truth("regmix-linear").runs))
    good = path.read_text()
    content = json.loads(good)
    content["state"]["precision"] = [[0]]
    for broken in (good.replace('"theta"', '"thet"'), good.replace('"regmix-linear"', '"foo"', 1), json.dumps(content)):
        path.write_text(broken)
        with pytest.raises(PhasemixError) as error:
            read_law(path)
        assert "\n" not in str(error.value)


def test_a_law_that_says_nothing_of_some_rows_is_written(tmp_path):
    """A step law has nothing to say of runs with few steps."""
    runs = truth("transfer", mixtures=12, sizes=np.array([1e7])).noisy(0.005, np.random.default_rng(0))
    short = np.isin(runs.mixture_numbers, [0, 1, 2]) & (runs.step > np.unique(runs.step)[2])
    fit = load_law("step-law").fit(runs.rows(~short))
    write_law(tmp_path / "law.json", fit)
    assert all(row["mean_relative_error"] < 0.02 for row in read_json(tmp_path / "law.json")["fits"])


def test_a_law_of_another_version_says_so(tmp_path):
    path = tmp_path / "law.json"
    path.write_text('{"format": "phasemix law 1"}')
    with pytest.raises(PhasemixError, match=r"another version of phasemix \(phasemix law 1, here phasemix law 2\)"):
        read_law(path)
