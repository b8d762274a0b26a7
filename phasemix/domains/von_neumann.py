"""The von Neumann entropy of a domain's samples, exact for any number of them, with its standard error."""

from dataclasses import dataclass

import numpy as np

from phasemix.base.errors import PhasemixError

GROUPS = 20


@dataclass(frozen=True)
class VonNeumannEntropy:
    """An entropy in nats.

    Attributes:
        entropy: of the samples as they are.
        standard_error: by leaving out one group of documents after another; NaN if all samples are of one group.
        bias: how far the expected entropy of so few samples lies from that of all text there could be, by the same
            jackknife; below 0, as finite samples spread over fewer directions. ``entropy − bias`` is corrected for it.
        samples: how many were measured.
        empty: how many were left out because their embedding is all zero.
    """

    entropy: float
    standard_error: float
    bias: float
    samples: int
    empty: int


class SecondMoments:
    """Accumulates batches of embeddings; memory holds ``groups`` matrices of d × d numbers, and no samples.

    VNE = −Tr(ρ log ρ) with ρ = K/N, K being the cosine similarities of all N samples (BiMix, arXiv 2405.14908; the
    Vendi score of Friedman and Dieng 2023, arXiv 2210.02410, is its exponential). The eigenvalues of K/N that are not
    zero are those of XᵀX/N, the rows of X being the embeddings of length 1: so a d × d matrix is enough.

    Args:
        dimensions: d, the length of an embedding.
        groups: of documents, for the jackknife. Document number k belongs to group k modulo ``groups``, because samples
            of one document resemble each other, and documents are what is independent.
    """

    def __init__(self, dimensions: int, groups: int = GROUPS) -> None:
        self._sums = np.zeros((groups, dimensions, dimensions))
        self._samples = np.zeros(groups, dtype=np.int64)
        self._empty = 0

    def add(self, embeddings: np.ndarray, documents: np.ndarray) -> None:
        """Add samples.

        Args:
            embeddings: of any lengths, shape (n, d). Those that are all zero are left out and counted.
            documents: the number of the document that each sample is of, whole numbers ≥ 0 of shape (n,).
        """
        embeddings = np.asarray(embeddings, dtype=np.float64)
        lengths = np.linalg.norm(embeddings, axis=1)
        some = lengths > 0
        self._empty += int(np.count_nonzero(~some))
        unit = embeddings[some] / lengths[some, None]
        groups = np.asarray(documents)[some] % len(self._sums)
        for group in np.unique(groups):
            members = unit[groups == group]
            self._sums[group] += members.T @ members
            self._samples[group] += len(members)

    def result(self) -> VonNeumannEntropy:
        """The entropy of all samples so far, with its standard error and its bias.

        Groups differ in size, so the jackknife is the one of Busing, Meijer and van der Leeden, "Delete-m jackknife for
        unequal m" (Statistics and Computing 1999); with equal groups it is the common one.

        Raises:
            PhasemixError: there is no sample whose embedding is not zero.
        """
        used = self._samples > 0
        sums, members = self._sums[used], self._samples[used]
        whole, count = sums.sum(axis=0), int(members.sum())
        if not count:
            raise PhasemixError("no sample has an embedding, so there is no von Neumann entropy")
        entropy = _entropy(whole, count)
        if len(members) == 1:
            return VonNeumannEntropy(entropy, np.nan, np.nan, count, self._empty)
        without = np.array([_entropy(whole - of, count - n) for of, n in zip(sums, members, strict=True)])
        corrected = len(members) * entropy - float(np.sum((1 - members / count) * without))
        times = count / members
        pseudo = times * entropy - (times - 1) * without
        error = np.sqrt(np.mean((pseudo - corrected) ** 2 / (times - 1)))
        return VonNeumannEntropy(entropy, float(error), entropy - corrected, count, self._empty)


def _entropy(moments: np.ndarray, samples: int) -> float:
    """−Σ λ log λ over the eigenvalues λ of XᵀX/N; ``moments`` is XᵀX, shape (d, d)."""
    values = np.linalg.eigvalsh(moments / samples)
    values = values[values > 0]  # rounding leaves some just below
    return max(0.0, float(-np.sum(values * np.log(values))))
