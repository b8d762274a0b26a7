"""Run jobs as children of one process that has the libraries loaded: python scripts/fork_server.py --help.

Loading them takes several seconds, and most jobs of a small study take little more. `make reproduce` starts this
server beside Snakemake, and scripts/launch.py hands jobs over to it. Only libraries are loaded, nothing of this
package: a job runs the code that is on the disk when it starts.

A job is a child with the arguments, working folder, environment and standard files of its client, and it ends as a
process of its own would. Libraries read the environment when they are loaded, so a job whose environment is not the
server's is refused. What is refused, or comes before the libraries are loaded, starts as an ordinary process.

A request is what ``request`` of scripts/launch.py makes, sent with the descriptors of the three files. The answer is
a byte with a descriptor of the child's process, then its exit code when it ends; or the end of the connection, which
refuses. A child gets SIGTERM, upon which training saves its state, when its client or the server is gone. The server
ends with its standard input, a pipe from the process that started it.
"""

import argparse
import atexit
import ctypes
import gc
import os
import runpy
import select
import signal
import socket
import struct
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, NoReturn

LIBRARIES: dict[str, tuple[str, ...]] = {  # of training, evaluation and figures, with what they ask of those that
    "pandas": (),  # load their parts only then
    "pyarrow.dataset": (),
    "pyarrow.parquet": (),
    "pydantic": ("BaseModel", "Field", "PositiveInt", "model_validator"),
    "pydantic._internal._validators": (),  # of models
    "pydantic.plugin._loader": (),
    "yaml": (),
    "torch": (),
    "torch.utils.serialization.config": (),  # of checkpoints
    "torch._inductor.package": (),  # of compiled steps; torch.use_deterministic_algorithms() loads it, too
    "torch._inductor.codecache": (),
    "transformers": ("AutoTokenizer", "GPTNeoXConfig", "PreTrainedTokenizerFast"),
    "safetensors.torch": (),
    "tqdm": (),
    "seaborn": (),
    "matplotlib.backends.backend_svg": (),
}
# What may differ in a job's environment: what a shell changes (the prompt of an activated environment is one that a
# shell which asks nobody removes), where temporary files go, and what begins with OURS, which no library reads.
SHELLS = {"_", "PWD", "OLDPWD", "SHLVL", "PS1", "PS2", "PS4", "PROMPT_COMMAND", "LINES", "COLUMNS"}
MAY_DIFFER = frozenset({*SHELLS, "TMPDIR", "TMP", "TEMPDIR", "TEMP"})
OURS = "PHASEMIX_"
NUMBER = struct.Struct("<i")  # as in scripts/launch.py, which imports little
REQUEST_SECONDS = 10.0  # in which a client that has connected must have said what it wants
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # of linux/prctl.h

Environment = dict[str, str]


class Job(NamedTuple):
    """What a client asks for."""

    folder: str
    program: list[str]  # a script and its arguments
    environment: Environment
    files: list[int]  # descriptors of standard input, output and error


@dataclass
class Child:
    """A job that runs: its process, a descriptor of it, its client's connection, and whether it was told to stop."""

    process: int
    descriptor: int
    client: socket.socket
    stopped: bool = False

    def stop(self) -> None:
        """Tell it to stop."""
        self.stopped = True
        signal.pidfd_send_signal(self.descriptor, signal.SIGTERM)

    def bury(self) -> None:
        """Tell its client how it ended."""
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        with suppress(OSError):  # the client has gone
            self.client.sendall(NUMBER.pack(code))
        self.close()

    def close(self) -> None:
        """Close what is open for it."""
        self.client.close()
        os.close(self.descriptor)


def load_libraries() -> None:
    """Load what most jobs load.

    Raises:
        SystemExit: a library has started a thread, which children would lack.
    """
    os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    for name, parts in LIBRARIES.items():
        library = import_module(name)
        for part in parts:
            getattr(library, part)
    if (threads := len([*Path("/proc/self/task").iterdir()])) > 1:
        sys.exit(f"error: there are {threads} threads after loading {', '.join(LIBRARIES)}; jobs start without them")
    gc.collect()
    gc.freeze()  # a child's collector would write into these objects, and so copy them


def serve(listener: socket.socket, environment: Environment) -> Job | None:
    """Fork a child for every job until standard input ends, and wait for all; in a child, return its job.

    Args:
        listener: where clients connect.
        environment: that which jobs must have.
    """
    children: list[Child] = []
    while True:
        ready = readable([0, listener], children)
        children = look_after(children, ready)
        if 0 in ready:
            break
        if listener in ready:
            client, _ = listener.accept()
            job = take(client, environment)
            child = begin(job, client) if job else None
            if child:
                children.append(child)
                continue
            client.close()
            if job:
                for other in children:
                    other.close()
                return job
    for child in children:
        child.stop()
    while children:
        children = look_after(children, readable([], children))
    return None


