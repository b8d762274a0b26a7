"""A real SLURM on one machine, for tests: its controller and two nodes, started as root below one folder.

The nodes ``node1`` and ``node2`` are two slurmd under names of their own, each with ``CPUS`` CPUs, ``MEMORY`` MB
and ``GPUS`` GPUs of the type ``fake``, which are links to /dev/null. CPUs are declared, not had: the nodes share
the machine's. Both nodes are in three partitions: ``cpu``, the default, ``gpu``, and ``urgent``, whose jobs requeue
those of the others if they find no room. A job that asks for no memory gets ``MEMORY / CPUS`` a CPU; one that takes
more than it asked for is killed, in a cgroup if there are any, otherwise when a sample of every second shows it.

Differences to a large cluster that tests meet: both nodes have this machine's host name (``SLURMD_NODENAME``
tells them apart) and its files; there is no accounting, so that ``sacct`` refuses, and ``squeue --states=all``
knows finished jobs for five minutes.
"""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.patience import PATIENCE

NODES = ("node1", "node2")
CPUS = 4
MEMORY = 8000
GPUS = 2

PACKAGES = {
    "munged": "munge",
    "slurmctld": "slurm-wlm",
    "slurmd": "slurm-wlm",
    "sbatch": "slurm-wlm",
    "srun": "slurm-wlm",
}
SEARCHED = f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"

ENDED = frozenset("BOOT_FAIL CANCELLED COMPLETED DEADLINE FAILED NODE_FAIL OUT_OF_MEMORY PREEMPTED TIMEOUT".split())

# cred_expire is also how long a requeued job waits; its default is two minutes. Job numbers begin anywhere, because
# programs choose ports by them, and there may be two clusters on a machine.
CONFIGURATION = """\
ClusterName=phasemix
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=10
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/%n.log
SlurmdParameters=config_overrides
MailProg=/bin/true
MpiDefault=none
SwitchType=switch/none
{confinement}PropagateResourceLimits=NONE
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
PriorityType=priority/basic
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
FirstJobId={first}
KillWait=5
MinJobAge=300
OverTimeLimit=0
ReturnToService=2
SlurmdTimeout=30
GresTypes=gpu
NodeName=DEFAULT State=UNKNOWN
NodeName=DEFAULT CPUs={cpus} Sockets=1 CoresPerSocket={cpus} ThreadsPerCore=1 RealMemory={memory} Gres=gpu:fake:{gpus}
{nodes}
PartitionName=DEFAULT Nodes=ALL State=UP MaxTime=INFINITE DefaultTime=60 DefMemPerCPU={share} GraceTime=0
PartitionName=cpu Default=YES PriorityTier=1 PreemptMode=REQUEUE
PartitionName=gpu PriorityTier=1 PreemptMode=REQUEUE
PartitionName=urgent PriorityTier=10 PreemptMode=OFF
"""
CONFINED = """\
ProctrackType=proctrack/cgroup
TaskPlugin=task/cgroup
"""
SAMPLED = """\
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherParams=OverMemoryKill
"""
CGROUP_CONFIGURATION = """\
CgroupPlugin=cgroup/v1
CgroupMountpoint={links}
ConstrainRAMSpace=yes
"""
CGROUPS = tuple(Path("/sys/fs/cgroup") / controller for controller in ("freezer", "memory"))


class SlurmError(RuntimeError):
    """A command of SLURM failed, a daemon ended, or something did not happen in time; the message is one line."""


@dataclass(frozen=True)
class Job:
    """A job as squeue shows it: ``state`` in long form (RUNNING), ``node`` the nodes it has or had (node[1-2]),
    ``folder`` the one it was submitted from."""

    id: str
    name: str
    state: str
    node: str
    comment: str
    reason: str
    folder: str


def confines() -> bool:
    """Whether cgroups of version 1 can be had here; those of version 2, SLURM gets from systemd alone."""
    return all(os.access(root / "cgroup.procs", os.W_OK) for root in CGROUPS)


def missing() -> list[str]:
    """The Debian packages to install before ``cluster`` can work, for ``apt-get install``."""
    return sorted({package for program, package in PACKAGES.items() if not shutil.which(program, path=SEARCHED)})


@contextmanager
def cluster(folder: Path) -> Iterator["Cluster"]:
    """A running SLURM whose two nodes are idle; at the end its jobs and daemons are stopped, and nothing else.

    Everything it writes is in ``folder``, which is made if need be: slurm.conf, gres.conf, gpu0 …, the key and
    socket of munge, state/, node1/, node2/, and log/ with a file or two for every daemon.

    The daemons also end when this process is killed. Jobs' cgroups are in one of the cluster's own, ``slurm-test-…``.

    Raises:
        SlurmError: it does not come up, or ``folder`` has too long a path for a socket.
    """
    built = Cluster(folder.resolve())
    try:
        built.start()
        yield built
    finally:
        built.stop()


