"""Bayesian optimisation over mixtures, by BoTorch."""

import warnings

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import generator
from phasemix.fitting.simplex import nearest_mixtures

RESTARTS, SAMPLES = 20, 64  # of the search for the best next mixture
LEAST = 0.05  # DUET leaves out domains below it


def next_mixture(mixtures: np.ndarray, values: np.ndarray, caps: np.ndarray, courage: float, seed: int) -> np.ndarray:
    """The mixture (k,) within caps (k,) whose lower confidence bound mean − √β·deviation is least.

    A Gaussian process is fitted to standardised ``values`` (n,), the less the better, at ``mixtures`` (n, k).
    Proportions below ``LEAST`` become 0, as in DUET's code.

    Raises:
        PhasemixError: BoTorch is not installed.
    """
    try:
        import torch  # noqa: PLC0415 (both take seconds, and one mixer needs them)
        from botorch.acquisition import UpperConfidenceBound  # noqa: PLC0415
        from botorch.fit import fit_gpytorch_mll  # noqa: PLC0415
        from botorch.models import SingleTaskGP  # noqa: PLC0415
        from botorch.models.transforms.outcome import Standardize  # noqa: PLC0415
        from botorch.optim import optimize_acqf  # noqa: PLC0415
        from gpytorch.mlls import ExactMarginalLogLikelihood  # noqa: PLC0415
    except ImportError as error:
        raise PhasemixError("Bayesian optimisation needs BoTorch: pip install botorch") from error
    if len(values) < 2:
        return _spread(caps, seed)
    with warnings.catch_warnings(), torch.random.fork_rng():
        warnings.simplefilter("ignore")  # of few points, and of inputs that sum to 1
        torch.manual_seed(seed)
        x, y = torch.tensor(mixtures), torch.tensor(-values)[:, None]
        process = SingleTaskGP(x, y, outcome_transform=Standardize(m=1))
        fit_gpytorch_mll(ExactMarginalLogLikelihood(process.likelihood, process))
        bounds = torch.stack([torch.zeros(len(caps)), torch.tensor(caps)]).to(x)
        found, _ = optimize_acqf(
            UpperConfidenceBound(process, beta=courage),
            bounds=bounds,
            q=1,
            num_restarts=RESTARTS,
            raw_samples=SAMPLES,
            equality_constraints=[(torch.arange(len(caps)), torch.ones(len(caps), dtype=x.dtype), 1.0)],
        )
    mixture = found[0].numpy()
    return nearest_mixtures(np.where(mixture < LEAST, 0.0, mixture)[None], np.zeros(len(caps)), caps)[0]


def _spread(caps: np.ndarray, seed: int) -> np.ndarray:
    """A mixture at random, where a single value says nothing of directions."""
    drawn = generator(seed, "next mixture").dirichlet(np.ones(len(caps)))
    return nearest_mixtures(drawn[None], np.zeros(len(caps)), caps)[0]
