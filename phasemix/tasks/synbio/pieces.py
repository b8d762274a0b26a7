"""Tokenised biographies: spliced from pre-tokenised pieces, which is proven to equal tokenising their text.

Every sentence is four pieces: what stands before the name (nothing, or "The …"), the name with
whatever is written onto it ("'s"), the words up to the value, the value with its full stop. Pieces
end where a space follows, and that space begins the next piece. The first piece of a text may be
spelled otherwise than the same piece after a space, so both spellings are kept.

Format of a pieces folder, all numbers little-endian:

- ``ids.bin``: the ids of all pieces one after another, uint16 (uint32 for vocabularies above 65,536);
- ``offsets.bin``: int64, where each piece begins, and the total;
- ``values.bin``: int32 of shape (people, 5), the number of the piece that is a person's value of an attribute;
- beside the folder ``<folder>.checksums.json``: ``dtype`` of the ids, the counts ``people``, ``pieces``, ``values``
  and ``ids``, whether splicing is ``exact``, the sentence that ``differs`` if it is not (with the one before it),
  and the files' SHA-256.

The pieces are numbered: 0 is the end-of-text id; then three pieces for each sentence, in the order
of ``TEMPLATES``: what stands before the name at a text's start, the same after a space, the words
before the value; then the different values, attribute by attribute; then four for each person: the
name and the name with "'s" at a text's start, the same after a space.
"""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import atomic, checksums_of, read_json, write_checksums
from phasemix.base.seeds import generator
from phasemix.corpora.ragged import gather
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.corpora.tokens import id_dtype
from phasemix.tasks.synbio.people import Draws, People, SynBio
from phasemix.tasks.synbio.templates import ATTRIBUTES, TEMPLATES, TEMPLATES_PER_ATTRIBUTE

FILES = ("ids.bin", "offsets.bin", "values.bin")
PEOPLE_PER_CALL = 128  # tokenised at a time; bounds the memory

SENTENCES = tuple(template for templates in TEMPLATES.values() for template in templates)
_AROUND = [sentence.removesuffix(" {value}.").split("{name}") for sentence in SENTENCES]
PREFIXES = tuple(before.removesuffix(" ") for before, _ in _AROUND)
ENDINGS = tuple(after.partition(" ")[0] for _, after in _AROUND)
MIDDLES = tuple(after.removeprefix(ending) for (_, after), ending in zip(_AROUND, ENDINGS, strict=True))
NAME_ENDINGS = tuple(sorted(set(ENDINGS)))  # "" and "'s"

_ENDING = np.array([NAME_ENDINGS.index(ending) for ending in ENDINGS])
_HAS_PREFIX = np.array([bool(prefix) for prefix in PREFIXES])


