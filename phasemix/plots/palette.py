"""Colours of domains, the same in all pictures of a law."""

import matplotlib as mpl

DISTINCT = "tab10"
MANY = "tab20"


def domain_colours(domains: tuple[str, ...]) -> dict[str, tuple[float, float, float]]:
    """A colour for every domain; beyond twenty they repeat."""
    colours = mpl.colormaps[DISTINCT if len(domains) <= 10 else MANY].colors  # type: ignore[attr-defined]
    return {name: tuple(colours[i % len(colours)][:3]) for i, name in enumerate(domains)}
