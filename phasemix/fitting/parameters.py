"""The parameters of a formula, and the numbers θ by which they are fitted."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Parameter:
    """One parameter of a formula.

    Attributes:
        name: as in the equation.
        low: its least value.
        high: its greatest value.
        log: whether it is positive and fitted as its logarithm.
    """

    name: str
    low: float
    high: float
    log: bool = False


def to_theta(values: np.ndarray, parameters: tuple[Parameter, ...]) -> np.ndarray:
    """The numbers θ for values of the parameters (last axis p): logarithms of the positive ones."""
    log = np.array([parameter.log for parameter in parameters])
    return np.where(log, np.log(np.where(log, values, 1.0)), values)


def with_interval(theta: np.ndarray, half: np.ndarray, parameters: tuple[Parameter, ...]) -> dict[str, np.ndarray]:
    """``value``, ``low`` and ``high`` of parameters, shapes (p,), for θ and half its interval; within their bounds."""
    bounds = [parameter.low for parameter in parameters], [parameter.high for parameter in parameters]
    ends = {"low": theta - half, "high": theta + half}
    return {"value": from_theta(theta, parameters)} | {
        name: np.clip(from_theta(end, parameters), *bounds) for name, end in ends.items()
    }


def from_theta(theta: np.ndarray, parameters: tuple[Parameter, ...]) -> np.ndarray:
    """The inverse of :func:`to_theta`."""
    log = np.array([parameter.log for parameter in parameters])
    return np.where(log, np.exp(np.where(log, np.clip(theta, -700, 700), 0.0)), theta)
