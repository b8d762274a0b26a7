"""RegMix's training runs (arXiv 2407.01492, MIT licence): the Pile's domains at 1M, 60M and 1B parameters.

Mixtures over 17 domains, validation losses on 13 of them, one table a size and set: 512 runs at 1M,
256 test mixtures at 1M and at 60M, 64 runs at 1B. The files are read from a folder, or fetched at
a pinned commit, and are taken only with the SHA-256 below.
"""

import io
from pathlib import Path

import pandas as pd

from phasemix.base.fetch import fetch
from phasemix.experiments.published_runs.spec import TABLES
from phasemix.fitting.runs import LOSS, MIX

COMMIT = "b004d3a3f39846dcec6b3740da22bcd1ba95a5d0"
URL = f"https://raw.githubusercontent.com/sail-sg/regmix/{COMMIT}/data"
FOLDER = "regmix"  # in the folder of published runs
SHA256 = {
    "train_mixture_1m.csv": "04a32ef4ab594376bf90e11404c033668f887c351d6a03ad3744824c7296a2d8",
    "train_pile_loss_1m.csv": "49a959aa07ce5c20831d5abe3a7896ff0cd90a398bd407c8913fd5588be0465a",
    "test_mixture_1m.csv": "197267b7d6f15367e2f46c881e564c35b0d34e51b1754bb09d07e650cf8e1ce8",
    "test_pile_loss_1m.csv": "e027b1674f60140a65a87b5e4a59ab5f09dc33e8fd02c080682678074b160f53",
    "test_mixture_60m.csv": "197267b7d6f15367e2f46c881e564c35b0d34e51b1754bb09d07e650cf8e1ce8",
    "test_pile_loss_60m.csv": "8fe69d59ab7dd4fae4736459f4265ec93c7ed1ad1eca407346052560edc72b5b",
    "test_mixture_1B.csv": "dd38052949c0a5f84165bdcb3ae3a331c7f07efd9bb83848bd579dfc4ce75a2c",
    "test_pile_loss_1B.csv": "b2451e2b7fa15400688edc39e4d32f21ccbe0fb356e07d62a0e9ccddf247114f",
}
SETS = (("train", "1m", 1e6), ("test", "1m", 1e6), ("test", "60m", 6e7), ("test", "1B", 1e9))
"""Of every table of ``spec.TABLES``: the set and size in RegMix's file names, and nominal parameters."""


def tables(folder: Path | None) -> dict[str, pd.DataFrame]:
    """All of ``spec.TABLES`` in the format of runs, from ``folder`` or, if None, from the network.

    Raises:
        PhasemixError: a file is not there, cannot be fetched, or is not the one that was pinned.
    """
    content = {name: pd.read_csv(io.BytesIO(_content(name, folder)), index_col=0) for name in SHA256}
    found = {}
    for table, (kind, size, parameters) in zip(TABLES, SETS, strict=True):
        mixtures, losses = content[f"{kind}_mixture_{size}.csv"], content[f"{kind}_pile_loss_{size}.csv"]
        mixtures = mixtures.rename(columns=lambda name: MIX + name.removeprefix("train_the_pile_"))
        losses = losses.rename(
            columns=lambda name: LOSS + name.removeprefix("metric/the_pile_").removesuffix("_val_loss")
        )
        both = mixtures.join(losses, how="inner", validate="one_to_one")
        both.insert(0, "size", parameters)
        both.insert(0, "run", [f"{table}-{index}" for index in both.index])
        found[table] = both.reset_index(drop=True)
    return found


def _content(name: str, folder: Path | None) -> bytes:
    if folder is None:
        url, otherwise = (
            f"{URL}/{name}",
            "is there a network? Or name a folder that holds regmix/ in PHASEMIX_PUBLISHED",
        )
    else:
        url, otherwise = (folder / FOLDER / name).resolve().as_uri(), "see PHASEMIX_PUBLISHED"
    return fetch(url, SHA256[name], otherwise)