class Cluster:
    """A SLURM below ``folder``: what tests ask of it.

    ``environment`` is what points SLURM's commands to it, to be added to a process's environment. ``daemons`` are
    its processes: munged, slurmctld and one under every node's name.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._confined = confines()
        self.environment: dict[str, str] = {"SLURM_CONF": str(folder / "slurm.conf")}
        self.daemons: dict[str, subprocess.Popen[bytes]] = {}
        # A daemon's life is bound to that of the thread that starts it, so they all have one that lives until the end.
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="slurm")

    @property
    def over_memory(self) -> str:
        """The state in which a job ends that took too much memory."""
        return "OUT_OF_MEMORY" if self._confined else "FAILED"

    def run(self, *command: str) -> str:
        """What a command of SLURM writes to stdout.

        Raises:
            SlurmError: it fails; with its stderr.
        """
        done = subprocess.run(command, env=self._environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            said = " ".join((done.stderr or done.stdout).split())
            raise SlurmError(f"{' '.join(command)}: exit code {done.returncode}: {said}")
        return done.stdout

    def submit(self, script: str, *options: str) -> str:
        """The number of a new job: sbatch with ``options`` of a shell ``script``; output goes below ``folder``."""
        output = f"--output={self.folder}/job-%j.log"
        return self.run("sbatch", "--parsable", output, *options, f"--wrap={script}").strip()

    def output(self, job: str) -> str:
        """What a job of ``submit`` has written so far; SLURM truncates it when the job is requeued."""
        path = self.folder / f"job-{job}.log"
        return path.read_text() if path.exists() else ""

    def jobs(self) -> list[Job]:
        """All jobs of all states that SLURM still knows."""
        fields = "%i\x1f%j\x1f%T\x1f%N\x1f%k\x1f%r\x1f%Z"
        lines = self.run("squeue", "--states=all", "--noheader", f"--format={fields}").splitlines()
        return [Job(*line.replace("(null)", "").split("\x1f")) for line in lines]

    def job(self, number: str) -> Job:
        """One of ``jobs``.

        Raises:
            SlurmError: SLURM does not know it.
        """
        for found in self.jobs():
            if found.id == number:
                return found
        raise SlurmError(f"there is no job {number}")

    def memory(self, number: str) -> int:
        """The MB of memory a node that a job asked for, or a CPU if it asked so."""
        asked = ("--noheader", "--noconvert", "--states=all", f"--jobs={number}", "--format=%m")
        return int(self.run("squeue", *asked).strip().removesuffix("M"))

    def limit(self, number: str) -> str:
        """The time that a job may run, as HH:MM:SS."""
        return self._field("TimeLimit", "job", number)

    def gpus(self, number: str) -> int:
        """The GPUs that a job asks for: in all, or on each of its nodes."""
        words = self.run("scontrol", "--oneliner", "show", "job", number).split()
        asked = [word for word in words if word.startswith(("TresPerJob=", "TresPerNode=")) and "gpu" in word]
        return int(asked[0].rpartition(":")[2]) if asked else 0

    def restarts(self, number: str) -> int:
        """How often a job was requeued."""
        return int(self._field("Restarts", "job", number))

    def wait(self, number: str, *states: str) -> Job:
        """The job as soon as it is in one of ``states``, or at its end if none is given.

        Raises:
            SlurmError: it is not there in time, or ended otherwise.
        """
        wanted = frozenset(states) or ENDED
        deadline = time.monotonic() + PATIENCE
        while (found := self.job(number)).state not in wanted:
            if found.state in ENDED or time.monotonic() > deadline:
                raise SlurmError(f"job {number} is {found.state} ({found.reason}), not {' or '.join(sorted(wanted))}")
            time.sleep(0.2)
        return found

    def preempt(self, number: str, seconds: float = 1) -> str:
        """Requeue a running job of ``cpu`` or ``gpu`` as a cluster does: an urgent job takes its whole nodes.

        Other jobs on these nodes are requeued too. Returns the urgent job's number as soon as it runs, which it
        does for ``seconds``. The requeued job starts again some 15 seconds later; ``hurry`` shortens this.

        Raises:
            SlurmError: the job does not run, or its nodes do not get free in time.
        """
        found = self.wait(number, "RUNNING")
        names = self.run("scontrol", "show", "hostnames", found.node).split()
        whole = ("--exclusive", "--mem=0", f"--nodes={len(names)}", f"--nodelist={found.node}")
        urgent = self.submit(f"sleep {seconds}", "--partition=urgent", "--job-name=urgent", *whole)
        self.wait(urgent, "RUNNING", "COMPLETING", "COMPLETED")
        return urgent

    def hurry(self, number: str) -> None:
        """Let a requeued job start as soon as there is room, without the delay after a requeue."""
        self.run("scontrol", "update", f"JobId={number}", "StartTime=now")

    def node(self, name: str) -> str:
        """A node's state: IDLE, MIXED, ALLOCATED, IDLE+DRAIN, …+NOT_RESPONDING; by scontrol, for sinfo's may be old."""
        return self._field("State", "node", name)

    def idle(self) -> bool:
        """Whether both nodes are there for jobs and have none."""
        return all(self.node(name) == "IDLE" for name in NODES)

    def drain(self, name: str) -> None:
        """Let no more jobs start on a node; those that run go on."""
        self.run("scontrol", "update", f"NodeName={name}", "State=DRAIN", "Reason=test")

    def resume(self, name: str) -> None:
        """Undo ``drain``, or bring a node back that is down."""
        self.run("scontrol", "update", f"NodeName={name}", "State=RESUME")

    def restart_node(self, name: str) -> None:
        """Kill a node's slurmd and start it again; its jobs go on, as after a crash of slurmd.

        Raises:
            SlurmError: the node does not come back.
        """
        before = self._started(name)
        self.daemons[name].kill()
        self.daemons.pop(name).wait()
        time.sleep(1)  # SLURM knows when a slurmd started to the second, and this one should be another
        self._start_node(name)
        self._until(
            lambda: self._started(name) != before and "NOT_RESPONDING" not in self.node(name), f"{name} to come back"
        )

    def start(self) -> None:
        """Write the configuration and start all daemons, until both nodes are idle; for ``cluster``."""
        room = 107 - len(f"/{NODES[0]}/{NODES[0]}_9999999.4294967295")
        if len(str(self.folder)) > room:
            raise SlurmError(f"{self.folder} is too long a path for SLURM's sockets, which may have {room} characters")
        self._configure()
        munged = ["--foreground", "--force", f"--socket={self.folder}/munge.socket"]
        munged += [f"--{name}-file={self.folder}/munge.{name}" for name in ("key", "pid", "seed")]
        self._spawn("munged", "munged", *munged, f"--log-file={self.folder}/log/munged.log")
        self._until((self.folder / "munge.socket").is_socket, "munged to listen")
        self._spawn("slurmctld", "slurmctld", "-D")
        self._until(lambda: "is UP" in self.run("scontrol", "ping"), "slurmctld to answer")
        for name in NODES:
            self._start_node(name)
        self._until(self.idle, "the nodes to be idle")

    def clear(self) -> None:
        """Kill all jobs, and wait until the nodes are idle.

        Raises:
            SlurmError: they do not end.
        """
        self.run("scancel", "--user=root")
        end(self._left(steps=False))
        self._until(self.idle, "the nodes to be idle")

    def stop(self) -> None:
        """Kill all jobs, then stop the daemons that ``start`` started; what is not running is no error."""
        if self.daemons.keys() >= {"munged", "slurmctld"} and not self._ended():
            # Whatever fails here, the daemons are stopped and the jobs' processes are killed below.
            with suppress(SlurmError):
                self.clear()
        for daemon in reversed(self.daemons.values()):
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        self._starter.shutdown()
        end(self._left(steps=True))
        remove_cgroups(self.folder)

    def _environment(self) -> dict[str, str]:
        """This process's environment without what another SLURM, in whose job it may run, says there."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM", "SBATCH", "SRUN"))}
        return ours | {"PATH": SEARCHED} | self.environment

    def _configure(self) -> None:
        for name in ("state", "log", *NODES):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        key = self.folder / "munge.key"
        key.touch(mode=0o600)
        key.write_bytes(secrets.token_bytes(128))
        host = socket.gethostname().partition(".")[0]
        controller, *ports = free_ports(1 + len(NODES))
        nodes = "\n".join(
            f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port}"
            for name, port in zip(NODES, ports, strict=True)
        )
        values = {"folder": self.folder, "host": host, "port": controller, "nodes": nodes, "share": MEMORY // CPUS}
        values |= {
            "first": 1000 * (1 + secrets.randbelow(9999)),
            "confinement": CONFINED if self._confined else SAMPLED,
        }
        text = CONFIGURATION.format(**values, cpus=CPUS, memory=MEMORY, gpus=GPUS)
        (self.folder / "slurm.conf").write_text(text)
        self._make_cgroups()
        for index in range(GPUS):
            gpu = self.folder / f"gpu{index}"
            gpu.unlink(missing_ok=True)
            gpu.symlink_to("/dev/null")  # SLURM wants a device
        gpus = f"AutoDetect=off\nName=gpu Type=fake File={self.folder}/gpu[0-{GPUS - 1}]\n"
        (self.folder / "gres.conf").write_text(gpus)

    def _make_cgroups(self) -> None:
        """Make cgroups for this cluster alone: SLURM names its own by node and job, which others may have too."""
        links = self.folder / "cgroup"
        remove_cgroups(self.folder)
        shutil.rmtree(links, ignore_errors=True)
        links.mkdir()
        (self.folder / "cgroup.conf").write_text(CGROUP_CONFIGURATION.format(links=links))
        for root in CGROUPS if self._confined else ():
            cgroup = root / f"slurm-test-{secrets.token_hex(6)}"
            cgroup.mkdir()
            (links / root.name).symlink_to(cgroup)

    def _start_node(self, name: str) -> None:
        self._spawn(name, "slurmd", "-D", "-N", name)

    def _spawn(self, name: str, *command: str) -> None:
        """Start a daemon that ends with this process."""
        with ExitStack() as files:
            log = files.enter_context((self.folder / "log" / f"{name}.err").open("ab"))
            self.daemons[name] = self._starter.submit(
                subprocess.Popen,
                ["setpriv", "--pdeathsig", "TERM", *command],
                env=self._environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for this process, which stops them in their order
            ).result()

    def _started(self, name: str) -> str:
        """When the slurmd of a node started that slurmctld last heard of."""
        return self._field("SlurmdStartTime", "node", name)

    def _field(self, field: str, kind: str, name: str) -> str:
        """One field of what scontrol shows of a thing, which has no blanks."""
        words = self.run("scontrol", "--oneliner", "show", kind, name).split()
        return next(word.removeprefix(f"{field}=") for word in words if word.startswith(f"{field}="))

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition, whose own SlurmError counts as not yet.

        Raises:
            SlurmError: it is not so in time, or a daemon has ended; with the last line of its log.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            with suppress(SlurmError):
                if condition():
                    return
            for name in self._ended():
                raise SlurmError(f"{name} ended with exit code {self.daemons[name].poll()}: {self._last_line(name)}")
            if time.monotonic() > deadline:
                raise SlurmError(f"waited {PATIENCE:.0f} s in vain for {what}; logs are in {self.folder}/log")
            time.sleep(0.1)

    def _ended(self) -> list[str]:
        """The daemons that have ended, though nobody asked them to."""
        return [name for name, daemon in self.daemons.items() if daemon.poll() is not None]

    def _last_line(self, name: str) -> str:
        """What a daemon said last, and where the rest is."""
        lines = (self.folder / "log" / f"{name}.err").read_text(errors="replace").strip().splitlines()
        return f"{lines[-1] if lines else 'it wrote nothing'}; logs are in {self.folder}/log"

    def _left(self, *, steps: bool) -> list[psutil.Process]:
        """The processes of this cluster's jobs, with the slurmstepd that watch them if ``steps``."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.name() == "slurmstepd":  # its title is written over its environment
                    ours = steps and process.cwd() == str(self.folder)
                else:
                    environment = process.environ()
                    ours = environment.get("SLURM_CONF") == self.environment["SLURM_CONF"]
                    ours = ours and "SLURM_JOB_ID" in environment
                if ours:
                    found.append(process)
        return found


def alive(process: psutil.Process) -> bool:
    """Whether a process runs; one that has ended and whose parent has yet to notice does not."""
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def end(processes: list[psutil.Process]) -> None:
    """Kill processes and wait until none is alive, at most five seconds."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    deadline = time.monotonic() + 5
    while any(map(alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.02)


def remove_cgroups(folder: Path) -> None:
    """Remove the cgroups of a cluster that has ended, as far as they hold no process."""
    for link in (folder / "cgroup").glob("*"):
        top = link.resolve()
        for path in sorted((top, *top.rglob("*/")), reverse=True):
            with suppress(OSError):
                path.rmdir()


def free_ports(count: int) -> list[int]:
    """Distinct ports that nothing listens on now, out of those that the system gives to nobody unasked."""
    found: set[int] = set()
    while len(found) < count:
        port = 10_000 + secrets.randbelow(10_000)
        with socket.socket() as trial, suppress(OSError):
            trial.bind(("127.0.0.1", port))
            found.add(port)
    return sorted(found)
