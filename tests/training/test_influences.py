"""A cell whose documents are drawn by their influence reads those that help most."""

import numpy as np
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_json
from phasemix.corpora.tokens import TrainingDocuments
from phasemix.training.train_cell import make_mixture, run_cell
from tests.conftest import small_cell

PREFERRED = 300


def cell_by(path, source="web", documents=range(600)):
    """A cell whose influences, in this file, are 1 of the first documents and 0 of as many after them."""
    values = [1.0 * (number < PREFERRED) for number in documents]
    write_json(path, {source: {"documents": list(documents), "influences": values}})
    cell = small_cell()
    return cell.model_copy(update={"mixture": cell.mixture.model_copy(update={"influences": str(path)})})


def test_documents_of_more_influence_are_read(data, tmp_path):
    cell = cell_by(tmp_path / "influences.json")
    mixture = make_mixture(cell, data.open(cell))
    ids = np.concatenate([next(mixture)[0].ravel() for _ in range(cell.recipe.steps)])
    read = " ".join(map(str, ids))
    text = TrainingDocuments(data.tokens / "web")
    own = [" ".join(map(str, text.read(np.array([number]))[0])) for number in range(text.count)]
    found = np.flatnonzero([document in read for document in own])
    assert len(found) > 10
    assert found.max() < PREFERRED


def test_the_influences_are_a_part_of_what_decides_the_weights(data, tmp_path):
    hashes = set()
    for number, documents in enumerate((range(600), range(600), range(500))):
        cell, run = cell_by(tmp_path / "influences.json", documents=documents), tmp_path / str(number)
        run_cell(cell, data, run=run, checkpoints=run / "checkpoints")
        hashes.add(read_json(run / "manifest.json")["cell_hash"])
    assert len(hashes) == 2


def test_influences_that_do_not_fit(data, tmp_path):
    cell = cell_by(tmp_path / "influences.json", source="synbio")
    with pytest.raises(PhasemixError, match=r"influences\.json: has influences of synbio, which has no documents"):
        make_mixture(cell, data.open(cell))
    (tmp_path / "influences.json").unlink()
    with pytest.raises(PhasemixError, match=r"influences\.json"):
        run_cell(cell, data, run=tmp_path / "run", checkpoints=tmp_path / "checkpoints")
