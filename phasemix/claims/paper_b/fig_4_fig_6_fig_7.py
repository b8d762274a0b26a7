"""Downstream tasks at 1B."""

from collections.abc import Mapping, Sequence
from typing import Any

from phasemix.claims.answers import Answer, all_of
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.downstream_rows import WIDENED, Model, groups, is_above, lead, points
from phasemix.claims.texts import agreed

OWN, BASELINES, TRAINED, REGRESSION = "bimix", ("baseline", "natural"), ("doremi", "doge"), "regmix"
FREE = "free"


@in_each_experiment
def test(downstream: dict[str, Any]) -> Finding:
    """The lead of the law's mixture over the others, in every contest of mixers whose models were asked."""
    free = [model for model in downstream["models"] if model.get("budget") == FREE]
    contests: dict[str, dict[str, list[Model]]] = {}
    for (experiment, size, contestant), models in groups(free, "experiment", "size", "contestant").items():
        contests.setdefault(f"{size} of {experiment}", {})[contestant] = models
    found = [
        _judged(name, models, downstream)
        for name, models in contests.items()
        if OWN in models and any(each in models for each in BASELINES) and any(each in models for each in TRAINED)
    ]
    return agreed(found) if found else TOO_SMALL


def _judged(name: str, models: Mapping[str, Sequence[Model]], downstream: Mapping[str, Any]) -> Finding:
    """The finding in one contest."""
    rivals = [*BASELINES, *TRAINED, *(each for each in models if each.startswith(REGRESSION))]
    leads = {each: lead(models[OWN], models[each], downstream["confidence"]) for each in rivals if each in models}
    ahead = {each: is_above(found, 0) for each, found in leads.items()}
    told = ", ".join(f"{points(found)} over {each}" for each, found in leads.items())
    return Finding(f"{name}, points of {', '.join(downstream['tasks'])}: {told}", _verdict(ahead))


def _verdict(ahead: Mapping[str, Answer]) -> Verdict:
    """Of whether the law's mixture is ahead of each."""
    baseline = all_of(answer for each, answer in ahead.items() if each in BASELINES)
    trained = all_of(answer for each, answer in ahead.items() if each in TRAINED)
    beaten = any(answer is False for each, answer in ahead.items() if each.startswith(REGRESSION))
    if not baseline:
        return "not tested" if baseline is None else "not reproduced"
    return "reproduced" if trained and not beaten else "partly"


CLAIM = Claim(
    id="B-Fig 4, B-Fig 6, B-Fig 7",
    statement="A 1B model trained on the law's best mixture beats the baselines' mixtures on downstream tasks.",
    published="ahead of Baseline, DoReMi and DoGE; RegMix comparable",
    criterion=(
        "The mean accuracy over tasks with the mixture of BiMix's law, less that with another, in every contest of"
        " mixers whose models were asked, all tokens theirs. Reproduced if the intervals lie above 0 for the"
        " collection's own proportions, DoReMi and DoGE, those of them that took part, and for RegMix not below 0;"
        " partly if for the collection's own alone; not reproduced if that lies below 0, and not tested if it holds 0."
        f" {WIDENED}"
    ),
    history="Written on 2026-11-30, before any model was asked.",
    kinds=("downstream",),
    test=test,
)
