"""The compiled step: the same numbers as the reference, compiled once, and what happens when it cannot be."""

from functools import partial

import numpy as np
import pytest
import torch

from bench.reference import ReferenceLoop, reference_model
from phasemix.base import cuda
from phasemix.base.errors import PhasemixError
from phasemix.corpora.document_packing import IGNORED
from phasemix.model.gpt_neox import Dimensions, build_model
from phasemix.study.cell import Recipe
from phasemix.training import compile_step, engine
from phasemix.training.accumulation import Accumulation
from phasemix.training.devices import Devices
from phasemix.training.engine import Engine, package_path, resolve_precision
from phasemix.training.learning_rate_schedules import learning_rate
from phasemix.training.optimizer import AdamW, flatten
from phasemix.training.whole import Whole
from tests.conftest import small_cell
from tests.training import processes
from tests.training.conftest import ROWS, VOCABULARY

pytestmark = pytest.mark.xdist_group("compiled")  # by one worker: compiling takes half a minute

CPU = torch.device("cpu")
SMALL = small_cell().architecture
RECIPE = Recipe(tokens=200 * 4 * 32, batch_size=4, context=32, peak_learning_rate=1e-2, warmup_steps=5)


@pytest.fixture(autouse=True)
def _deterministic():
    torch.manual_seed(0)


def small_model(vocabulary=VOCABULARY):
    return build_model(Dimensions.of(SMALL, vocabulary, 32))


def batches(count, ignored=False):
    rng = np.random.default_rng(0)
    for _ in range(count):
        ids = rng.zipf(1.5, size=(4, 33)).clip(max=199)
        targets = ids[:, 1:].copy()
        if ignored:
            targets[0, :7] = IGNORED
        yield ids[:, :-1], targets


def losses(precision, folder, count=20, rows=ROWS):
    """Losses of our loop and of the reference, from the same weights on the same batches."""
    torch.manual_seed(1)
    model = small_model()
    reference = ReferenceLoop(reference_model(model), RECIPE)
    held = Whole(model, Devices(CPU))
    optimizer = AdamW(held.groups, RECIPE)
    step = Accumulation(held, rows=rows, precision=precision, compiled=folder)
    ours, theirs = [], []
    for done, batch in enumerate(batches(count, ignored=True)):
        ours.append(step(batch))
        optimizer.update(learning_rate(done, RECIPE))
        theirs.append(reference.step(batch))
    return np.array(ours), np.array(theirs)


@pytest.mark.parametrize("folder", [True, False], ids=["compiled", "eager"])
@pytest.mark.parametrize(("precision", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 5e-3)])
def test_losses_follow_the_reference_loop_in_float32(compiled, folder, precision, tolerance):
    ours, theirs = losses(precision, compiled.folder if folder else None)
    assert theirs[-1] < theirs[0] - 0.5  # it learns
    np.testing.assert_allclose(ours, theirs, rtol=tolerance)


def test_micro_batches_that_do_not_divide_the_batch_change_nothing():
    ours, theirs = losses(torch.float32, None, rows=3)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_a_size_is_compiled_once(compiled, capsys):
    before = {path: path.stat().st_mtime_ns for path in compiled.folder.glob("*.pt2")}
    assert sorted(path.name for path in before) == sorted(compiled.packages.values())
    for precision in (torch.float32, torch.bfloat16):
        losses(precision, compiled.folder, count=1)
    assert capsys.readouterr().err == ""
    assert {path: path.stat().st_mtime_ns for path in compiled.folder.glob("*.pt2")} == before


def test_a_damaged_compiled_step_is_made_anew(compiled):
    said = compiled.said["bfloat16"].splitlines()
    assert f"{compiled.folder / compiled.packages['bfloat16']}: damaged, made anew" in said[0]
    assert said[1].startswith("compiling the training step")
    assert not any("damaged" in line for line in compiled.said["float32"].splitlines())
    assert (compiled.folder / compiled.packages["bfloat16"]).stat().st_size > 10_000


def test_without_a_compiler_it_runs_eagerly_and_says_so(tmp_path, monkeypatch, capsys):
    engine.warn_once.cache_clear()
    monkeypatch.setenv("CXX", "no-such-compiler")
    ours, theirs = losses(torch.float32, tmp_path, count=3)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith(
        "warning: the training step runs eagerly, which is slower: there is no C++ compiler; install g++"
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_a_compiler_that_fails_is_no_obstacle(tmp_path, monkeypatch, capsys):
    tried = []

    def failing(*_):
        tried.append(1)
        raise RuntimeError("g++: fatal error\nand much more")

    engine.warn_once.cache_clear()
    monkeypatch.setattr(compile_step, "compile_step", failing)
    for _ in range(2):
        ours, theirs = losses(torch.float32, tmp_path, count=2)
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)
    said = capsys.readouterr().err
    assert "runs eagerly, which is slower: g++: fatal error" in said
    assert "compiling failed (g++: fatal error); to try again, remove" in said
    assert len(tried) == 1  # not by every cell


