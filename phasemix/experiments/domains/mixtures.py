"""The mixtures that paper B compares, by name; light, because the configuration asks for them."""

PROXIES = {"shannon": "SE", "joint": "JE", "conditional": "CE", "von-neumann": "VNE"}
"""Mixtures by entropies, and what paper B calls them."""
BASELINE, UNIFORM = "baseline", "uniform"
MIXTURES = (BASELINE, UNIFORM, *PROXIES)
"""All that a study of domains makes: also the domains' own proportions, and equal ones."""
LABELS = {BASELINE: "baseline", UNIFORM: "uniform"} | PROXIES
"""Mixtures as tables and figures name them."""


def mixture_file(name: str) -> str:
    """The file of a mixture, below the tables of a study of domains: a JSON object of proportions by domain."""
    return f"mixtures/{name}.json"
