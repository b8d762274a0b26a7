"""What a cell reads stays bit for bit what it has always been.

The checksum of text alone is that of the batches of commit 39698a7, when a mixture was of two sources and nothing
else; the others are of the commit since which a biography that a segment cuts is shown whole in the next. If one of
them fails, finished studies can no longer be gone on with.
"""

import hashlib

import numpy as np
import pytest

from phasemix.base.files import checksums_of, write_checksums
from phasemix.corpora.documents import write_documents
from phasemix.corpora.tokens import heldout_tokens, write_tokens
from phasemix.study.mixture import mixed_at
from phasemix.tasks.synbio.people import draw_people, write_people
from phasemix.tasks.synbio.task import SynBioTask
from phasemix.training.train_cell import Data, make_mixture
from tests.conftest import SMALL, SYNBIO, TEXT, small_cell
from tests.corpora.bytes_tokenizer import bytes_tokenizer

BATCHES = {  # by the ratio of SynBio, its held-out templates, and the number of batches; the last one: exposures
    (0.3, 0, 300): ("fc9a698aa305a0f213924bed5d3010e7f124be0c663fafba350f21cef1fd640d", 189),
    (0.3, 2, 300): ("b92dd76384943efa55305318dacde1b1878d290a851255170d6d300adbb4edeb", 202),
    (1.0, 0, 150): ("1d9f54ed1798055084b01e3854cb35c9e1d4f7a062987f718343170c6f007e4c", 316),
    (0.0, 0, 150): ("71d6ad64e2970da265fe101bd9b904614600309b0ed949c4c6e40900148b3adc", 0),
}
HELD_OUT = "41829f2b069be72ef6b1dccb524c5879f5422f59868bb22b111aaf84a136935c"
HELD_OUT_BIOGRAPHIES = "bb56010ddc0418b3dd33a19569db935cadae249da0f56115877667a27b521e4c"
PEOPLE = 30


@pytest.fixture(scope="module")
def old_data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frozen")
    data = Data(folder / "corpora", folder / "tokens", folder / "tokenizer")
    tokenizer = bytes_tokenizer(data.tokenizer)
    texts = [f"text {i}: " + "word and number " * (i * 7 % 23) + str(i * i) for i in range(3000)]
    write_documents(texts, 0.1, data.corpora / "web" / "documents.parquet")
    write_people(data.corpora / "synbio" / "people.parquet", draw_people(PEOPLE, SMALL, seed=4))
    for name in ("web", "synbio"):
        write_checksums(checksums_of(data.corpora / name), sorted((data.corpora / name).iterdir()))
    write_tokens(data.corpora / "web" / "documents.parquet", tokenizer, data.tokens / "web")
    assert SynBioTask.write_tokens(data.corpora / "synbio", tokenizer, data.tokens / "synbio") == []
    return data


def cell(ratio, heldout, steps):
    recipe = {"tokens": steps * 8 * 64, "batch_size": 8, "context": 64, "warmup_steps": 1}
    return small_cell(ratio, recipe=recipe, synbio={"heldout_templates": heldout}, seed=1, root_seed=5)


def checksum(arrays):
    found = hashlib.sha256()
    for array in arrays:
        found.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
    return found.hexdigest()


def drained(cell, data):
    """The checksum of a cell's batches, inputs and targets in turn, and its mixture behind the last one."""
    mixture = make_mixture(cell, data.open(cell))
    arrays = [array for _ in range(cell.recipe.steps) for array in next(mixture)]
    with pytest.raises(StopIteration):
        next(mixture)
    return checksum(arrays), mixture


@pytest.mark.parametrize("which", BATCHES)
def test_batches_are_what_they_have_always_been(old_data, which):
    found, mixture = drained(cell(*which), old_data)
    expected, exposures = BATCHES[which]
    assert found == expected
    assert mixture.exposures["synbio"] * PEOPLE == pytest.approx(exposures, abs=0.5)


def test_a_third_source_without_a_part_changes_nothing(old_data):
    """Its place in the mixture is behind the others, so it takes none of their random streams."""
    two = cell(0.3, 0, 300)
    mixture = two.mixture.model_copy(
        update={
            "phases": [
                two.mixture.phases[0].model_copy(update={"proportions": {"synbio": 0.3, "web": 0.7, "web2": 0.0}})
            ]
        }
    )
    three = two.model_copy(update={"mixture": mixture, "sources": {"synbio": SYNBIO, "web": TEXT, "web2": TEXT}})
    tasks = old_data.open(two)
    found = make_mixture(three, tasks | {"web2": tasks["web"]})
    arrays = [array for _ in range(300) for array in next(found)]
    assert checksum(arrays) == BATCHES[0.3, 0, 300][0]
    assert three.mixture.sources == (*mixed_at(0.3, "synbio", "web").sources, "web2")


def test_held_out_text_is_what_it_has_always_been(old_data):
    tasks = old_data.open(cell(0.3, 0, 300))
    assert (
        checksum([tasks["web"].heldout(5000)]) == HELD_OUT == checksum([heldout_tokens(old_data.tokens / "web", 5000)])
    )
    assert checksum([tasks["synbio"].heldout(5000)]) == HELD_OUT_BIOGRAPHIES
