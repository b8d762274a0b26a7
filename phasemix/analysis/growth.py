"""What cells learn between one horizon and the next, and what the same number of exposures teaches at two ratios.

Both read the table of :func:`phasemix.analysis.ratio_tables.ratio_cells`. Intervals are Student's over seeds
(:mod:`phasemix.analysis.seed_intervals`); they are missing where a cell has one seed.
"""

import itertools
import math

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from phasemix.analysis.ratio_tables import attributes_of
from phasemix.analysis.seed_intervals import columns, difference_interval, mean_interval, share_interval

GROWTH = [
    "size", "parameters", "ratio", "tokens", "seeds", "exposures", "floor", "floor_high", "accuracy", "accuracy_low",
    "accuracy_high", "known", "known_low", "known_high", "slope", "slope_low", "slope_high",
    "accuracy_slope", "accuracy_slope_low", "accuracy_slope_high",
]  # fmt: skip
EXPOSURES = [
    "size", "parameters", "exposures", "seeds", "ratio_low", "tokens_low", "known_low", "accuracy_low", "ratio_high",
    "tokens_high", "known_high", "accuracy_high", "more", "more_low", "more_high",
]  # fmt: skip
SLOPES = {"known": "slope", "accuracy": "accuracy_slope"}
INTERVALS = {"known": mean_interval, "accuracy": share_interval}
SAME_EXPOSURES = 0.05  # by which two numbers of exposures may differ that count as the same


def growth(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Every size at every ratio and horizon, and how much more it knows than at the horizon before.

    Returns:
        By ``parameters``, ``size``, ``ratio`` and ``tokens``: ``seeds`` (how many), ``exposures``, ``floor`` with the
        upper end of its interval over the facts, ``floor_high``; ``accuracy`` and ``known`` (below 0 where a model is
        surer of wrong values than chance), each with ``_low`` and ``_high``; ``slope``, the rise of ``known`` per
        doubling of the tokens since the horizon before, pairs of the same seed, and ``accuracy_slope``, that of
        ``accuracy``, also with both ends. Diverged runs are left out; slopes are missing at the first horizon.
    """
    rows = []
    attributes = max(len(attributes_of(table)), 1)
    runs = table[~table["diverged"] & (table["ratio"] > 0)]
    for (parameters, size, ratio), line in runs.groupby(["parameters", "size", "ratio"]):
        shares = {share: line.pivot_table(index="seed", columns="tokens", values=share) for share in SLOPES}
        horizons = sorted(line["tokens"].unique().tolist())
        for before, tokens in zip([None, *horizons], horizons, strict=False):
            at = line[line["tokens"] == tokens]
            floor, facts = at["floor"].iloc[0], int(at["subjects"].iloc[0]) * attributes
            row = {"size": size, "parameters": parameters, "ratio": ratio, "tokens": tokens, "seeds": len(at)}
            row |= {"exposures": at["exposures"].mean(), "floor": floor}
            row |= {"floor_high": floor_end(floor, facts, confidence)}
            for share, slope in SLOPES.items():
                row |= columns(share, INTERVALS[share](at[share].to_numpy(), confidence))
                row |= columns(slope, mean_interval(_rises(shares[share], before, tokens), confidence))
            rows.append(row)
    return pd.DataFrame(rows, columns=GROWTH)


def _rises(share: pd.DataFrame, before: int | None, tokens: int) -> np.ndarray:
    """Of every seed with both horizons, how much a share rises per doubling of the tokens between them."""
    if before is None:
        return np.empty(0)
    return ((share[tokens] - share[before]) / math.log2(tokens / before)).dropna().to_numpy()


def floor_end(floor: float, facts: int, confidence: float) -> float:
    """The upper end of Wilson's interval of a guesser's accuracy over so many facts."""
    return float(binomtest(round(floor * facts), facts).proportion_ci(confidence, method="wilson").high)


def equal_exposures(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Pairs of cells of one size whose people were shown as often, at two ratios (A-Fig 4).

    Returns:
        By ``parameters``, ``size`` and ``exposures``: the lower and the higher ``ratio_low``, ``ratio_high``, their
        ``tokens_low``, ``tokens_high``, ``seeds`` (the fewer), ``known_low``, ``known_high``, ``accuracy_low``,
        ``accuracy_high``, and by how much the accuracy at the higher ratio is higher, ``more``, with ``more_low`` and
        ``more_high``.
    """
    rows = []
    runs = table[~table["diverged"] & (table["ratio"] > 0)]
    for (parameters, size), line in runs.groupby(["parameters", "size"]):
        cells = [(ratio, cell["exposures"].mean(), cell) for (ratio, _), cell in line.groupby(["ratio", "tokens"])]
        for (ratio_low, shown_low, low), (ratio_high, shown_high, high) in itertools.combinations(cells, 2):
            if ratio_low == ratio_high or abs(math.log(shown_high / shown_low)) > SAME_EXPOSURES:
                continue
            pair = {"low": low, "high": high}
            more = difference_interval(low["accuracy"].to_numpy(), high["accuracy"].to_numpy(), confidence)
            rows.append(
                {
                    "size": size,
                    "parameters": parameters,
                    "exposures": (shown_low + shown_high) / 2,
                    "seeds": min(len(low), len(high)),
                }
                | {f"{what}_{end}": cell[what].iloc[0] for what in ("ratio", "tokens") for end, cell in pair.items()}
                | {f"{what}_{end}": cell[what].mean() for what in ("known", "accuracy") for end, cell in pair.items()}
                | columns("more", more)
            )
    return pd.DataFrame(rows, columns=EXPOSURES)
