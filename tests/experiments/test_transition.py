"""The tables of a transition study and what it found, from what the first stages of the workflow leave."""

import json

import numpy as np
import pandas as pd
import pytest

from phasemix.analysis.ratio_tables import ratio_cells, ratio_curves
from phasemix.base.errors import PhasemixError
from phasemix.experiments.people_table import people_table
from phasemix.experiments.transition import findings, tables
from tests.experiments.made_up import (
    ATTRIBUTES,
    OPTIONS,
    cells_of,
    curves_of,
    study,
    write_results,
    write_transition,
)


def made(tmp_path, **options):
    """The folder of a study's tables, made from its cells and answers."""
    table, people = study(people=20, sizes=["10k", "20k"], **options)
    cells = write_results(tmp_path, "made_up", table, people)
    folder = tmp_path / "tables" / "made_up"
    tables.write(cells, OPTIONS, folder)
    return folder, table, people


def test_tables_are_made_from_cells_and_answers(tmp_path):
    folder, table, people = made(tmp_path, diverged={("20k", 0.2, 0)})
    found = pd.read_csv(folder / "transition.csv")
    assert list(found) == list(table)
    pd.testing.assert_frame_equal(found, table)
    key = ["size", "ratio", "seed", "person", "attribute"]
    by_person = pd.read_parquet(folder / "people.parquet")
    pd.testing.assert_frame_equal(
        by_person.sort_values(key, ignore_index=True)[[*key, "tokens", "asked", "correct", "knowledge", "entropy"]],
        people.sort_values(key, ignore_index=True)[[*key, "tokens", "asked", "correct", "knowledge", "entropy"]],
    )
    read = tables.Tables.read(folder, OPTIONS)
    assert read.sizes == ["10k", "20k"]
    assert read.floor == pytest.approx(0.076)
    assert {"accuracy", "dense_loss", "base_loss"} <= set(read.curves)


@pytest.mark.parametrize(("questions", "asked"), [("all", 5), ("shown", 3), ("heldout", 2)])
def test_only_the_questions_that_count_are_counted(tmp_path, questions, asked):
    table, people = study(people=20, sizes=["20k"])
    cells = write_results(tmp_path, "made_up", table, people)
    found = people_table(cells, "facts", questions)
    assert (found["asked"] == asked).all()
    highest = people.groupby(["ratio", "person", "attribute"])["correct"].sum().clip(upper=3).sum()
    expected = {"all": people["correct"].sum(), "shown": highest, "heldout": people["correct"].sum() - highest}
    assert found["correct"].sum() == expected[questions]


def test_a_dense_source_that_is_never_asked_is_a_mistake_in_one_line():
    table = cells_of(study(people=5)[0])
    with pytest.raises(PhasemixError, match=r"no column accuracy\.text: nothing is asked about the source text"):
        ratio_cells(table, "text", "facts")


def test_attributes_are_what_the_columns_name_and_may_be_none(tmp_path):
    table = cells_of(study(people=5)[0])
    renamed = table.rename(columns=lambda name: name.replace(".major", ".slope"))
    assert "accuracy_slope" in ratio_cells(renamed, "facts", "text")
    without = table.drop(
        columns=[f"{what}.facts.{a}" for a in ATTRIBUTES for what in ("accuracy", "knowledge", "entropy")]
    )
    found = ratio_cells(without, "facts", "text")
    assert not [name for name in found if name.startswith("accuracy_")]
    assert tables.a_table_2(found).columns.tolist() == ["parameters", "size", "ratio"]
    assert findings.attribute_means(found, pd.DataFrame(), OPTIONS) is None


def test_curves_lose_the_names_of_their_sources():
    curves = ratio_curves(curves_of(study(people=5)[0]), "facts", "text")
    assert list(curves) == [
        "size",
        "ratio",
        "seed",
        "step",
        "tokens",
        "accuracy",
        "knowledge",
        "dense_loss",
        "base_loss",
    ]


def test_tables_1_and_2_worked_out_by_hand():
    cell = {"parameters": 10, "size": "10", "ratio": 0.1, "diverged": False}
    accuracies = {f"accuracy_{a}": 0.5 for a in ATTRIBUTES}
    rows = [cell | accuracies | {"seed": s, "accuracy": a} for s, a in enumerate((0.1, 0.2, 0.6))]
    rows.append(rows[0] | {"seed": 3, "accuracy": None, "diverged": True})
    table = pd.DataFrame(rows)
    [row] = tables.a_table_1(table).itertuples(index=False)
    assert (row.accuracy_percent, row.sd, row.seeds) == (pytest.approx(30), pytest.approx(26.4575, rel=1e-4), 3)
    assert tables.a_table_2(table)["major"].tolist() == [50.0]


def test_findings_are_numbers_and_words_that_json_can_hold(tmp_path):
    write_transition(tmp_path, *study(people=50, diverged={("20k", 0.2, 0)}))
    found = findings.measure(tmp_path, OPTIONS)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["sizes"] == ["10k", "20k", "40k"]
    assert len(found["accuracies"]) == 14  # of 15 cells; one diverged
    sizes = {point["ratio"]: point["value"] for point in found["critical_sizes"]}
    assert sizes[0.05] == "above the grid"
    assert sizes[0.8] == "below the grid"
    assert sizes[0.1] == pytest.approx(40_000, rel=0.1)
    assert [line["size"] for line in found["shapes"] if line["along"] == "ratio"] == found["sizes"]
    assert all(row["slope"] is None for row in found["growth"])


def test_an_attribute_stands_against_the_mean_of_the_others(tmp_path):
    table, people = study(people=400)
    hard = people["attribute"] == "major"
    people.loc[hard, "correct"] = (people["correct"] - 1).clip(lower=0)
    found = findings.attribute_means(table, people, OPTIONS)
    cells = table[table["accuracy"].between(0.05, 0.95)]
    assert found["cells"] == len(cells)
    means = {attribute: each["mean"] for attribute, each in found["by_attribute"].items()}
    assert list(means) == list(ATTRIBUTES)
    major = found["by_attribute"]["major"]
    others = np.mean([means[attribute] for attribute in ATTRIBUTES if attribute != "major"])
    assert major["difference"] == pytest.approx(means["major"] - others)
    assert major["low"] < major["difference"] < major["high"] < 0
