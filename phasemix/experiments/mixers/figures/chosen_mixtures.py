"""What every mixer chose."""

from matplotlib.figure import Figure

from phasemix.experiments.mixers.figures._looks import tall
from phasemix.experiments.mixers.spec import FREE
from phasemix.experiments.mixers.tables import Tables
from phasemix.plots.palette import domain_colours


def draw(tables: Tables) -> Figure:
    """A bar per contestant, the best above, divided by what its models read of every domain."""
    names = tables.of_budget(FREE)["contestant"].tolist()[::-1]
    read = tables.choices.drop_duplicates(["contestant", "domain"]).pivot_table(
        index="contestant", columns="domain", values="read"
    )
    domains = tables.domains["domain"].tolist()
    figure, (axes,) = tall(1, len(names))
    left = [0.0] * len(names)
    for domain, colour in domain_colours(tuple(domains)).items():
        part = read.loc[names, domain].tolist()
        axes.barh(names, part, left=left, color=colour, label=domain, height=0.8)
        left = [start + width for start, width in zip(left, part, strict=True)]
    axes.set_xlim(0, 1)
    axes.grid(visible=False)
    axes.set_xlabel("share of all tokens")
    figure.legend(loc="outside upper center", ncols=3, handlelength=1.0)
    return figure