def readable(files: list[Any], children: list[Child]) -> list[Any]:
    """Wait until there is news from ``files`` or of children; what there is to be read."""
    awaited = [*files, *(child.descriptor for child in children)]
    awaited += [child.client for child in children if not child.stopped]
    return select.select(awaited, [], [])[0]


def look_after(children: list[Child], ready: list[Any]) -> list[Child]:
    """Bury children that have ended, and stop those whose clients are gone; the children that are left."""
    left = []
    for child in children:
        if child.descriptor in ready:
            child.bury()
            continue
        if child.client in ready:  # which says no more, so this is its end
            child.stop()
        left.append(child)
    return left


def take(client: socket.socket, environment: Environment) -> Job | None:
    """What a client asks for; None if that cannot be done here, and why is said."""
    client.settimeout(REQUEST_SECONDS)
    try:
        job = receive(client)
    except (OSError, ValueError, struct.error) as error:
        say(f"a request is not understood: {error}")
        return None
    client.settimeout(None)
    others = {name for name, _ in environment.items() ^ job.environment.items() if not name.startswith(OURS)}
    others -= MAY_DIFFER
    if others:
        say(f"{job.program[0]}: starts by itself, because of another {', '.join(sorted(others))}")
        close(job.files)
        return None
    return job


def receive(client: socket.socket) -> Job:
    """Read a request.

    Raises:
        OSError: it does not come.
        ValueError, struct.error: it is none.
    """
    head, files, _, _ = socket.recv_fds(client, NUMBER.size, 3)
    (size,) = NUMBER.unpack(head)
    content = b""
    while len(content) < size and (part := client.recv(size - len(content))):
        content += part
    folder, count, *fields = map(os.fsdecode, content.split(b"\0"))
    program, environment = fields[: int(count)], fields[int(count) :]
    return Job(folder, program, dict(each.split("=", 1) for each in environment), files)


def begin(job: Job, client: socket.socket) -> Child | None:
    """Fork a child, and send its client a descriptor of it; in the child, return None."""
    server = os.getpid()
    process = os.fork()
    if process == 0:
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        libc.prctl(PR_SET_NAME, os.fsencode(Path(job.program[0]).name))
        if os.getppid() != server:  # it went before this one could ask to be told
            os._exit(1)
        return None
    close(job.files)
    child = Child(process, os.pidfd_open(process), client)
    with suppress(OSError):  # the client has gone
        socket.send_fds(client, [b"\0"], [child.descriptor])
    return child


def become(job: Job) -> NoReturn:
    """Run a job in this process as if it had been started for it."""
    for standard, file in enumerate(job.files):
        os.dup2(file, standard)
    close(job.files)
    os.chdir(job.folder)
    os.environ.clear()
    os.environ.update(job.environment)
    tempfile.tempdir = None  # to be looked up in the environment
    sys.modules["numpy"].random.seed()  # no two children draw the same
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = outcome(job.program)
    # What is left of a process's end but for clearing away all that was loaded, which takes half a second.
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001
    atexit._run_exitfuncs()  # noqa: SLF001
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or 120
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def outcome(program: list[str]) -> int:
    """Run a program as ``python`` does; the exit code, or less than 0 for a signal."""
    try:
        sys.argv, sys.path[0] = program, str(Path(program[0]).parent.absolute())
        runpy.run_path(program[0], run_name="__main__")
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return (end.code or 0) & 0xFF
        print(end.code, file=sys.stderr)
        return 1
    except BaseException as error:
        trace = within_the_program(error.__traceback__)
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        return -signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1
    return 0


def within_the_program(trace: TracebackType | None) -> TracebackType | None:
    """A traceback without what runs the program."""
    while trace and trace.tb_frame.f_code.co_filename in (outcome.__code__.co_filename, "<frozen runpy>"):
        trace = trace.tb_next
    return trace


def close(files: list[int]) -> None:
    """Close descriptors."""
    for file in files:
        os.close(file)


def say(line: str) -> None:
    """Write a line into the server's log."""
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Load the libraries, then run jobs until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("socket", type=Path, help="file to be made, which PHASEMIX_FORK_SERVER names to clients")
    path = parser.parse_args().socket
    environment = dict(os.environ)
    load_libraries()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        job = serve(listener, environment)
    if job is not None:
        become(job)
    path.unlink()


if __name__ == "__main__":
    main()
