"""Claims on strategies: every verdict can be reached, from a made-up study."""

import pandas as pd
import pytest

from phasemix.claims.paper_a import fig_8a_collapse, fig_8a_table_3a, fig_8a_web_loss, fig_8b_from_scratch, fig_14
from phasemix.experiments.strategies import findings
from tests.experiments.strategies import made_up_cells, write_strategies

EVERY = [fig_8a_table_3a, fig_8a_collapse, fig_8a_web_loss, fig_8b_from_scratch, fig_14]


@pytest.fixture
def found(tmp_path):
    """A function: the findings of the study with changes."""

    def of(change=lambda cells: cells):
        return findings.measure(write_strategies(tmp_path, change(made_up_cells())), {})

    return of


def judge(claim, findings):
    return claim.CLAIM.judged({"strategies": {"made_up": findings}})


def at(cells, **place):
    return (cells[list(place)] == list(place.values())).all(axis=1)


def test_the_study_as_it_is(found):
    findings = found()
    helped = judge(fig_8a_table_3a, findings)
    assert helped.verdict == "reproduced"
    assert "58k at r = 0.2: 7 (" in helped.measured
    assert "ρ = 0.25: 29 (" in helped.measured
    open_ = judge(fig_8a_collapse, findings)
    assert open_.verdict == "not tested", "one point on the way down does not tell how wide that is"
    assert "gain are there at ρ = 0.25, and a quarter or less at 1, 4.00 times as much" in open_.measured
    assert judge(fig_8a_web_loss, findings).verdict == "reproduced"
    mixed = judge(fig_8b_from_scratch, findings)
    assert mixed.verdict == "reproduced"
    assert "τ = 0.9: 40 (" in mixed.measured
    assert "×" not in mixed.measured, "what is known without may be nothing"
    assert judge(fig_14, findings).verdict == "partly", "what it costs downstream is not measured"


def test_a_small_gain_is_a_part_and_none_is_not(found):
    def less(share):
        def change(cells):
            few = cells["subsampling"] < 1
            return cells.assign(accuracy=cells["accuracy"].where(~few, 0.065 + share * (cells["accuracy"] - 0.065)))

        return change

    assert judge(fig_8a_table_3a, found(less(0.6))).verdict == "partly"
    nothing = found(less(0.02))
    assert judge(fig_8a_table_3a, nothing).verdict == "not reproduced"
    assert judge(fig_8a_collapse, nothing).verdict == "not tested"


def test_a_collapse_is_sharp(found):
    def sharp(cells):
        return cells.assign(subsampling=cells["subsampling"].replace({0.5: 0.3}), accuracy=cells["accuracy"].where(
            ~at(cells, subsampling=0.5), 0.08))  # fmt: skip

    judged = judge(fig_8a_collapse, found(sharp))
    assert judged.verdict == "reproduced"
    assert "1.20 times as much" in judged.measured


def test_a_gentle_fall_is_no_collapse(found):
    """On the way down, accuracy is surely between a quarter and three quarters of the gain at ρ = .4 and .6."""

    def gentle(cells):
        also = cells[at(cells, subsampling=0.5)].assign(subsampling=0.8)
        moved = cells.assign(subsampling=cells["subsampling"].replace({0.5: 0.4}))
        return pd.concat([moved, also], ignore_index=True)

    judged = judge(fig_8a_collapse, found(gentle))
    assert judged.verdict == "not reproduced"


def test_a_dip_before_the_best_subsampling_is_no_collapse(found):
    def dips(cells):
        return cells.assign(accuracy=cells["accuracy"].where(~at(cells, subsampling=0.1), 0.08))

    assert judge(fig_8a_collapse, found(dips)).verdict == "not tested"


def test_web_loss_that_rises_as_much_as_with_a_larger_ratio(found):
    def dearer(by):
        def change(cells):
            few = (cells["subsampling"] < 1) & (cells["ratio"] == 0.2)
            return cells.assign(web_loss=cells["web_loss"].where(~few, cells["web_loss"] + by))

        return change

    assert judge(fig_8a_web_loss, found(dearer(0.0148))).verdict == "not tested"
    assert judge(fig_8a_web_loss, found(dearer(0.05))).verdict == "not reproduced"

    assert judge(fig_14, found(dearer(0.0148))).verdict == "partly"
    assert judge(fig_14, found(dearer(0.08))).verdict == "partly", "tuples cost nothing"
    every = found(lambda cells: dearer(0.08)(cells[cells["compact"] == 0]))
    assert judge(fig_14, every).verdict == "not reproduced"


def test_seeds_of_the_web_loss_count_once_and_not_at_every_subsampling(found):
    """Cells of a seed have a high web loss together: nine would tell it from the larger ratio's, three cannot."""

    def change(cells):
        few = (cells["subsampling"] < 1) & (cells["compact"] == 0)
        return cells.assign(web_loss=cells["web_loss"] + 0.01 * (cells["seed"] - 1) * few)

    assert judge(fig_8a_web_loss, found(change)).verdict == "not tested"


def test_tuples_that_do_less_or_nothing(found):
    def mixed(accuracy):
        def change(cells):
            with_tuples = cells["compact"] > 0
            noise = cells["accuracy_shown"] - cells.groupby("compact")["accuracy_shown"].transform("mean")
            return cells.assign(accuracy=cells["accuracy"].where(~with_tuples, accuracy + 0.1 * noise))

        return change

    def without(cells):
        plain = at(cells, ratio=0.2, subsampling=1, compact=0)
        return mixed(0.13)(cells.assign(accuracy=cells["accuracy"].where(~plain, 0.1 + 0.001 * cells["seed"])))

    assert judge(fig_8b_from_scratch, found(without)).verdict == "partly"
    assert judge(fig_8b_from_scratch, found(mixed(0.07))).verdict == "not reproduced"


def test_where_something_is_learned_without_or_with_one_seed_nothing_is_tested(found):
    learned = found(lambda cells: cells.assign(floor=0.0))
    assert judge(fig_8a_table_3a, learned).verdict == "not tested"
    single = found(lambda cells: cells[cells["seed"] == 0])
    for claim in EVERY:
        judged = judge(claim, single)
        assert judged.verdict == "not tested"
        assert "58k at r = 0.2" in judged.measured, "its numbers are told"


def test_one_seed_in_which_subsampling_is_worse(found):
    def change(cells):
        few = cells["subsampling"] < 1
        return cells[cells["seed"] == 0].assign(accuracy=cells["accuracy"].mask(few, 0.01))

    judged = judge(fig_8a_collapse, found(change))
    assert judged.verdict == "not tested"
    assert judged.measured.endswith("% without, and no ρ has more")
