"""Word vectors of FastText, and the embeddings of samples of text that are made of them.

FastText (Bojanowski, Grave, Joulin and Mikolov 2017, arXiv 1607.04606) adds the vectors of a word's character n-grams
to the word's own, so that words that it has never seen have a vector, too.
"""

import pickle
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import atomic
from phasemix.base.seeds import named_seed

DIMENSIONS = 300
TRAINING_WORDS = 500_000
EPOCHS = 5
RATE = 0.05  # as in the paper
NGRAM = 5  # characters, as in FastText's published vectors (Grave et al. 2018, arXiv 1802.06893)
BUCKETS = 100_000  # for n-grams, which share vectors by hash: 120 MB in place of FastText's 2.4 GB for 2,000,000
VOCABULARY = 50_000  # the most frequent words have vectors of their own: up to 180 MB while they are trained
RARE = 5  # words that occur less often have none
LINE = 1000  # words that are trained on at once; gensim would leave out what is beyond 10,000
KEPT_WORDS = 2**18  # whose vectors of length 1 are kept for embeddings: 315 MB with 300 dimensions


class WordVectors:
    """Embeds samples of text.

    The vectors of some :data:`KEPT_WORDS` words that occurred are kept; when there are more, all are forgotten, and
    frequent ones are soon back. So memory is bounded, whatever is embedded.

    Args:
        vectors: gensim's ``KeyedVectors``. If they are FastText's, words that they do not know have a vector made of
            their character n-grams; of others, such words have none.
    """

    def __init__(self, vectors: Any) -> None:
        self._vectors = vectors
        self._row = _numbers()
        # The system gives memory to the rows that are written alone.
        self._unit = np.zeros((KEPT_WORDS + KEPT_WORDS // 2, self.dimensions), dtype=np.float32)
        self._has_vector = np.zeros(len(self._unit), dtype=np.float32)

    @property
    def dimensions(self) -> int:
        """The length of an embedding."""
        return int(self._vectors.vector_size)

    def embed(self, samples: Sequence[Sequence[str]]) -> np.ndarray:
        """Embed samples, each by the mean of its words' vectors, which are brought to length 1 before.

        That is FastText's own sentence vector (``FastText::getSentenceVector``); as there, words whose vector is zero
        are left out of the mean.

        Args:
            samples: lists of words. A call takes some 1.2 KB of memory for every different word, so large sets are
                best embedded some thousands at a time.

        Returns:
            float32 of shape (samples, dimensions); zeros where no word has a vector.
        """
        rows = self._rows([word for words in samples for word in words])
        chosen = _chosen(rows, [len(words) for words in samples], len(self._unit))
        counted = chosen @ self._has_vector
        return np.asarray((chosen @ self._unit) / np.maximum(counted, 1)[:, None])

    def write(self, path: str | Path) -> None:
        """Write one file that gensim reads (``KeyedVectors.load``); the same vectors give the same bytes.

        gensim's own ``save`` writes the date and a set, whose order changes, and large arrays into files beside.
        """
        self._vectors.lifecycle_events = None  # the dates
        with atomic(path) as temporary, temporary.open("wb") as file:
            pickle.dump(self._vectors, file, protocol=5)

    def _rows(self, words: list[str]) -> np.ndarray:
        """Where words stand among the vectors that are kept, shape (words,); new ones are put there first."""
        if len(self._row) > KEPT_WORDS:
            self._row = _numbers()
        known = len(self._row)
        rows = np.fromiter(map(self._row.__getitem__, words), dtype=np.int64, count=len(words))
        size = len(self._row)
        if size > len(self._unit):
            self._unit, self._has_vector = _longer(self._unit, size), _longer(self._has_vector, size)
        found = self._found(list(islice(self._row, known, None)))
        lengths = np.linalg.norm(found, axis=1)
        self._has_vector[known:size] = lengths > 0
        self._unit[known:size] = found / np.where(lengths > 0, lengths, 1)[:, None]
        return rows

    def _found(self, words: list[str]) -> np.ndarray:
        """The vectors of words as trained, shape (words, dimensions), of unknown words as sums; zeros where none is."""
        places = np.array([self._vectors.key_to_index.get(word, -1) for word in words], dtype=np.int64)
        found = np.zeros((len(words), self.dimensions), dtype=np.float32)
        found[places >= 0] = self._vectors.vectors[places[places >= 0]]
        if getattr(self._vectors, "bucket", 0):
            found[places < 0] = self._of_ngrams([words[i] for i in np.flatnonzero(places < 0)])
        return found

    def _of_ngrams(self, words: list[str]) -> np.ndarray:
        """Sums of the vectors of character n-grams, shape (words, dimensions)."""
        from gensim.models.fasttext import ft_ngram_hashes  # noqa: PLC0415 - takes a second

        vectors = self._vectors
        hashes = [ft_ngram_hashes(word, vectors.min_n, vectors.max_n, vectors.bucket) for word in words]
        flat = np.fromiter(chain.from_iterable(hashes), dtype=np.int64)
        return np.asarray(_chosen(flat, list(map(len, hashes)), vectors.bucket) @ vectors.vectors_ngrams)


def train_vectors(texts: Iterable[str], seed: int, words: int = TRAINING_WORDS) -> WordVectors:
    """Train vectors of 300 dimensions on the first ``words`` words of the texts, by skip-grams.

    One seed gives the same bytes every time, so one core does it: 500,000 words take some 20 seconds, and less than
    500 MB.

    Args:
        texts: what comes first must be a fair sample of all domains, because nothing else is read.
        seed: of the first vectors and of what is drawn on the way.
        words: how many are read, 5 times over.

    Raises:
        PhasemixError: no word occurs 5 times.
    """
    from gensim.models.fasttext import FastText  # noqa: PLC0415 - takes a second

    lines = _lines(texts, words)
    model = FastText(
        vector_size=DIMENSIONS,
        sg=1,
        alpha=RATE,
        min_n=NGRAM,
        max_n=NGRAM,
        bucket=BUCKETS,
        min_count=RARE,
        max_final_vocab=VOCABULARY,
        epochs=EPOCHS,
        seed=named_seed(seed, "word vectors") % 2**32,  # what NumPy's older generator takes
        workers=1,
    )
    model.build_vocab(lines)
    if not len(model.wv):
        raise PhasemixError(f"no word occurs {RARE} times in the texts for word vectors: give more text")
    model.train(lines, total_examples=len(lines), epochs=EPOCHS)
    return WordVectors(model.wv)


def load_vectors(path: str | Path) -> WordVectors:
    """Read vectors of any dimensions: of FastText's own format if the file's name ends in ``.bin``, or gensim's.

    gensim's files (``KeyedVectors.save``) are pickles and can run any code: read only those that you trust. FastText's
    published models of 2,000,000 words take more than 7 GB of memory.

    Raises:
        PhasemixError: the file cannot be read, or holds something else.
    """
    from gensim.models import KeyedVectors  # noqa: PLC0415 - takes a second
    from gensim.models.fasttext import load_facebook_vectors  # noqa: PLC0415

    path = Path(path)
    try:
        vectors = load_facebook_vectors(str(path)) if path.suffix == ".bin" else KeyedVectors.load(str(path))
    except Exception as error:  # a damaged file, or one of another kind, fails in many ways
        raise PhasemixError(f"{path}: cannot be read as word vectors ({one_line(error)})") from error
    if not isinstance(vectors, KeyedVectors):
        raise PhasemixError(
            f"{path}: holds {type(vectors).__name__}, and not word vectors: save the vectors alone (.wv)"
        )
    return WordVectors(vectors)


def _lines(texts: Iterable[str], words: int) -> list[list[str]]:
    """The first words of texts, in lists of up to ``LINE``."""
    lines: list[list[str]] = []
    for text in texts:
        found = text.split()[:words]
        lines += [found[first : first + LINE] for first in range(0, len(found), LINE)]
        words -= len(found)
        if not words:
            break
    return lines


def _chosen(rows: np.ndarray, lengths: list[int], size: int) -> Any:
    """A sparse matrix whose product with a table of ``size`` rows sums rows: ``lengths[0]`` of them, and so on.

    The product reads each row once, where gathering all rows would first write them.
    """
    ends = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return csr_array((np.ones(len(rows), dtype=np.float32), rows, ends), shape=(len(lengths), size))


def _longer(array: np.ndarray, size: int) -> np.ndarray:
    """The same array with zeros after it."""
    return np.concatenate([array, np.zeros((size - len(array), *array.shape[1:]), dtype=array.dtype)])


def _numbers() -> defaultdict[str, int]:
    """Words to numbers from 0 on; a word that is looked up for the first time gets the next one."""
    return defaultdict(count().__next__)
