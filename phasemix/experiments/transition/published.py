"""Numbers that the papers published, as far as figures and the ledger show them beside ours."""

import pandas as pd

A_TABLE_1 = pd.DataFrame(
    {
        "ratio": [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45],
        "accuracy_percent": [0.4, 0.4, 0.4, 0.8, 7.3, 27.5, 40.4, 58.1],
        "sd": [0.0, None, None, 0.0, 2.8, 2.8, 3.1, 3.1],
    }
)
"""A-Table 1: Pythia 70M on SynBio-320k, 32B tokens; mean (sd) over 3 seeds; no sd given at .15 and .2."""