def test_what_decides_the_code_decides_its_name(tmp_path, monkeypatch):
    def name(model=None, rows=4, precision=torch.bfloat16):
        return package_path(model or small_model(), rows, precision, tmp_path).name

    own = name()
    assert own == name() == name(build_model(Dimensions.of(SMALL, VOCABULARY, 32, end_of_text=7)))
    others = {name(rows=2), name(precision=torch.float32), name(small_model(600))}
    monkeypatch.setattr(torch, "get_num_threads", lambda: 2)
    others.add(name())
    assert len({own} | others) == 5
    monkeypatch.setattr(engine, "sha256", lambda path: "edited" if path.name == "kernels.py" else "")
    edited = name()
    monkeypatch.setattr(engine, "sha256", lambda path: "")
    assert name() != edited


def test_gradients_add_up():
    model = small_model()
    flats = flatten(model)
    step = Engine(model, 4, torch.float32, None)
    inputs, targets = (torch.from_numpy(ids) for ids in next(batches(1)))
    step(inputs, targets, torch.full(inputs.shape, 0.5))
    once = [flat.grad.clone() for flat in flats]
    step(inputs, targets, torch.full(inputs.shape, 0.5))
    for gradient, flat in zip(once, flats, strict=True):
        assert torch.allclose(flat.grad, 2 * gradient, rtol=1e-5, atol=1e-8)


def test_the_step_that_a_gpu_compiles_is_the_eager_one(monkeypatch):
    """Traced as for a GPU; the compiler behind it is PyTorch's that changes nothing."""
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend="eager"))
    model = small_model()
    eager = engine.gradients(model, 4, torch.float32, None)
    inputs, targets = (torch.from_numpy(ids) for ids in next(batches(1)))
    arguments = [p.detach() for p in model.parameters()], inputs, targets, torch.full(inputs.shape, 0.5)
    with torch.no_grad():
        found = cuda.compile_on_gpu(eager, arguments)(*arguments)
    for ours, theirs in zip(found, eager(*arguments), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_precision_is_what_is_asked_for(monkeypatch):
    assert resolve_precision("float32", CPU) == torch.float32
    assert resolve_precision("bfloat16", CPU) == torch.bfloat16
    for feature, native in {"avx512_bf16": True, "amx_bf16": True, "bf16": True, "avx2": False}.items():
        monkeypatch.setattr(
            torch.cpu, "get_capabilities", lambda feature=feature: {"avx512_bf16": False, feature: True}
        )
        assert resolve_precision("auto", CPU) == (torch.bfloat16 if native else torch.float32)


@pytest.mark.parametrize("fits", [1, 2, 3])
def test_out_of_memory_halves_the_micro_batch_and_begins_the_batch_anew(monkeypatch, capsys, fits):
    """As PyTorch's allocator says it; a step with more rows than fit first adds half of its gradients."""
    real = Engine.__call__

    def allocating(self, inputs, targets, weights):
        loss = real(self, inputs, targets, weights)
        if self.rows > fits:
            raise RuntimeError("[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory")
        return loss

    monkeypatch.setattr(Engine, "__call__", allocating)
    ours, theirs = losses(torch.float32, None, count=4)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)
    assert f"out of memory: going on with micro-batches of {min(fits, 2)} rows" in capsys.readouterr().err


def test_out_of_memory_ends_a_run_whose_processes_wait_for_each_other(monkeypatch):
    def full(*_):
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(Engine, "__call__", full)
    monkeypatch.setattr(Whole, "begin_anew", lambda self: False)  # as sharded parameters say it
    with pytest.raises(PhasemixError, match="out of memory with micro-batches of 4 rows: give this size more devices"):
        losses(torch.float32, None, count=1)


def test_other_errors_are_not_taken_for_memory(monkeypatch):
    def broken(*_):
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(Engine, "__call__", broken)
    with pytest.raises(RuntimeError, match="shapes do not match"):
        losses(torch.float32, None, count=1)


REAL_LIMIT = """
import resource, sys, torch
torch.set_num_threads(1)
from phasemix.training.accumulation import Accumulation
from phasemix.study.cell import Architecture
from phasemix.training.devices import Devices
from phasemix.model.gpt_neox import Dimensions, build_model
from phasemix.training.whole import Whole
model = build_model(Dimensions.of(Architecture(layers=1, width=64, heads=2, tied=True), 2048, 512))
held = Whole(model, Devices(torch.device("cpu")))
step = Accumulation(held, rows=64, precision=torch.float32, compiled=None)
ids = torch.randint(0, 2048, (64, 513)).numpy()
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 400 * 2**20, resource.RLIM_INFINITY))
loss = step((ids[:, :-1], ids[:, 1:]))
print(f"{step.rows} rows, loss {loss}")
"""


def test_a_real_limit_on_memory_is_met_with_smaller_micro_batches(tmp_path):
    (tmp_path / "limit.py").write_text(REAL_LIMIT)
    done = processes.run(str(tmp_path / "limit"), log=tmp_path / "log")
    assert done.process.exitcode == 0, done.said
    assert "out of memory" in done.said
    [line] = [line for line in done.said.splitlines() if "rows, loss" in line]
    rows, _, _, loss = line.split()
    assert 1 <= int(rows) < 64
    assert float(loss) == pytest.approx(np.log(2048), rel=0.05)
