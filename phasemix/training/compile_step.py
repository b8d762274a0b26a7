"""Compiling a training step ahead of time; apart, because PyTorch's compiler takes seconds to import."""

import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch.fx.experimental.proxy_tensor import make_fx


def compile_step(step: Callable[..., Any], example: tuple[Any, ...], path: Path) -> None:
    """Compile ``step`` for arguments such as ``example`` into the package ``path``, which appears whole."""
    with warnings.catch_warnings(), TemporaryDirectory(dir=path.parent) as folder, torch.no_grad():
        warnings.simplefilter("ignore")  # of PyTorch's own deprecated calls
        torch.use_deterministic_algorithms(torch.are_deterministic_algorithms_enabled())  # tells the compiler, too
        program = torch.export.export(make_fx(step)(*example), example)
        package = Path(folder) / "step.pt2"
        torch._inductor.aoti_compile_and_package(program, package_path=str(package))  # noqa: SLF001 (its public home)
        package.replace(path)
