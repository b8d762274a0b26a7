"""The ledger: one per study, every claim in it, and one verdict made of several experiments."""

import csv
import io

import pytest

from phasemix.base.files import write_json
from phasemix.claims.catalogue import claim_modules, claims
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, in_each_experiment
from phasemix.claims.ledger import ledger, read_findings, write_ledger
from phasemix.experiments.transition.findings import measure
from tests.experiments.made_up import OPTIONS, logistic, study, write_transition


@pytest.fixture
def findings(tmp_path):
    def of(**options):
        write_transition(tmp_path, *study(people=100, **options))
        return measure(tmp_path, OPTIONS)

    return of


def sharp(size, ratio):
    return logistic(size, 1.4 * ratio, sharpness=8)


def test_the_ledger_lists_every_claim_and_measures_those_with_a_test(findings):
    rows = {row["id"]: row for row in ledger({"transition": {"made_up": findings(accuracy=sharp)}})}
    assert len(rows) == len(claim_modules())
    tested = {name for name, row in rows.items() if row["verdict"] != "not tested"}
    assert tested >= {"A-Fig 1 (critical size)", "A-Fig 10", "A-Table 2"}
    assert all(rows[name]["measured"] and rows[name]["criterion"] and rows[name]["history"] for name in tested)
    assert all(rows[name]["experiments"] == "made_up" for name in tested)
    assert all(row["published"] and row["statement"].endswith(".") for row in rows.values())


def test_ids_are_unique_and_in_natural_order():
    ids = [claim.id for claim in claims()]
    assert len(set(ids)) == len(ids)
    some = ["A-Fig 1 (size)", "A-Fig 2, A-Table 1", "A-Fig 3", "A-Fig 3a, A-Fig 4", "A-Fig 9", "A-Fig 10", "A-Table 2"]
    assert [name for name in ids if name in some] == some
    assert ids[0].startswith("A-")
    assert ids[-1].startswith("B-")


def test_a_study_without_the_kind_that_a_claim_needs_says_so():
    rows = {row["id"]: row for row in ledger({})}
    assert rows["A-Fig 10"]["verdict"] == "not tested"
    assert rows["A-Fig 10"]["measured"] == "no experiment of kind transition was run"
    assert {row["verdict"] for row in rows.values()} == {"not tested"}


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["reproduced", "reproduced"], "reproduced"),
        (["not reproduced", "not reproduced"], "not reproduced"),
        (["reproduced", "not reproduced"], "partly"),
        (["reproduced", "partly"], "partly"),
        (["not tested", "reproduced"], "reproduced"),
        (["not tested", "not tested"], "not tested"),
    ],
)
def test_several_experiments_make_one_verdict_and_are_named(verdicts, expected):
    found = in_each_experiment(lambda each: Finding(f"saw {each}", each))(
        {"transition": {f"number_{i}": verdict for i, verdict in enumerate(verdicts)}}
    )
    assert found.verdict == expected
    assert found.measured.startswith(f"in number_0 ({verdicts[0]}): saw {verdicts[0]}; in number_1 ")


def test_experiments_that_are_too_small_for_a_claim_are_not_named():
    judged = in_each_experiment(lambda seen: Finding("saw it", "reproduced") if seen else TOO_SMALL)
    found = judged({"transition": {"small": False, "large": True}})
    assert (found.measured, found.verdict) == ("in large (reproduced): saw it", "reproduced")
    assert judged({"transition": {"small": False, "other": False}}) == TOO_SMALL


def test_one_experiment_is_not_named():
    found = in_each_experiment(lambda each: Finding("saw it", "partly"))({"transition": {"only": {}}})
    assert found == Finding("saw it", "partly")


def test_a_claim_on_two_kinds_gets_the_findings_of_both():
    claim = Claim(
        id="A-Fig 7",
        statement="Both slopes agree.",
        published="",
        criterion="Reproduced if they are equal.",
        history="Made up.",
        kinds=("slopes", "losses"),
        test=in_each_experiment(lambda slope, loss: Finding(f"{slope} {loss}", "reproduced")),
    )
    found = claim.judged({"losses": {"web": 2}, "slopes": {"power_law": 1}, "other": {"none": 0}})
    assert found == Finding("1 2", "reproduced")
    several = claim.judged({"losses": {"web": 2, "code": 3}, "slopes": {"power_law": 1}})
    assert several.measured == "in power_law and web (reproduced): 1 2; in power_law and code (reproduced): 1 3"
    assert claim.judged({"slopes": {"power_law": 1}}).verdict == "not tested"


def test_a_claim_has_a_rule_kinds_and_a_test_or_none_of_them():
    with pytest.raises(ValueError, match="X: a claim has a criterion, its history, kinds and a test, or none"):
        Claim(id="X", statement="", published="", criterion="a rule that nothing applies")


def test_the_ledger_is_written_from_the_findings_of_a_studys_experiments(tmp_path, findings):
    write_json(tmp_path / "tables" / "headline" / "findings.json", findings(accuracy=sharp))
    found = read_findings(
        {"headline": "transition", "regmix": "published_runs"}, lambda name: tmp_path / "tables" / name
    )
    assert set(found) == {"transition"}  # published_runs has no findings
    write_ledger(tmp_path / "ledger.csv", found)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "ledger.csv").read_text(encoding="utf-8"))))
    assert list(rows[0]) == [
        "id",
        "statement",
        "published",
        "criterion",
        "history",
        "measured",
        "verdict",
        "experiments",
    ]
    assert len(rows) == len(claim_modules())
