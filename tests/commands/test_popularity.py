"""``phasemix popularity infer``: what it prints, writes and refuses."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.cli import run
from tests.popularity.worlds import answers_of

SIZES = dict(zip("abcdef", np.geomspace(3e8, 3e10, 6), strict=True))


@pytest.fixture
def table(tmp_path):
    answers = answers_of(SIZES | {"closed": 4e9, "huge": 1e14}, np.random.default_rng(0), unknown=("closed",))
    answers.to_csv(tmp_path / "answers.csv", index=False)
    return tmp_path / "answers.csv"


def test_sizes_are_inferred_for_people_and_programs(table, tmp_path, capsys):
    run(["popularity", "infer", str(table), "--out", str(tmp_path / "sizes.csv"), "--pictures", str(tmp_path / "p")])
    shown = capsys.readouterr()
    assert re.match(r"ln size = \d+\.\d\d \+ b · ln popularity, b = −0\.\d\d \(", shown.out)
    assert "closed" in shown.out
    assert (
        "of 6 models of known size, each inferred from the other sizes, 6 lie in their interval (95 %); the"
        in shown.out
    )
    assert "note: huge: its threshold lies below all popularities asked about: no size is inferred" in shown.err
    found = pd.read_csv(tmp_path / "sizes.csv").set_index("model")
    assert found.loc["closed", "low"] < 4e9 < found.loc["closed", "high"]
    assert (tmp_path / "p/popularity.png").stat().st_size > 5000
    run(["popularity", "infer", str(table), "--json"])
    record = json.loads(capsys.readouterr().out)
    assert [row["model"] for row in record["models"]] == [*SIZES, "closed", "huge"]
    [closed] = [row for row in record["models"] if row["model"] == "closed"]
    law = record["law"]
    assert np.exp(law["intercept"] + law["slope"] * np.log(closed["threshold"])) == pytest.approx(closed["size"])
    assert law["slope_low"] < law["slope"] < law["slope_high"] < 0


def test_too_few_models_of_known_size_are_refused_and_nothing_is_written(table, tmp_path):
    few = pd.read_csv(table)
    few[few["model"].isin(["a", "b", "closed", "huge"])].to_csv(table, index=False)
    words = (
        "a line needs 3 different sizes whose threshold popularity is known, and there are 2; give the parameters of"
    )
    with pytest.raises(PhasemixError, match=f"{words} more models, ask about more facts, or choose another --target"):
        run(["popularity", "infer", str(table), "--out", str(tmp_path / "sizes.csv")])
    assert not (tmp_path / "sizes.csv").exists()


def known_down_to(thresholds, path):
    """Models that know everything down to a popularity and nothing below, as (name, parameters, popularity)."""
    popularity = np.geomspace(1, 1e6, 400)
    pd.concat(
        pd.DataFrame(
            {"model": name, "parameters": size, "popularity": popularity, "correct": (popularity >= last).astype(int)}
        )
        for name, size, last in thresholds
    ).to_csv(path, index=False)
    return str(path)


def test_the_same_threshold_at_all_sizes_says_nothing(tmp_path):
    path = known_down_to([("a", 1e8, 1e4), ("b", 1e9, 1e4), ("c", 1e10, 1e4)], tmp_path / "same.csv")
    with pytest.raises(PhasemixError, match="all models of known size have the same threshold popularity, which says"):
        run(["popularity", "infer", path])


def test_sizes_beyond_all_floats_are_no_error(tmp_path, capsys):
    """Thresholds almost the same, and a model far from them: anything may be its size."""
    near = [("a", 1e8, 1e4), ("b", 1e9, 1.1e4), ("c", 1e10, 1e4), ("closed", np.nan, 5e5)]
    path = known_down_to(near, tmp_path / "near.csv")
    run(["popularity", "infer", path, "--pictures", str(tmp_path / "p")])
    shown = capsys.readouterr()
    assert re.search(r"closed .* to ∞\)", shown.out)
    assert "a                        not inferred: too few other sizes   is 100M" in shown.out
    assert "note: the slope is not surely below 0: the inferred sizes mean nothing" in shown.err


def test_the_input_is_not_overwritten(table):
    with pytest.raises(PhasemixError, match="is read from and would be overwritten"):
        run(["popularity", "infer", str(table), "--out", str(table)])
