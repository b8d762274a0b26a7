"""The table of a study of horizons and what it found."""

import pandas as pd
import pytest

from phasemix.base.files import write_csv
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.horizon import findings, section, tables
from tests.experiments.made_up import OPTIONS, cells_of, horizons_table, write_horizons


def test_the_table_is_made_from_the_cells(tmp_path):
    table = horizons_table(seeds=2)
    write_csv(tmp_path / "cells.csv", cells_of(table).sample(frac=1, random_state=0))
    tables.write(Cells([], tmp_path, tmp_path, tmp_path), OPTIONS, tmp_path)
    order = ["parameters", "ratio", "seed", "tokens"]
    expected = table.sort_values(order, ignore_index=True)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "horizons.csv"), expected)


def test_accuracies_are_means_over_the_seeds_that_did_not_diverge(tmp_path):
    rows = [("10k", 0.2, 0, 100, 0.1), ("10k", 0.2, 1, 100, 0.3), ("10k", 0.2, 0, 200, 0.5), ("20k", 0.2, 0, 200, None)]
    table = pd.DataFrame(rows, columns=["size", "ratio", "seed", "tokens", "accuracy"])
    table = table.assign(parameters=table["size"].map({"10k": 1e4, "20k": 2e4}), floor=0.1)
    write_csv(tmp_path / "horizons.csv", table)
    [first, second] = findings.measure(tmp_path, OPTIONS)["accuracies"]
    assert (first["accuracy"], first["lowest"], first["highest"], first["seeds"]) == (pytest.approx(0.2), 0.1, 0.3, 2)
    assert (second["tokens"], second["accuracy"], second["seeds"]) == (200, 0.5, 1)
    rows = section.accuracy_rows(tables.Tables.read(tmp_path, OPTIONS))
    assert rows == [["10k", "0.2", "20.0", "50.0"], ["20k", "0.2", "–", "–"]]


def test_a_horizon_at_which_everything_diverged_still_has_its_column(tmp_path):
    write_horizons(tmp_path, sizes=["10k"], ratios=[0.2, 0.4], lost={("10k", 0.2, 4000), ("10k", 0.4, 4000)})
    values = section.values(tmp_path, OPTIONS)
    assert values["columns"] == ["1,000", "2,000", "4,000"]
    assert [row[-1] for row in values["rows"]] == ["–", "–"]
