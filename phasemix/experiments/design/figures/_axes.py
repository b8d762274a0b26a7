"""The axis of errors that all figures have."""

from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter


def error_axis(axis: Axis) -> None:
    """Name errors on a logarithmic axis in per cent, at 1, 2, 5, 10 and so on."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
    axis.set_minor_formatter(NullFormatter())
