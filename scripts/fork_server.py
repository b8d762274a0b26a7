"""A process that has imported the libraries and forks another for every job: python scripts/fork_server.py SOCKET.

Importing PyTorch takes seconds, and a laptop's study starts a hundred short jobs. `make reproduce` starts this server,
tells jobs its socket in PHASEMIX_FORK_SERVER, and scripts/launch.py hands them over. A job is forked, takes its
client's arguments, folder, environment, files and process group, and runs its script as Python does. Nothing of
phasemix is imported here, so that a job always runs the code on disk.

The server ends when its standard input does, and with it whoever started it. A job gets SIGTERM when its client
goes away or the server does, and may save what it has.
"""

import ctypes
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

LIBRARIES = (
    "torch",
    "torch._dynamo",  # which PyTorch's optimizers import, and that takes longer than all else
    "numpy",
    "pydantic",
    "yaml",
    "tqdm",
    "tokenizers",
    "safetensors.torch",
    "pyarrow.dataset",
    "pandas",
    "scipy.optimize",
    "matplotlib.pyplot",
    "seaborn",
    "jinja2",
    "docutils.core",
)
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
PARENT_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG
LARGEST_REQUEST = 2**22  # bytes


class Request(NamedTuple):
    """A job: its command line, where and in what surroundings it runs, and its three standard files."""

    program: list[str]
    folder: str
    environment: dict[str, str]
    group: int
    files: list[int]


def main() -> None:
    """Serve until standard input ends; in a forked process, run its job instead."""
    import_libraries()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen(64)
        request = serve(listening)
    if request is not None:
        become(request)


def import_libraries() -> None:
    """Import what jobs need; those that start threads of their own could not be forked, and are refused."""
    os.environ |= dict.fromkeys(ONE_THREAD, "1") | {"JE_ARROW_MALLOC_CONF": "background_thread:false"}
    os.environ["MPLBACKEND"] = "agg"
    for name in LIBRARIES:
        with suppress(ImportError):
            import_module(name)
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads > 1:
        sys.exit(f"error: the libraries have started {threads - 1} threads; jobs are started one by one instead")
    gc.collect()
    gc.freeze()  # pages that the collector never touches stay shared


def serve(listening: socket.socket) -> Request | None:
    """Fork a process for every request; returns its request in that process, and None when the server shall end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to the jobs as well, which know what to do
    clients: dict[int, tuple[int, socket.socket]] = {}  # by the descriptor of a job's process
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin, selectors.EVENT_READ, "end")
        selector.register(listening, selectors.EVENT_READ, "request")
        while True:
            for key, _ in selector.select():
                if key.data == "end":
                    return None
                if key.data == "request":
                    connection, _ = listening.accept()
                    request = received(connection)
                    if request is None:
                        connection.close()
                        continue
                    pid = os.fork()
                    if pid == 0:
                        return request
                    for file in request.files:
                        os.close(file)
                    connection.sendall(f"{pid}\n".encode())
                    process = os.pidfd_open(pid)
                    clients[process] = pid, connection
                    selector.register(process, selectors.EVENT_READ, "ended")
                    selector.register(connection, selectors.EVENT_READ, ("gone", pid))
                elif key.data == "ended":
                    process = int(key.fileobj)  # type: ignore[arg-type]  # it was registered as a descriptor
                    pid, connection = clients.pop(process)
                    _, status = os.waitpid(pid, 0)
                    with suppress(OSError, KeyError, ValueError):
                        selector.unregister(connection)
                    with suppress(OSError):
                        connection.sendall(f"{status}\n".encode())
                    selector.unregister(process)
                    os.close(process)
                    connection.close()
                else:  # the client has gone away
                    _, pid = key.data
                    selector.unregister(key.fileobj)
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGTERM)


def received(connection: socket.socket) -> Request | None:
    """The request that a client sends; None if it has gone away before it was whole."""
    message, files, _, _ = socket.recv_fds(connection, LARGEST_REQUEST, 3)
    parts = [message]
    while message and not parts[-1].endswith(b"\n"):
        message = connection.recv(LARGEST_REQUEST)
        parts.append(message)
    try:
        fields: dict[str, Any] = json.loads(b"".join(parts))
    except ValueError:
        for file in files:
            os.close(file)
        return None
    return Request(**fields, files=files)


def become(request: Request) -> None:
    """Take the place of a process that was started with the request's command line, and run it."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with suppress(OSError):  # of another session
        os.setpgid(0, request.group)
    for number, file in enumerate(request.files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(request.folder)
    os.environ.clear()
    os.environ.update(request.environment)
    paths = [path for path in request.environment.get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.path[:] = [str(Path(request.program[0]).parent), *paths, *sys.path[1:]]
    sys.argv[:] = request.program
    sys.stdin, sys.stdout, sys.stderr = open(0, closefd=False), open(1, "w", closefd=False), open(2, "w", 1, closefd=False)
    runpy.run_path(request.program[0], run_name="__main__")


if __name__ == "__main__":
    main()
