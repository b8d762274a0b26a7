"""What holds for CUDA alone, as far as it can be shown without a GPU: PyTorch tells of GPUs that are not there."""

from contextlib import ExitStack
from types import SimpleNamespace

import pytest
import torch

from phasemix.base import cuda
from phasemix.base.errors import PhasemixError
from phasemix.training.train_cell import refuse_too_large

GPU, CPU = torch.device("cuda", 0), torch.device("cpu")


@pytest.fixture
def two_gpus(monkeypatch, tmp_path):
    """A machine with two GPUs, as PyTorch describes them."""
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(
        torch.cuda, "get_device_properties", lambda gpu: SimpleNamespace(uuid=f"uuid-{gpu}", total_memory=80 * 10**9)
    )
    monkeypatch.setattr(torch.cuda, "set_device", lambda device: None)
    monkeypatch.setattr(cuda.tempfile, "gettempdir", lambda: str(tmp_path))


def test_cells_spread_over_the_gpus_and_then_share_them(two_gpus):
    with ExitStack() as cells:
        assert [cells.enter_context(cuda.own_gpu(None)).index for _ in range(5)] == [0, 1, 0, 1, 0]
    with cuda.own_gpu(None) as free_again:
        assert free_again.index == 0


def test_a_gpu_whose_cell_has_ended_is_taken_next(two_gpus):
    first = cuda.own_gpu(None)
    first.__enter__()
    with cuda.own_gpu(None), cuda.own_gpu(None) as third:
        assert third.index == 0
        first.__exit__(None, None, None)
        with cuda.own_gpu(None) as fourth:
            assert fourth.index == 0


def test_processes_of_torchrun_have_the_gpu_of_their_place(two_gpus):
    with cuda.own_gpu(1) as device:
        assert device == torch.device("cuda", 1)
    with pytest.raises(PhasemixError, match="process 2 of this node has no GPU of its own: start as many as the 2"):
        cuda.own_gpu(2).__enter__()


@pytest.mark.parametrize(
    ("name", "peak"),
    [
        ("NVIDIA A100-SXM4-80GB", 312), ("NVIDIA H100 PCIe", 756), ("NVIDIA H100 80GB HBM3", 989), ("NVIDIA L4", 121),
        ("NVIDIA A10", 125), ("NVIDIA A10G", None), ("NVIDIA RTX A4000", None), ("NVIDIA GeForce RTX 4090", 165),
    ],
)  # fmt: skip
def test_peaks_are_of_the_very_gpu(name, peak):
    assert cuda.peak_teraflops(name) == peak


def test_tf32_is_for_gpus_beside_bfloat16(monkeypatch):
    said = []
    monkeypatch.setattr(torch, "set_float32_matmul_precision", said.append)
    cuda.set_products(torch.bfloat16)
    assert said == []  # a CPU would take it for bfloat16
    monkeypatch.setattr(cuda, "available", lambda: True)
    cuda.set_products(torch.bfloat16)
    cuda.set_products(torch.float32)
    assert said == ["high", "highest"]


def test_batches_stay_where_they_are_on_a_cpu():
    ids = torch.arange(3)
    assert cuda.onto(CPU, ids)[0] is ids


def test_a_model_that_no_gpu_holds_whole_is_refused(two_gpus):
    refuse_too_large(4_900_000_000, GPU)
    refuse_too_large(6_900_000_000, CPU)
    with pytest.raises(
        PhasemixError, match=r"6,900,000,000 parameters take 110 GB, and the GPU has 80 GB: .* shard: true"
    ):
        refuse_too_large(6_900_000_000, GPU)


def test_memory_that_a_process_held_at_most_is_counted():
    held = torch.ones(10_000_000)
    assert cuda.peak_bytes(CPU) > held.nbytes
    assert cuda.all_bytes(CPU) is None
    assert cuda.free_bytes(CPU) is None
