"""Near-duplicates, within a source and between sources of one family, are left out.

Two documents are near-duplicates if the Jaccard similarity of their sets of five-word shingles is .8 or more, as
MinHash tells it (Broder 1997) among the candidates that its locality-sensitive hashing finds: in 16 bands of 8 values,
95 % of the pairs with a similarity of .8 and 99.99 % of those with .9. The first of a pair stays.

Format of ``signatures.npy``: the MinHash values of every document that stayed, uint32 of shape (documents, 128).
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from datasketch import MinHash, MinHashLSH

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_array

SIGNATURES = "signatures.npy"
SIMILAR, SHINGLE, PERMUTATIONS = 0.8, 5, 128
BANDS, BAND = 16, 8
SCHEME = "affine32"


class NearDuplicates:
    """Documents without those that are too like an earlier one.

    Args:
        relatives: folders of corpora whose documents count as earlier ones.

    Attributes:
        documents: how many were read so far.
        own: of these, near-duplicates of another document of this source.
        of_relatives: near-duplicates of a document of a relative.

    Raises:
        PhasemixError: a relative has no signatures.
    """

    def __init__(self, relatives: Sequence[Path] = ()) -> None:
        self._earlier = MinHashLSH(SIMILAR, PERMUTATIONS, params=(BANDS, BAND))
        self._signatures: list[np.ndarray] = []
        self.documents = self.own = self.of_relatives = 0
        for folder in relatives:
            self._add_all(folder / SIGNATURES)
        self._foreign = len(self._signatures)

    def without(self, texts: Iterable[str | None]) -> Iterator[str | None]:
        """The texts that stay, in their order; what is no text is passed on."""
        for text in texts:
            if not isinstance(text, str) or not text.strip():
                yield text
                continue
            self.documents += 1
            signature = _signature(text)
            like = self._like(signature)
            if like is None:
                self._add(signature.hashvalues)
                yield text
            elif like < self._foreign:
                self.of_relatives += 1
            else:
                self.own += 1

    def write(self, folder: Path) -> None:
        """Write the signatures of the documents that stayed (format above)."""
        own = self._signatures[self._foreign :]
        write_array(folder / SIGNATURES, np.array(own, dtype="<u4").reshape(-1, PERMUTATIONS))

    def _add_all(self, path: Path) -> None:
        try:
            values = np.load(path)
        except (OSError, ValueError) as error:
            raise PhasemixError(f"{path}: is not there or damaged; make that corpus again") from error
        for row in values:
            self._add(row)

    def _add(self, values: np.ndarray) -> None:
        self._earlier.insert(len(self._signatures), _of(values), check_duplication=False)
        self._signatures.append(values)

    def _like(self, signature: MinHash) -> int | None:
        """The first earlier document that it is a near-duplicate of, or None."""
        candidates = sorted(self._earlier.query(signature))
        values = signature.hashvalues
        alike = (one for one in candidates if (self._signatures[one] == values).mean() >= SIMILAR)
        return next(alike, None)


def _signature(text: str) -> MinHash:
    words = text.split()
    count = max(1, len(words) - SHINGLE + 1)
    signature = MinHash(PERMUTATIONS, scheme=SCHEME)
    signature.update_batch({" ".join(words[i : i + SHINGLE]).encode(errors="replace") for i in range(count)})
    return signature


def _of(values: np.ndarray) -> MinHash:
    return MinHash(PERMUTATIONS, hashvalues=values, scheme=SCHEME)