class Pieces:
    """The arrays of a pieces folder, memory-mapped, and how sentences are made of them.

    Raises:
        PhasemixError: a file is missing or cut short.
    """

    def __init__(self, folder: Path, facts: dict[str, Any]) -> None:
        self._ids = _mapped(folder / "ids.bin", np.dtype(facts["dtype"]), facts["ids"])
        self._offsets = _mapped(folder / "offsets.bin", np.dtype("<i8"), facts["pieces"] + 1)
        values = _mapped(folder / "values.bin", np.dtype("<i4"), facts["people"] * len(ATTRIBUTES))
        self._values = values.reshape(-1, len(ATTRIBUTES))
        self._first_name = 1 + 3 * len(SENTENCES) + facts["values"]

    def splice(self, persons: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
        """The tokens of ``SynBio.render(persons, draws)``, each text closed by the end-of-text id.

        Args:
            persons: who each text is about, shape (n,).
            draws: its sentences, shape (n, m).

        Returns:
            The ids of all texts one after another, and each text's length, int64 of shape (n,).
        """
        sentence = draws.attributes * TEMPLATES_PER_ATTRIBUTE + draws.templates
        pieces = np.empty((len(persons), 4 * sentence.shape[1] + 1), dtype=np.int64)
        before, name, middle, value = (pieces[:, i:-1:4] for i in range(4))
        np.multiply(sentence, 3, out=middle)
        middle += 3
        np.subtract(middle, 1, out=before)
        before[:, 0] -= 1
        variant = _ENDING + len(NAME_ENDINGS)
        name[:] = (self._first_name + 2 * len(NAME_ENDINGS) * persons)[:, None] + variant[sentence]
        name[:, 0] -= len(NAME_ENDINGS) * ~_HAS_PREFIX[sentence[:, 0]]
        value[:] = self._values[persons[:, None], draws.attributes]
        pieces[:, -1] = 0
        starts = self._offsets[pieces]
        lengths = self._offsets[pieces + 1] - starts
        return gather(self._ids, starts.ravel(), lengths.ravel()), lengths.sum(axis=1)


class Biographies:
    """The biographies of a SynBio as token ids; spliced where that is exact, else rendered and tokenised.

    Args:
        folder: a pieces folder of the same people, made with the same tokenizer.
        synbio: the people.
        tokenizer: closes, and if need be tokenises, every biography.

    Raises:
        PhasemixError: a file is missing or cut short, or the folder was made of other people or with
            another tokenizer.
    """

    def __init__(self, folder: str | Path, synbio: SynBio, tokenizer: Tokenizer) -> None:
        folder = Path(folder)
        facts = _facts(folder)
        self.synbio = synbio
        self.exact = bool(facts["exact"])
        self._tokenizer = tokenizer
        self._pieces = Pieces(folder, facts)
        if facts["people"] != len(synbio) or (self.exact and not self._fits()):
            raise PhasemixError(f"{folder}: made of other people or with another tokenizer; make it again")

    def _fits(self) -> bool:
        """Whether the pieces are these people's, in this tokenizer: seen from some of them."""
        persons = np.linspace(0, len(self.synbio) - 1, PEOPLE_PER_CALL, dtype=np.int64)
        draws = self.synbio.draw(len(persons), generator("pieces and people"))
        tokenised = self._tokenizer.encode_flat(self.synbio.render(persons, draws))
        return all(map(np.array_equal, self._pieces.splice(persons, draws), tokenised))

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """See :meth:`SynBio.draw`."""
        return self.synbio.draw(n, rng)

    def encode(self, persons: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
        """The tokens of ``synbio.render(persons, draws)``, each biography closed by the end-of-text id.

        Args:
            persons: who each biography is about, shape (n,).
            draws: its sentences, shape (n, m).

        Returns:
            The ids of all biographies one after another, and each one's length, int64 of shape (n,).
        """
        if self.exact:
            return self._pieces.splice(persons, draws)
        return self._tokenizer.encode_flat(self.synbio.render(persons, draws))


def write_pieces(people: People, tokenizer: Tokenizer, folder: str | Path) -> dict[str, Any]:
    """Write the pieces of ``people`` into ``folder`` (format above), and prove them.

    The proof compares splicing with tokenising the rendered text, for every person: every sentence
    at a text's start, and one text in which every two pieces that can ever be neighbours are
    neighbours (:func:`neighbourhoods`). Memory holds the table and some hundred people's texts.

    Returns:
        What the checksums say beside the files' checksums.
    """
    folder = Path(folder)
    dtype = id_dtype(tokenizer)
    lengths: list[np.ndarray] = []
    first_value = 1 + 3 * len(SENTENCES)
    values = []
    with atomic(folder / "ids.bin") as temporary, temporary.open("wb") as file:

        def write(pieces: list[list[int]]) -> None:
            lengths.append(np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)))
            file.write(np.fromiter(chain.from_iterable(pieces), dtype=dtype).tobytes())

        write([[tokenizer.end_of_text]])
        write(_template_pieces(tokenizer))
        for attribute in ATTRIBUTES:
            codes = {value: code for code, value in enumerate(dict.fromkeys(people[attribute]))}
            write(_after(tokenizer, "a", [f" {value}." for value in codes]))
            values.append(np.array([codes[value] for value in people[attribute]]) + first_value)
            first_value += len(codes)
        for some in _parts(people):
            write(_name_pieces(tokenizer, list(some["name"])))
    with atomic(folder / "offsets.bin") as temporary:
        offsets = np.cumsum(np.concatenate([[0], *lengths]), dtype="<i8")
        offsets.tofile(temporary)
    with atomic(folder / "values.bin") as temporary:
        np.stack(values, axis=1).astype("<i4").tofile(temporary)
    facts: dict[str, Any] = {
        "dtype": dtype.str,
        "people": len(people["name"]),
        "pieces": len(offsets) - 1,
        "values": first_value - 1 - 3 * len(SENTENCES),
        "ids": int(offsets[-1]),
    }
    differs = first_difference(people, tokenizer, Pieces(folder, facts))
    facts |= {"exact": differs is None, "differs": differs}
    write_checksums(checksums_of(folder), [folder / name for name in FILES], **facts)
    return facts


def first_difference(people: People, tokenizer: Tokenizer, pieces: Pieces) -> str | None:
    """The first sentence found whose tokens are not its pieces, with the sentence before it; None if all agree."""
    first = 0
    for some in _parts(people):
        synbio = SynBio(some)
        persons = np.arange(len(synbio))
        for sentences in _proof():
            attributes, templates = np.repeat(np.array(sentences).T[:, None], len(synbio), axis=1)
            draws = Draws(attributes, templates)
            spliced = pieces.splice(first + persons, draws)
            tokenised = tokenizer.encode_flat(synbio.render(persons, draws))
            if not all(map(np.array_equal, spliced, tokenised)):
                texts = zip(_split(*spliced), _split(*tokenised), strict=True)
                person = next(i for i, (one, other) in enumerate(texts) if one != other)
                return _where(synbio, tokenizer, _split(*spliced)[person], person, draws)
        first += len(synbio)
    return None


