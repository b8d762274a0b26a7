"""The smoke study, run once for all tests of the workflow."""

import shutil

import pytest

from tests.workflow.checkout import copy_checkout, make_run


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A copy of the checkout with the smoke study run, the hub switched off."""
    folder = copy_checkout(tmp_path_factory.mktemp("checkout"))
    make_run(folder)
    return folder


@pytest.fixture
def changed(finished, tmp_path):
    """A moved copy of the finished study, with Snakemake's records, for one test to change."""
    shutil.copytree(finished, tmp_path / "copy", dirs_exist_ok=True)
    return tmp_path / "copy"
