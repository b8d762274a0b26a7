"""The mixtures of B-Table 5, of SlimPajama's domains; those of the Pile (B-Table 4) are not at hand."""

DOMAINS = ("ArXiv", "Books", "C4", "CommonCrawl", "GitHub", "StackExchange", "Wikipedia")
SLIMPAJAMA = {
    "baseline": (0.0458, 0.0420, 0.2660, 0.5203, 0.0522, 0.0337, 0.0399),
    "doremi": (0.0213, 0.0420, 0.2864, 0.5518, 0.0191, 0.0292, 0.0501),
    "shannon": (0.0738, 0.1474, 0.1619, 0.1863, 0.0952, 0.1152, 0.2202),
    "joint": (0.0339, 0.1592, 0.2179, 0.2623, 0.0556, 0.0878, 0.1834),
    "conditional": (0.0710, 0.1669, 0.2079, 0.2175, 0.0902, 0.1177, 0.1287),
    "von-neumann": (0.0598, 0.0700, 0.1265, 0.0933, 0.2314, 0.1088, 0.3103),
}
