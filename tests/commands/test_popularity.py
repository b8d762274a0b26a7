"""``phasemix popularity infer``: what it prints, writes and refuses."""

import json

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
    assert shown.out.startswith("log size = a + b · log popularity: b = −0.")
    assert "closed" in shown.out
    assert "of 6 models of known size, each inferred from the other sizes, 6 lie in their interval (95 %)" in shown.out
    assert "note: huge: its threshold lies below all popularities asked about: no size is inferred" in shown.err
    found = pd.read_csv(tmp_path / "sizes.csv").set_index("model")
    assert found.loc["closed", "low"] < 4e9 < found.loc["closed", "high"]
    assert (tmp_path / "p/popularity.png").stat().st_size > 5000
    run(["popularity", "infer", str(table), "--json"])
    record = json.loads(capsys.readouterr().out)
    assert [row["model"] for row in record["models"]] == [*SIZES, "closed", "huge"]


def test_too_few_models_of_known_size_are_refused_and_nothing_is_written(table, tmp_path):
    few = pd.read_csv(table)
    few[few["model"].isin(["a", "b", "closed", "huge"])].to_csv(table, index=False)
    with pytest.raises(PhasemixError, match="2 of 3 models of known size have a threshold popularity, and 3 of differ"):
        run(["popularity", "infer", str(table), "--out", str(tmp_path / "sizes.csv")])
    assert not (tmp_path / "sizes.csv").exists()


def test_the_input_is_not_overwritten(table):
    with pytest.raises(PhasemixError, match="is read from and would be overwritten"):
        run(["popularity", "infer", str(table), "--out", str(table)])
