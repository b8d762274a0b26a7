"""A claim, how it is tested, and the words of verdicts.

A claim is a module in the folder of its paper with ``CLAIM``, a :class:`Claim`. Its test reads what experiments
found (``findings.json``, whose format each kind's ``findings.py`` documents), and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from itertools import product
from typing import Any, Literal, get_args

Verdict = Literal["reproduced", "partly", "not reproduced", "not tested"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

Findings = Mapping[str, Mapping[str, Any]]
"""By kind and experiment, what was found: ``findings["transition"]["headline"]``."""


@dataclass(frozen=True)
class Finding:
    """What was measured, in words with numbers and intervals, and the verdict."""

    measured: str
    verdict: Verdict


TOO_SMALL = Finding("the grid has nothing that could show it", "not tested")


@dataclass(frozen=True)
class Claim:
    """What a paper claims.

    Attributes:
        id: where the paper claims it; the ledger is in natural order of these.
        statement: the claim, a sentence.
        published: the numbers that the paper gives.
        criterion: the rule of the verdict, for people.
        history: when the rule was made or changed, and what was known then of the results.
        kinds: the kinds of experiment whose findings the test needs.
        test: what applies the rule, given the findings of these kinds, at least one experiment of each; None for a
            claim that nothing tests yet, which has no criterion, no history and no kinds either.
        any_kind: whether the findings of one of the kinds are enough; its test is given those that there are.
    """

    id: str
    statement: str
    published: str
    criterion: str = ""
    history: str = ""
    kinds: tuple[str, ...] = ()
    test: Callable[[Findings], Finding] | None = None
    any_kind: bool = False

    def __post_init__(self) -> None:
        if len({bool(self.criterion), bool(self.history), bool(self.kinds), self.test is not None}) > 1:
            raise ValueError(f"{self.id}: a claim has a criterion, its history, kinds and a test, or none of the four")

    def judged(self, findings: Findings) -> Finding:
        """The finding of its test; not tested if it has none, or if the kinds that it needs were not run."""
        if self.test is None:
            return Finding("", "not tested")
        given = {kind: findings[kind] for kind in self.kinds if findings.get(kind)}
        if missing := [kind for kind in self.kinds if kind not in given and not (self.any_kind and given)]:
            return Finding(f"no experiment of kind {' or '.join(missing)} was run", "not tested")
        return self.test(given)


def in_each_experiment(test: Callable[..., Finding]) -> Callable[[Findings], Finding]:
    """A claim's test made of ``test``, which takes the findings of one experiment of each kind.

    Where a study has several experiments of a kind, ``test`` is applied to each (for claims on several kinds, to each
    combination), what was measured names them, and one verdict is made of all that could test the claim: it is
    theirs if they agree, and ``partly`` if they do not. So no experiment is picked for its result. Those whose grid is
    :data:`TOO_SMALL` are left out.
    """

    @wraps(test)
    def of_all(findings: Findings) -> Finding:
        found = {
            " and ".join(names): test(*(findings[kind][name] for kind, name in zip(findings, names, strict=True)))
            for names in product(*findings.values())
        }
        if len(found) == 1:
            return next(iter(found.values()))
        told = {names: each for names, each in found.items() if each != TOO_SMALL}
        if not told:
            return TOO_SMALL
        verdicts = {each.verdict for each in told.values()} - {"not tested"}
        measured = [f"in {names} ({each.verdict}): {each.measured}" for names, each in told.items()]
        return Finding("; ".join(measured), "partly" if len(verdicts) > 1 else (verdicts or {"not tested"}).pop())

    return of_all
