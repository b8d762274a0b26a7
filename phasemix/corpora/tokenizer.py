"""A tokenizer as training and evaluation need it: text to ids, closed by an end-of-text.

Format of a tokenizer's folder: what ``AutoTokenizer.from_pretrained`` of ``transformers`` loads. Two of its files
are read here, without that library, which takes seconds to load: ``tokenizer.json``, and from
``tokenizer_config.json`` the name of the end-of-text token.
"""

import os
import shutil
from itertools import chain
from pathlib import Path

import numpy as np
import tokenizers

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import read_json


class Tokenizer:
    """A tokenizer by its folder (format above).

    Args:
        folder: that it lies in.
        threads: with which this process encodes; None: as many as the library of tokenizers chooses.

    Raises:
        PhasemixError: the folder holds no tokenizer, or one without an end-of-text token.
    """

    def __init__(self, folder: str | Path, threads: int | None = None) -> None:
        self.folder = Path(folder)
        self.threads = threads or 1
        if threads:
            os.environ["RAYON_NUM_THREADS"] = str(threads)  # which the library reads when it first encodes
        try:
            self._backend = tokenizers.Tokenizer.from_file(str(self.folder / "tokenizer.json"))
            named = read_json(self.folder / "tokenizer_config.json").get("eos_token")
        except Exception as error:  # the library raises plain exceptions
            raise PhasemixError(f"{folder}: holds no tokenizer that can be read ({one_line(error)})") from error
        self._backend.no_truncation()  # as its file may ask for
        self._backend.no_padding()
        name = named["content"] if isinstance(named, dict) else named
        end = self._backend.token_to_id(name) if name else None
        if end is None:
            raise PhasemixError(f"{folder}: the tokenizer has no end-of-text token (eos_token)")
        self.end_of_text = int(end)

    def __len__(self) -> int:
        """The number of its entries, those that were added among them."""
        return int(self._backend.get_vocab_size(with_added_tokens=True))

    def encode(self, texts: list[str]) -> list[list[int]]:
        """The ids of each text, without an end-of-text."""
        return [found.ids for found in self._backend.encode_batch_fast(texts, add_special_tokens=False)]

    def encode_documents(self, texts: list[str]) -> list[list[int]]:
        """The ids of each text, closed by the end-of-text id."""
        return [[*ids, self.end_of_text] for ids in self.encode(texts)]

    def encode_flat(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """The ids of all texts one after another, each closed by the end-of-text id, and each text's length, int64."""
        documents = self.encode_documents(texts)
        lengths = np.fromiter(map(len, documents), dtype=np.int64, count=len(documents))
        return np.fromiter(chain.from_iterable(documents), dtype=np.int64, count=lengths.sum()), lengths

    def decode(self, ids: list[int]) -> str:
        """The text that ids spell."""
        return str(self._backend.decode(ids, skip_special_tokens=False))

    def copy(self, folder: Path) -> None:
        """Copy the tokenizer's files into a folder, beside a model that was trained with it."""
        for file in sorted(self.folder.iterdir()):
            if file.is_file():
                shutil.copyfile(file, folder / file.name)
