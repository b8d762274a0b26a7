"""Losses and gradients of a model as one graph, compiled once for every size and kept on disk.

The forward and the backward pass are traced together into one graph of PyTorch operations for a
fixed number of rows. On a CPU it is compiled ahead of time (AOTInductor) into a package that every
later cell of the same size loads in a moment; on a GPU ``torch.compile`` takes it. Without a C++
compiler the same functions run eagerly.

Format of the folder of compiled steps: ``<key>.pt2``, the key being a hash of all that decides the
code: shapes, precision, threads, the source files of this module, PyTorch, and the processor;
``<key>.failed``, why compiling it failed, so that it is not tried again by every cell.
"""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from phasemix.base.cuda import compile_on_gpu, multiplies_bfloat16
from phasemix.base.errors import PhasemixError, one_line, warn
from phasemix.base.files import sha256, write_text
from phasemix.base.provenance import processor
from phasemix.base.sources import sources
from phasemix.model.gpt_neox import GPTNeoX

EAGERLY = "the training step runs eagerly, which is slower: "  # and then why
OUT_OF_MEMORY = ("out of memory", "not enough memory", "can't allocate memory")  # as PyTorch's allocators say it

Gradients = Callable[[Sequence[Tensor], Tensor, Tensor, Tensor], list[Tensor]]
"""From parameters, ids, targets and weights to the loss and the parameters' gradients."""


class Engine:
    """Adds the gradients of some rows to ``.grad`` of a model's parameters.

    Args:
        model: flattened (:func:`phasemix.training.optimizer.flatten`).
        rows: how many rows are computed at a time.
        precision: of the large products.
        compiled: the folder of compiled steps; None runs eagerly.
    """

    def __init__(self, model: GPTNeoX, rows: int, precision: torch.dtype, compiled: Path | None) -> None:
        self.rows = rows
        self._parameters = [parameter.detach() for parameter in model.parameters()]
        self._sums = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
        self._gradients = gradients(model, rows, precision, compiled)

    def __call__(self, inputs: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        """The summed loss of a batch by ``weights``, all of shape (``rows``, context); adds its gradients."""
        with torch.no_grad():
            # Compiled code takes the layout that it was compiled for as given.
            batch = [each.contiguous() for each in (inputs, targets, weights)]
            loss, *found = self._gradients(self._parameters, *batch)
            torch._foreach_add_(self._sums, found)
        return loss


def resolve_precision(precision: str, device: torch.device) -> torch.dtype:
    """The type of the large products; ``auto`` is bfloat16 where the hardware multiplies it natively."""
    if precision == "auto":
        if device.type == "cuda":
            native = multiplies_bfloat16()
        else:
            able = torch.cpu.get_capabilities()
            # The names of Intel's and AMD's extensions, and ARM's.
            native = any(able.get(feature, False) for feature in ("avx512_bf16", "amx_bf16", "bf16"))
        precision = "bfloat16" if native else "float32"
    return {"bfloat16": torch.bfloat16, "float32": torch.float32}[precision]


def gradients(model: GPTNeoX, rows: int, precision: torch.dtype, compiled: Path | None) -> Gradients:
    """The function that :class:`Engine` calls, of which the arguments are; compiled if that can be."""
    names = [name for name, _ in model.named_parameters()]

    def eager(parameters: Sequence[Tensor], ids: Tensor, targets: Tensor, weights: Tensor) -> list[Tensor]:
        with torch.enable_grad():
            leaves = [parameter.detach().requires_grad_() for parameter in parameters]
            named = dict(zip(names, leaves, strict=True))
            loss = torch.func.functional_call(model, named, (ids, targets, weights, precision))
            return [loss.detach(), *torch.autograd.grad(loss, leaves)]

    if compiled is None:
        return eager
    # Different tensors: a tracer takes one that is given twice for one argument.
    ids, targets = torch.zeros((2, rows, model.dimensions.context), dtype=torch.long, device=model.device)
    weights = torch.ones(ids.shape, device=model.device)
    example = ([p.detach() for p in model.parameters()], ids, targets, weights)
    try:
        if model.device.type == "cuda":
            return compile_on_gpu(eager, example)
        return _package(package_path(model, rows, precision, compiled), eager, example)
    except Exception as error:  # a compiler fails in many ways, and none of them may stop the run
        if is_out_of_memory(error):
            raise
        warn_once(f"{EAGERLY}{one_line(error)}")
        return eager


def is_out_of_memory(error: BaseException) -> bool:
    """Whether PyTorch says that the memory does not suffice."""
    return isinstance(error, RuntimeError) and any(words in str(error) for words in OUT_OF_MEMORY)


warn_once = cache(warn)


def _package(path: Path, eager: Gradients, example: tuple[Any, ...]) -> Gradients:
    """The step in ``path``, compiled first if it is not there or damaged; other processes wait meanwhile."""
    if shutil.which(os.environ.get("CXX", "g++")) is None:
        raise PhasemixError("there is no C++ compiler; install g++, or name one with CXX")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            try:
                return _load(path)
            except Exception as error:  # a damaged file fails in many ways
                warn(f"{path}: damaged, made anew ({one_line(error)})")
        failed = path.with_suffix(".failed")
        if failed.exists():
            raise PhasemixError(f"{failed.read_text(encoding='utf-8')}; to try again, remove {failed}")
        print("compiling the training step, once for this size …", file=sys.stderr)
        from phasemix.training.compile_step import compile_step  # noqa: PLC0415 (takes seconds; most cells find it done)

        try:
            compile_step(eager, example, path)
        except Exception as error:
            if not is_out_of_memory(error):
                write_text(failed, f"compiling failed ({one_line(error)})")
            raise
        return _load(path)


def package_path(model: GPTNeoX, rows: int, precision: torch.dtype, compiled: Path) -> Path:
    """The package of a model's step in the folder of compiled steps, on this processor."""
    facts = [replace(model.dimensions, end_of_text=0).text, rows, precision, torch.get_num_threads(), torch.__version__]
    facts += [processor(), sorted(torch.cpu.get_capabilities().items()), *map(sha256, sources(__name__))]
    key = hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:32]
    return compiled / f"{key}.pt2"


def _load(path: Path) -> Gradients:
    """The step in a package.

    PyTorch's own ``aoti_load_package`` imports its compiler first, which takes seconds; the loader beneath it takes
    and returns flat lists.
    """
    loader = torch._C._aoti.AOTIModelPackageLoader(str(path), "model", False, 1, -1)  # noqa: SLF001

    def run(parameters: Sequence[Tensor], ids: Tensor, targets: Tensor, weights: Tensor) -> list[Tensor]:
        found: list[Tensor] = loader.boxed_run([*parameters, ids, targets, weights])
        return found

    return run
