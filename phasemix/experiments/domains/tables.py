"""The tables of a study of domains, made of what was measured of each.

- ``domains.csv``: a row per domain: ``domain``, ``sha256`` of its corpus, ``documents_read``, near-duplicates left out
  (``near_duplicates`` of its own and ``near_duplicates_of_relatives``), exact ``repetitions`` of documents or
  passages, also left out, ``documents`` and ``bytes`` of training text,
  ``tokens`` (without those that end documents), ``bytes_per_token``, ``heldout_tokens`` and ``proportion``, its share
  of all tokens;
- ``overlap.csv``: a row per ordered pair: ``domain``, ``other``, ``share`` of the domain's different runs of 13 tokens
  that occur in the other, ``sketched``, how many of its runs tell it (:mod:`phasemix.domains.overlap`);
- ``entropies.csv``: a row per domain, in nats: ``shannon``, ``joint``, ``conditional`` of tokens with
  ``conditional_bias``, ``von-neumann`` of samples with its ``standard_error``, ``bias``, and ``samples``;
- ``mixtures.csv``: ``mixture``, ``domain``, ``proportion``; and each mixture as ``mixtures/<name>.json``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.base.files import write_csv, write_json
from phasemix.domains.overlap import shared
from phasemix.domains.proxy_mixture import exp_normalised
from phasemix.experiments.domains.mixtures import BASELINE, MIXTURES, PROXIES, UNIFORM, mixture_file

TABLES = ("domains", "overlap", "entropies", "mixtures")
COUNTED = (
    "sha256", "documents_read", "near_duplicates", "near_duplicates_of_relatives", "repetitions", "documents", "bytes",
    "tokens", "bytes_per_token", "heldout_tokens",
)  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    domains: pd.DataFrame
    overlap: pd.DataFrame
    entropies: pd.DataFrame
    mixtures: pd.DataFrame

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:  # noqa: ARG003 (every kind is read alike)
        """The tables in ``folder``."""
        return cls(**{name: pd.read_csv(folder / f"{name}.csv") for name in TABLES})

    def by_mixture(self) -> pd.DataFrame:
        """Proportions, a row per domain and a column per mixture, in their orders."""
        wide = self.mixtures.pivot_table(index="domain", columns="mixture", values="proportion")
        return wide.loc[self.domains["domain"], list(MIXTURES)]


def gather(
    measures: Mapping[str, Mapping[str, Any]],
    sketches: Mapping[str, np.ndarray],
    baseline: Mapping[str, float] | None,
    folder: Path,
) -> None:
    """Write the tables above into ``folder``.

    Args:
        measures: of :func:`phasemix.domains.measures.measure`, by domain in their order.
        sketches: of every domain.
        baseline: the proportions of the whole collection; None: those of the corpora's tokens.
        folder: where to.
    """
    names = list(measures)
    domains = pd.DataFrame([{"domain": name} | {key: each[key] for key in COUNTED} for name, each in measures.items()])
    domains["proportion"] = domains["tokens"] / domains["tokens"].sum()
    write_csv(folder / "domains.csv", domains)
    overlap = shared(sketches)
    pairs = [
        {"domain": one, "other": other, "share": overlap.shares[i, j], "sketched": overlap.sketched[i, j]}
        for i, one in enumerate(names)
        for j, other in enumerate(names)
        if i != j
    ]
    write_csv(folder / "overlap.csv", pd.DataFrame(pairs))
    write_csv(
        folder / "entropies.csv",
        pd.DataFrame([{"domain": name, **each["entropies"]} for name, each in measures.items()]),
    )
    found = mixtures(measures, baseline or dict(zip(names, domains["proportion"], strict=True)))
    rows = [
        {"mixture": name, "domain": domain, "proportion": r} for name, mix in found.items() for domain, r in mix.items()
    ]
    write_csv(folder / "mixtures.csv", pd.DataFrame(rows))
    for name, mixture in found.items():
        write_json(folder / mixture_file(name), mixture)


def mixtures(measures: Mapping[str, Mapping[str, Any]], baseline: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """All mixtures, proportions by domain."""
    total = sum(baseline.values())  # published ones are rounded
    own = {name: baseline[name] / total for name in measures}
    by_entropy = {
        proxy: exp_normalised({name: each["entropies"][proxy] for name, each in measures.items()}) for proxy in PROXIES
    }
    return {BASELINE: own, UNIFORM: dict.fromkeys(measures, 1 / len(measures))} | by_entropy


def chain_rule_error(mixtures: Mapping[str, Sequence[float]]) -> float:
    """How far the joint mixture lies at most from the normalised product of the Shannon and the conditional one.

    JE = SE + CE but for the ends of documents, so by exp-normalisation r_JE ∝ r_SE · r_CE.
    """
    product = np.asarray(mixtures["shannon"], float) * np.asarray(mixtures["conditional"], float)
    return float(np.abs(product / product.sum() - np.asarray(mixtures["joint"], float)).max())
