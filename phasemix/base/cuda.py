"""Everything that holds for CUDA alone, each with its reason.

What else a GPU needs is the same everywhere: the fused AdamW of :mod:`phasemix.training.optimizer`, and bfloat16 for
the large products (:mod:`phasemix.model.kernels`).
"""

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from phasemix.base.errors import PhasemixError

CHUNK_BYTES = 2**28
"""Of logits made at a time: large enough for a GPU to be busy, a fraction of its memory."""
PEAK_TERAFLOPS = {
    "B200": 2250, "GH200": 989, "H200": 989, "H100 PCIe": 756, "H100": 989, "A100": 312, "A40": 150, "A10": 125,
    "L40S": 362, "L4": 121, "A6000": 155, "4090": 165, "3090": 71,
}  # fmt: skip
"""Dense bfloat16 products by words of PyTorch's name of a GPU, the first that fits, from NVIDIA's data sheets."""


def available() -> bool:
    """Whether PyTorch sees a GPU."""
    return torch.cuda.is_available()


def fuses_attention(x: Tensor) -> bool:
    """Whether PyTorch's fused attention is the faster one for ``x`` at any context: it is on GPUs.

    PyTorch chooses the kernel: FlashAttention in bfloat16, the memory-efficient one in float32. Both have
    deterministic backward passes, which they take as deterministic algorithms are asked for.
    """
    return x.is_cuda


def multiplies_bfloat16() -> bool:
    """Whether this GPU multiplies bfloat16 natively (from Ampere on); older ones emulate it slowly."""
    return torch.cuda.is_bf16_supported(including_emulation=False)


def set_products(precision: torch.dtype) -> None:
    """Say how GPUs take products of float32, in a process whose large products are in ``precision``.

    Beside bfloat16, evaluating in TF32 is eight times as exact as training, and up to eight times as fast as
    float32. Who asks for float32 gets it. CPUs are left as they are: they would take bfloat16 for it.
    """
    if available():
        torch.set_float32_matmul_precision("high" if precision == torch.bfloat16 else "highest")


def onto(device: torch.device, *tensors: Tensor) -> tuple[Tensor, ...]:
    """Tensors of the CPU on a device; to a GPU from pinned memory, so that nobody waits for the copy."""
    if device.type != "cuda":
        return tensors
    return tuple(tensor.pin_memory().to(device, non_blocking=True) for tensor in tensors)


def compile_on_gpu(function: Callable[..., Any], example: tuple[Any, ...]) -> Callable[..., Any]:
    """``function`` compiled by ``torch.compile`` for arguments like these, and run once; its code is kept in a cache.

    It is traced first, so that one graph holds the forward and the backward pass.
    """
    from torch.fx.experimental.proxy_tensor import make_fx  # noqa: PLC0415 (takes a second, and is not needed elsewhere)

    torch.use_deterministic_algorithms(torch.are_deterministic_algorithms_enabled())  # tells the compiler, too
    found = torch.compile(make_fx(function)(*example), dynamic=False)
    found(*example)
    return found


def release() -> None:
    """Give back what PyTorch keeps of the GPU's memory, before something smaller is tried."""
    if available():
        torch.cuda.empty_cache()


def free_bytes(device: torch.device) -> int | None:
    """What nobody has taken of a GPU's memory; None of a CPU."""
    return torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else None


def all_bytes(device: torch.device) -> int | None:
    """A GPU's memory, without taking any of it to find out; None of a CPU."""
    return torch.cuda.get_device_properties(device).total_memory if device.type == "cuda" else None


def peak_bytes(device: torch.device) -> int | None:
    """The most memory that this process has held: of a GPU, or resident; None where nobody counts it."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    status = Path("/proc/self/status")  # getrusage's peak includes the parent's
    return int(status.read_text(encoding="utf-8").partition("VmHWM:")[2].split()[0]) * 1024 if status.exists() else None


def driver() -> str:
    """The version of NVIDIA's driver, as nvidia-smi says it."""
    try:
        line = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
        return subprocess.run(line, capture_output=True, text=True, check=True).stdout.split()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "unknown"


def peak_teraflops(name: str) -> int | None:
    """What a GPU of this name could reach with bfloat16 products; None if it is not known here."""
    words = set(name.replace("-", " ").split())
    return next((peak for model, peak in PEAK_TERAFLOPS.items() if words.issuperset(model.split())), None)


@contextmanager
def own_gpu(local: int | None) -> Iterator[torch.device]:
    """The GPU of this process: that of its place ``local`` among those that torchrun started on this node.

    A process alone (None) takes the GPU that the fewest others of this user hold, since Snakemake counts GPUs but does
    not say which: so small cells share one GPU, or spread over several, as many as the profile allows at once.

    Raises:
        PhasemixError: more processes than GPUs.
    """
    gpus = torch.cuda.device_count()
    if local is not None and local >= gpus:
        raise PhasemixError(
            f"process {local} of this node has no GPU of its own: start as many as the {gpus} GPUs that PyTorch sees"
            " (torchrun --nproc-per-node)"
        )
    with _least_held(gpus) if local is None and gpus > 1 else nullcontext(local or 0) as gpu:
        device = torch.device("cuda", gpu)
        torch.cuda.set_device(device)
        yield device


@contextmanager
def _least_held(gpus: int) -> Iterator[int]:
    """Hold a lock of the GPU with the fewest: each has a first, a second …, which are freed when a process ends."""
    folder = Path(tempfile.gettempdir()) / f"phasemix-gpus-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    names = [str(torch.cuda.get_device_properties(gpu).uuid) for gpu in range(gpus)]
    for place in count():
        for gpu, name in enumerate(names):
            with (folder / f"{name}.{place}").open("w") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield gpu
                return
