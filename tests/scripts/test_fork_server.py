"""Jobs as children of the fork server: as ordinary processes to whoever starts and signals them, and never orphans."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from phasemix.base.files import read_json, sha256
from phasemix.training.train_cell import Data
from tests.conftest import ROOT, small_cell
from tests.patience import PATIENCE
from tests.training.processes import arguments_of

pytestmark = pytest.mark.xdist_group("fork server")

ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "GOTO")}
LAUNCH = [sys.executable, "-IS", "scripts/launch.py"]
STARTING = "import os, sys, time; from pathlib import Path; Path(sys.argv[1]).write_text(str(os.getpid()))\n"


def environment(path: Path, **changes: str) -> dict[str, str]:
    """What Snakemake gives to jobs of one thread."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return ours | ONE_THREAD | {"PHASEMIX_FORK_SERVER": str(path)} | changes


class Server:
    """A fork server with its socket in ``folder``."""

    def __init__(self, folder: Path, *, libraries: str = "{'numpy': ()}") -> None:
        self.path, self.log = folder / "socket", folder / "log"
        self.clients: list[subprocess.Popen[str]] = []
        light = folder / "light.py"
        light.write_text(
            f"import sys; sys.path.insert(0, {str(ROOT)!r}); from scripts import fork_server\n"
            f"fork_server.LIBRARIES = {libraries} or fork_server.LIBRARIES\nfork_server.main()\n"
        )
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "scripts/launch.py", light, self.path],
                cwd=ROOT,
                env=environment(self.path),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                process_group=0,
            )

    def ready(self) -> "Server":
        until(lambda: self.path.exists() or self.process.poll() is not None)
        assert self.path.exists(), self.log.read_text()
        return self

    def start(self, program: Path, *arguments: str, **changes: str) -> "subprocess.Popen[str]":
        """Start a job as rules do."""
        client = subprocess.Popen(
            [*LAUNCH, program, *arguments],
            cwd=ROOT,
            env=environment(self.path, **changes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.clients.append(client)
        return client

    def end(self) -> None:
        """Wait for it and for all clients."""
        for process in (self.process, *self.clients):
            process.communicate()


def until(happened) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def started(file: Path) -> psutil.Process:
    """The process of a program that begins with :data:`STARTING`."""
    until(lambda: file.exists() and file.read_text())
    return psutil.Process(int(file.read_text()))


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    found = Server(tmp_path_factory.mktemp("server")).ready()
    yield found
    found.end()


@pytest.fixture
def own(tmp_path):
    """A server that a test may kill."""
    found = Server(tmp_path).ready()
    yield found
    found.process.kill()
    found.end()


@pytest.fixture
def program(tmp_path):
    """A function: a script of these lines."""

    def write(text: str) -> Path:
        (tmp_path / "program.py").write_text(text)
        return tmp_path / "program.py"

    return write


def test_a_job_is_a_child_of_the_server_with_all_that_its_client_has(server, program, tmp_path):
    text = "import json, os, sys; print(json.dumps([os.getppid(), sys.argv, os.getcwd(), sys.path[0], __name__,"
    path = program(
        text + "os.environ['TMPDIR'], os.environ['PHASEMIX_X'], sys.stdin.read(), os.listdir('/proc/self/fd')]))"
    )
    done = subprocess.run(
        [sys.executable, "-IS", ROOT / "scripts/launch.py", "--threads", "1", path, "a b", "--nodes", "é"],
        cwd=tmp_path,
        env=environment(server.path, TMPDIR="/here", PHASEMIX_X="1"),
        input="typed",
        capture_output=True,
        text=True,
        check=True,
    )
    parent, *found, files = json.loads(done.stdout)
    assert parent == server.process.pid
    arguments = [str(path), "a b", "--nodes", "é"]
    assert found == [arguments, str(tmp_path), str(tmp_path), "__main__", "/here", "1", "typed"]
    assert len(files) == 4  # the standard files, and the listed folder


@pytest.mark.parametrize(
    "text",
    [
        "print('said', end='')",
        "import sys; sys.exit(3)",
        "import sys; sys.exit(256 + 3)",
        "import sys; print('out'); sys.exit('error: no such thing')",
        "def f(): raise ValueError('in vain')\nf()",
        "1 +",
        (
            "import atexit, threading, time; atexit.register(print, 'at exit')\n"
            "threading.Thread(target=lambda: (time.sleep(0.2), print('thread'))).start()"
        ),
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
        "raise KeyboardInterrupt",
        "import os; os.close(1); print('into nothing')",
    ],
)
def test_a_job_says_and_ends_as_an_ordinary_process(server, program, text):
    """Exit codes, the one line of an error, tracebacks, what runs at the end, and signals."""
    path = program(text)
    forked = server.start(path)
    said = forked.communicate(timeout=PATIENCE)
    ordinary = subprocess.run([sys.executable, path], capture_output=True, text=True, check=False)
    assert (forked.returncode, *said) == (ordinary.returncode, ordinary.stdout, ordinary.stderr)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_reach_the_job_which_may_save_what_it_has(server, program, tmp_path, number):
    text = f"import signal, sys; signal.signal({int(number)}, lambda *_: sys.exit('error: saved'))\n"
    client = server.start(program(text + STARTING + "time.sleep(60)"), str(tmp_path / "pid"))
    started(tmp_path / "pid")
    client.send_signal(number)
    assert client.communicate(timeout=PATIENCE) == ("", "error: saved\n")
    assert client.returncode == 1


def test_a_job_that_a_signal_ends_ends_its_client_by_it(server, program, tmp_path):
    client = server.start(program(STARTING + "time.sleep(60)"), str(tmp_path / "pid"))
    started(tmp_path / "pid")
    client.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in client.communicate(timeout=PATIENCE)[1]
    assert client.returncode == -signal.SIGINT


def test_a_job_stops_and_goes_on_with_its_client(server, program, tmp_path):
    """As Ctrl-Z and fg let them."""
    client = server.start(program(STARTING + "time.sleep(0.5)"), str(tmp_path / "pid"))
    job = started(tmp_path / "pid")
    client.send_signal(signal.SIGTSTP)
    until(lambda: {psutil.Process(client.pid).status(), job.status()} == {psutil.STATUS_STOPPED})
    client.send_signal(signal.SIGCONT)
    assert client.wait(PATIENCE) == 0


SAVES = (
    "import signal; signal.signal(signal.SIGTERM, lambda *_: (Path(sys.argv[2]).write_text('saved'), sys.exit(1)))\n"
    + STARTING
    + "time.sleep(60)"
)


@pytest.fixture
def saving(own, program, tmp_path):
    """A job that saves upon SIGTERM: its client, its process, and the file that it saves."""
    client = own.start(
        program(STARTING.splitlines()[0].split("; Path(")[0] + "\n" + SAVES),
        str(tmp_path / "pid"),
        str(tmp_path / "saved"),
    )
    return client, started(tmp_path / "pid"), tmp_path / "saved"


def test_a_job_whose_client_is_killed_saves_and_ends(saving):
    client, job, saved = saving
    client.kill()
    until(lambda: gone(job))
    assert saved.read_text() == "saved"


def test_a_job_whose_server_is_killed_saves_and_ends_and_later_ones_start_without(own, saving, program):
    client, job, saved = saving
    own.process.kill()
    said = client.communicate(timeout=PATIENCE)
    assert gone(job)
    assert saved.read_text() == "saved"
    assert said == ("", "error: the fork server was killed, and so this job was stopped; start it again\n")
    assert client.returncode == 1
    later = own.start(program("print('ordinary')"))
    assert later.communicate(timeout=PATIENCE) == ("ordinary\n", "")


def test_the_server_goes_with_its_parent_and_waits_for_its_jobs(own, saving):
    client, job, saved = saving
    own.process.stdin.close()
    assert own.process.wait(PATIENCE) == 0
    assert gone(job)
    assert saved.read_text() == "saved"
    assert client.wait(PATIENCE) == 1
    assert not own.path.exists()


def test_the_server_goes_when_its_parent_is_killed(tmp_path):
    text = (
        "import sys, time; from pathlib import Path; from tests.scripts.test_fork_server import Server\n"
        f"print(Server(Path({str(tmp_path)!r})).ready().process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", text], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    server = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()
    until(lambda: gone(server))


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        ([], {"OMP_NUM_THREADS": "7"}),
        ([], {"NEW_VARIABLE": "1"}),
        (["--gpus", "1"], {}),
        ([], {"PHASEMIX_FORK_SERVER": "/no/such/socket"}),
        ([], {"PHASEMIX_FORK_SERVER": ""}),
    ],
)
def test_other_jobs_start_as_ordinary_processes(server, program, options, changes):
    path = program("import os; print(os.getppid())")
    done = subprocess.run(
        [*LAUNCH, *options, path],
        cwd=ROOT,
        env=environment(server.path, **changes),
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == os.getpid()


@pytest.mark.parametrize("name", ["PS1", "COLUMNS", "OLDPWD"])
def test_what_a_shell_changes_does_not_matter(server, program, name):
    """The prompt of an activated environment, for one: without a person, bash takes it away."""
    path = program("import os; print(os.getppid())")
    with_it = environment(server.path, **{name: "something"})
    done = subprocess.run([*LAUNCH, path], cwd=ROOT, env=with_it, capture_output=True, text=True, check=True)
    assert int(done.stdout) == server.process.pid


def test_many_jobs_at_once_leave_no_zombies(server, program):
    path = program("import sys, time; time.sleep(0.3); sys.exit(int(sys.argv[1]))")
    clients = [server.start(path, str(code)) for code in range(12)]
    assert [client.wait(PATIENCE) for client in clients] == list(range(12))
    for client in clients:
        client.communicate()
    assert psutil.Process(server.process.pid).children() == []


def test_a_job_runs_the_code_on_the_disk_when_it_starts(server, program, tmp_path):
    (tmp_path / "helper.py").write_text("WORD = 'old'")
    path = program("from helper import WORD; print(WORD)")
    assert server.start(path).communicate(timeout=PATIENCE)[0] == "old\n"
    (tmp_path / "helper.py").write_text("WORD = 'newer'")
    assert server.start(path).communicate(timeout=PATIENCE)[0] == "newer\n"


def test_no_two_jobs_draw_the_same(server, program):
    path = program(
        "import numpy, random, tempfile, uuid; print(numpy.random.rand(), random.random(), tempfile.mktemp())"
    )
    words = [server.start(path).communicate(timeout=PATIENCE)[0].split() for _ in range(2)]
    assert all(len({*pair}) == 2 for pair in zip(*words, strict=True))


def test_libraries_that_start_threads_are_refused(tmp_path, program):
    (tmp_path / "threaded.py").write_text(
        "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()"
    )
    found = Server(tmp_path, libraries="{'numpy': (), 'threaded': ()}")
    assert found.process.wait(PATIENCE) == 1
    assert (
        found.log.read_text() == "error: there are 2 threads after loading numpy, threaded; jobs start without them\n"
    )
    assert found.start(program("print('ordinary')")).communicate(timeout=PATIENCE) == ("ordinary\n", "")
    found.end()


@contextmanager
def with_libraries(folder: Path):
    """A server with the libraries that it has in a study."""
    found = Server(folder, libraries="None").ready()
    try:
        yield found
    finally:
        found.end()


def test_training_through_the_server_gives_the_same_bytes_and_loads_no_large_library(data: Data, tmp_path, monkeypatch):
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(variable, "1")
    watched = tmp_path / "watched.py"
    watched.write_text(
        "import json, runpy, sys; before = {*sys.modules}; sys.argv = sys.argv[1:]\n"
        "assert not [name for name in before if name.startswith('phasemix')]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in {*sys.modules} - before})))\n"
    )
    cell, runs = small_cell(), [tmp_path / "forked", tmp_path / "ordinary"]
    script = str(ROOT / "scripts/train.py")
    with with_libraries(tmp_path) as server:
        client = server.start(watched, script, *arguments_of(cell, data, runs[0]))
        said, errors = client.communicate(timeout=PATIENCE)
        assert client.returncode == 0, errors
        assert server.log.read_text() == ""
    subprocess.run(
        [sys.executable, script, *arguments_of(cell, data, runs[1])], cwd=ROOT, check=True, capture_output=True
    )
    weights = [run / "run/model/model.safetensors" for run in runs]
    assert sha256(weights[0]) == sha256(weights[1])
    manifests = [read_json(run / "run/manifest.json") for run in runs]
    assert manifests[0]["weights_sha256"] == manifests[1]["weights_sha256"]
    assert not {*json.loads(said)} & {"numpy", "pandas", "pyarrow", "pydantic", "scipy", "torch", "transformers"}
