"""How well predictions meet losses."""

import numpy as np


def scores(predicted: np.ndarray, loss: np.ndarray) -> dict[str, float]:
    """Mean relative error, R² on the log scale and Spearman's rank correlation of predictions, shapes (n,)."""
    from scipy.stats import spearmanr  # noqa: PLC0415 - takes a second

    with np.errstate(all="ignore"):
        error = np.abs(predicted / loss - 1).mean()
        left = np.square(np.log(predicted) - np.log(loss)).sum()
        total = np.square(np.log(loss) - np.log(loss).mean()).sum()
    constant = np.ptp(predicted) == 0 or np.ptp(loss) == 0
    rank = np.nan if len(loss) < 2 or constant else float(spearmanr(predicted, loss).statistic)
    return {
        "mean_relative_error": float(error),
        "r2_log": float(1 - left / total) if total > 0 else np.nan,
        "spearman": rank,
    }