def neighbourhoods() -> list[tuple[int, int]]:
    """Sentences, as (attribute, template), in an order that makes neighbours of all pieces that can be neighbours.

    Every sentence occurs. Between sentences, a value stands before a "The …", which differs by
    attribute, or before the name: so every "The …" must follow each other attribute, and name and
    name with "'s" must follow every attribute. Attributes are gone through in steps of d; as their
    number is prime, each then follows the one that is d before it.
    """
    count = len(ATTRIBUTES)
    order = [(0, 0)]
    for template in range(TEMPLATES_PER_ATTRIBUTE):
        steps = range(1, count if _HAS_PREFIX[template::TEMPLATES_PER_ATTRIBUTE].any() else 2)
        order += [(step * i % count, template) for step in steps for i in range(1, count + 1)]
    return order


def _proof() -> Iterator[list[tuple[int, int]]]:
    """The texts that are compared for every person: sentences as (attribute, template)."""
    yield neighbourhoods()
    yield from ([sentence] for sentence in np.ndindex(len(ATTRIBUTES), TEMPLATES_PER_ATTRIBUTE))


def _where(synbio: SynBio, tokenizer: Tokenizer, spliced: list[int], person: int, draws: Draws) -> str:
    """The sentence at which a person's text of these ``draws`` is no more what its pieces say, and the one before."""
    for last in range(1, draws.attributes.shape[1] + 1):
        [text] = synbio.render(np.array([person]), Draws(*(array[:1, :last] for array in draws)))
        *ids, _ = tokenizer.encode_documents([text])[0]
        if ids != spliced[: len(ids)]:
            break
    [text] = synbio.render(np.array([person]), Draws(*(array[:1, max(0, last - 2) : last] for array in draws)))
    return text


def _template_pieces(tokenizer: Tokenizer) -> list[list[int]]:
    at_start = _tokens(tokenizer, list(PREFIXES))
    after_space = _after(tokenizer, ".", [f" {prefix}" if prefix else "" for prefix in PREFIXES])
    middles = _after(tokenizer, "a", list(MIDDLES))
    return list(chain.from_iterable(zip(at_start, after_space, middles, strict=True)))


def _name_pieces(tokenizer: Tokenizer, names: list[str]) -> list[list[int]]:
    written = [name + ending for name in names for ending in NAME_ENDINGS]
    at_start = _tokens(tokenizer, written)
    after_space = _after(tokenizer, ".", [f" {name}" for name in written])
    width = len(NAME_ENDINGS)
    return [
        piece
        for i in range(0, len(written), width)
        for piece in (*at_start[i : i + width], *after_space[i : i + width])
    ]


def _tokens(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    return tokenizer.encode(texts)


def _after(tokenizer: Tokenizer, context: str, texts: list[str]) -> list[list[int]]:
    """The ids that ``texts`` add to a text that ends in ``context``; the proof finds out if they depend on it."""
    [before] = _tokens(tokenizer, [context])
    return [ids[len(before) :] for ids in _tokens(tokenizer, [context + text for text in texts])]


def _split(ids: np.ndarray, lengths: np.ndarray) -> list[list[int]]:
    return [part.tolist() for part in np.split(ids, np.cumsum(lengths)[:-1])]


def _parts(people: People) -> Iterator[People]:
    for first in range(0, len(people["name"]), PEOPLE_PER_CALL):
        yield {column: values[first : first + PEOPLE_PER_CALL] for column, values in people.items()}


def _facts(folder: Path) -> dict[str, Any]:
    try:
        return dict(read_json(checksums_of(folder)))
    except (OSError, json.JSONDecodeError) as error:
        raise PhasemixError(f"{folder}: no pieces of biographies ({one_line(error)}); make it again") from error


def _mapped(path: Path, dtype: np.dtype[Any], count: int) -> np.ndarray:
    """The array that ``path`` holds, shape (count,), memory-mapped but without the costs of np.memmap's indexing."""
    size = path.stat().st_size if path.is_file() else 0
    if size != count * dtype.itemsize:
        raise PhasemixError(
            f"{path}: {size:,} bytes instead of {count * dtype.itemsize:,}: missing or cut short; make its folder again"
        )
    return np.asarray(np.memmap(path, dtype=dtype, mode="r"))
