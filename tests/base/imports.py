"""What modules import, seen in a fresh process each: forked from one that has only other libraries."""

import json
import os
import subprocess
import sys

HEAVY = ("torch", "pyarrow.parquet", "tokenizers", "numpy", "pydantic")  # that some module or other imports anyway
PROGRAM = f"""
import importlib, json, os, sys
for name in {HEAVY!r}:
    importlib.import_module(name)
found = {{}}
for module in sys.argv[1:]:
    reading, writing = os.pipe()
    if os.fork() == 0:
        importlib.import_module(module)
        with open(writing, "w") as file:
            file.write(" ".join(sys.modules))
        os._exit(0)
    os.close(writing)
    with open(reading) as file:
        found[module] = file.read().split()
print(json.dumps(found))
"""


def loaded_by(*modules: str) -> dict[str, set[str]]:
    """For each module, the names in ``sys.modules`` after it was imported, :data:`HEAVY` among them."""
    line = [sys.executable, "-c", PROGRAM, *modules]
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=dict(os.environ))
    return {module: set(names) for module, names in json.loads(done.stdout).items()}
