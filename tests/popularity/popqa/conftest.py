"""The dataset of the world, and a model that knows its popular facts."""

import pytest

from tests.popularity.popqa.world import asked, knowing, write_dataset

KNOWN_ABOVE = 250.0  # the popularity of the twelfth most popular fact is 256


@pytest.fixture(scope="session")
def dataset(tmp_path_factory):
    return write_dataset(tmp_path_factory.mktemp("popqa") / "popqa.tsv")


@pytest.fixture(scope="session")
def questions(dataset):
    return asked(dataset)


@pytest.fixture(scope="session")
def knowing_model(questions, tmp_path_factory):
    return knowing(tmp_path_factory.mktemp("knowing"), questions, above=KNOWN_ABOVE)
