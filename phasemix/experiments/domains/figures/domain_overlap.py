"""How much text the domains share."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from phasemix.experiments.domains.tables import Tables
from phasemix.report.figure_style import INK, WIDTH


def draw(tables: Tables) -> Figure:
    """A map of all ordered pairs, numbers in per cent."""
    names = tables.domains["domain"].tolist()
    wide = tables.overlap.pivot_table(index="domain", columns="other", values="share", dropna=False).loc[names, names]
    shares = 100 * wide.to_numpy(float)
    figure, axes = plt.subplots(figsize=(WIDTH, 1.4 + 0.36 * len(names)))
    axes.imshow(np.nan_to_num(shares), cmap="Greys", vmin=0, vmax=max(2 * float(np.nanmax(shares)), 1), aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        text = "–" if np.isnan(share) else f"{share:.2g}"
        axes.text(column, row, text, ha="center", va="center", color=INK, fontsize=9)
    axes.set_xticks(range(len(names)), names, rotation=30, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="% of these runs occur in", ylabel="runs of 13 tokens of")
    axes.grid(visible=False)
    return figure
