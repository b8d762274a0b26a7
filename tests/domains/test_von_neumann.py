"""The entropy by second moments is that of the kernel, and the jackknife's error is the error."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from phasemix.base.errors import PhasemixError
from phasemix.domains.von_neumann import GROUPS, SecondMoments


def measured(embeddings, documents=None, groups=GROUPS, batch=10**6):
    embeddings = np.asarray(embeddings)
    documents = np.arange(len(embeddings)) if documents is None else np.asarray(documents)
    moments = SecondMoments(embeddings.shape[1], groups)
    for first in range(0, len(embeddings), batch):
        moments.add(embeddings[first : first + batch], documents[first : first + batch])
    return moments.result()


def of_kernel(embeddings):
    """By the definition: the eigenvalues of all cosine similarities over N."""
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    values = np.linalg.eigvalsh(unit @ unit.T / len(unit))
    values = values[values > 1e-14]
    return float(-np.sum(values * np.log(values)))


def anisotropic(samples, seed):
    """Gaussian samples that spread differently in 4 directions."""
    return np.random.default_rng(seed).normal(size=(samples, 4)) * [3, 2, 1, 0.5] + [1, 0, 0, 0]


def test_orthogonal_samples_have_the_logarithm_of_their_number():
    found = measured(np.diag([1.0, 20.0, 300.0, 0.5, 7.0]))
    assert found.entropy == pytest.approx(math.log(5), abs=1e-9)
    assert found.samples == 5


def test_identical_samples_have_none():
    found = measured(np.outer(np.arange(1, 101), np.random.default_rng(0).normal(size=300)))
    assert found.entropy == pytest.approx(0, abs=1e-9)
    assert found.standard_error == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("angle", [0.1, 1.0, 2.5])
def test_two_samples_at_an_angle(angle):
    found = measured([[1, 0], [3 * math.cos(angle), 3 * math.sin(angle)]])
    values = [(1 + math.cos(angle)) / 2, (1 - math.cos(angle)) / 2]
    assert found.entropy == pytest.approx(-sum(value * math.log(value) for value in values), abs=1e-9)


@given(samples=st.integers(1, 40), dimensions=st.integers(1, 30), batch=st.integers(1, 50), seed=st.integers(0, 9))
def test_it_is_the_kernels_entropy_in_any_batches_and_documents(samples, dimensions, batch, seed):
    rng = np.random.default_rng(seed)
    embeddings, documents = rng.normal(size=(samples, dimensions)), rng.integers(0, 12, samples)
    found = measured(embeddings, documents, batch=batch)
    assert found.entropy == pytest.approx(of_kernel(embeddings), abs=1e-9)
    whole = measured(embeddings, documents)
    assert found.standard_error == pytest.approx(whole.standard_error, abs=1e-9, nan_ok=True)
    assert found.bias == pytest.approx(whole.bias, abs=1e-9, nan_ok=True)


def test_the_error_is_that_of_leaving_out_one_group_after_another():
    embeddings = anisotropic(200, 0)
    found = measured(embeddings)
    without = np.array([of_kernel(embeddings[np.arange(200) % GROUPS != group]) for group in range(GROUPS)])
    error = math.sqrt((GROUPS - 1) / GROUPS * np.sum((without - without.mean()) ** 2))
    assert found.standard_error == pytest.approx(error, abs=1e-9)
    assert found.bias == pytest.approx((GROUPS - 1) * (without.mean() - found.entropy), abs=1e-9)


def test_the_error_with_groups_of_different_sizes():
    """Term by term as Busing, Meijer and van der Leeden (1999) write it."""
    embeddings, groups = anisotropic(90, 0), np.repeat([0, 1, 2, 3], [10, 40, 15, 25])
    found = measured(embeddings, groups)
    whole = of_kernel(embeddings)
    without = [of_kernel(embeddings[groups != group]) for group in range(4)]
    times = [90 / n for n in (10, 40, 15, 25)]
    jackknife = 4 * whole - sum((1 - 1 / h) * left for h, left in zip(times, without))
    pseudo = [h * whole - (h - 1) * left for h, left in zip(times, without)]
    variance = sum((value - jackknife) ** 2 / (h - 1) for h, value in zip(times, pseudo)) / 4
    assert found.standard_error == pytest.approx(math.sqrt(variance), abs=1e-9)
    assert found.bias == pytest.approx(whole - jackknife, abs=1e-9)


def test_intervals_hold_the_truth_and_the_bias_is_told():
    truth = measured(anisotropic(1_000_000, 999)).entropy
    found = [measured(anisotropic(60, seed)) for seed in range(400)]
    entropies, errors, biases = np.array([(each.entropy, each.standard_error, each.bias) for each in found]).T
    off = np.abs(entropies - biases - truth)
    assert 0.92 < np.mean(off <= student.ppf(0.975, GROUPS - 1) * errors) < 0.98
    assert errors.mean() == pytest.approx(entropies.std(), rel=0.1)
    assert entropies.mean() < truth - 0.005
    assert biases.mean() == pytest.approx(entropies.mean() - truth, rel=0.2)


def test_samples_of_one_document_stay_together():
    """Ten times the same samples tell no more than once."""
    embeddings = anisotropic(100, 0)
    once = measured(embeddings)
    repeated = measured(np.repeat(embeddings, 10, axis=0), np.repeat(np.arange(100), 10))
    assert repeated.samples == 1000
    assert repeated.entropy == pytest.approx(once.entropy, abs=1e-9)
    assert repeated.standard_error == pytest.approx(once.standard_error, abs=1e-9)


def test_samples_without_an_embedding_are_left_out_and_counted():
    embeddings = anisotropic(50, 0)
    found = measured(np.concatenate([embeddings, np.zeros((3, 4))]))
    assert (found.samples, found.empty) == (50, 3)
    assert found.entropy == pytest.approx(of_kernel(embeddings), abs=1e-9)


def test_one_document_has_an_entropy_and_no_error():
    found = measured(anisotropic(50, 0), np.full(50, 7))
    assert found.entropy == pytest.approx(of_kernel(anisotropic(50, 0)), abs=1e-9)
    assert math.isnan(found.standard_error)
    assert math.isnan(found.bias)


def test_no_samples_have_none():
    with pytest.raises(PhasemixError, match="no sample has an embedding"):
        measured(np.zeros((3, 4)))
