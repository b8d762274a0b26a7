"""Cancel the jobs that a killed Snakemake left in SLURM's queue, if there is one: python scripts/orphans.py.

They are this user's jobs that a Snakemake submitted from this folder. While none runs here (the caller
sees to that), nobody waits for them, and they would write what the next one's jobs write. SIGTERM lets
those that train save their state.
"""

import getpass
import shutil
import subprocess
import sys
import time
from pathlib import Path

SUBMITTED = ("rule_", "group_")  # what Snakemake's plugin begins a job's comment with
LOGS = Path(".snakemake/slurm_logs")  # of the jobs that were submitted from here: slurm-logdir of profiles/slurm
GRACE_SECONDS = 120.0


def orphans(folder: Path) -> list[str]:
    """The numbers of the jobs that wait or run for ``folder``."""
    line = ["squeue", "--noheader", "--user", getpass.getuser(), "--format", "%i|%k|%Z"]
    listed = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    rows = [row.split("|", 2) for row in listed.splitlines()]
    return [job for job, comment, where in rows if comment.startswith(SUBMITTED) and Path(where) == folder]


def main() -> None:
    """Cancel them and wait until they are gone."""
    if shutil.which("squeue") is None:
        return
    folder, deadline = Path.cwd().resolve(), time.monotonic() + GRACE_SECONDS
    left: list[str] = []
    try:
        left = orphans(folder)
        if left:
            print(f"cancelling {len(left)} jobs that a killed Snakemake left in the queue", file=sys.stderr)
            subprocess.run(["scancel", *left], check=False)  # some may have ended by now
        while left and time.monotonic() < deadline:
            time.sleep(1)
            left = orphans(folder)
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()[-1:]
        if LOGS.is_dir():
            print(f"jobs left in SLURM's queue are not looked for: {' '.join(said)}", file=sys.stderr)
    if left:
        sys.exit(f"error: jobs {', '.join(left)} do not end after scancel; end them, then start again")


if __name__ == "__main__":
    main()
