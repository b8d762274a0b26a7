"""A kind of experiment, a figure and a claim are added as files in their folders; nothing else is touched."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from phasemix.experiments.experiment import KINDS_FOLDER
from tests.experiments.made_up import OPTIONS, study, write_transition

CHECKOUT = KINDS_FOLDER.parent.parent

KIND = {
    "__init__.py": '"""A dummy."""\n',
    "spec.py": '''
"""A kind that trains nothing."""

from typing import ClassVar, Literal

from phasemix.experiments.experiment import Experiment


class Spec(Experiment):
    """A dummy."""

    kind: Literal["dummy"]
    tables: ClassVar[tuple[str, ...]] = ("numbers.csv",)
''',
    "tables.py": '''
"""Its table."""

import pandas as pd

from phasemix.base.files import write_csv


def write(cells, options, folder):
    write_csv(folder / "numbers.csv", pd.DataFrame({"x": [1, 2, 3], "y": [options["slope"] * x for x in (1, 2, 3)]}))


class Tables:
    @classmethod
    def read(cls, folder, options):
        return pd.read_csv(folder / "numbers.csv")
''',
    "findings.py": '''
"""What it found."""

import pandas as pd


def measure(folder, options):
    return {"last": int(pd.read_csv(folder / "numbers.csv")["y"].iloc[-1])}
''',
    "section.py": '''
"""Its section."""


def values(folder, options):
    return {"slope": options["slope"]}
''',
    "section.html": """
{% import "macros.html" as page %}
<h2 id="{{ experiment }}">A dummy of slope {{ slope }}</h2>
{% for figure in figures.values() %}{{ page.figure(experiment, figure) }}{% endfor %}
""",
    "figures/line.py": '''
"""A line of no interest."""

import matplotlib.pyplot as plt


def draw(tables):
    figure, axes = plt.subplots()
    axes.plot(tables["x"], tables["y"])
    return figure
''',
    "figures/line.rst": "A line that was drawn to be found.\n",
}
CLAIM = '''
"""A claim about the dummy."""

from phasemix.claims.claim import Claim, Finding, in_each_experiment


@in_each_experiment
def test(dummy):
    return Finding(f"it ends at {dummy['last']}", "reproduced" if dummy["last"] == 21 else "not reproduced")


CLAIM = Claim(
    id="A-Fig 99",
    statement="The line ends at 21.",
    published="21",
    criterion="Reproduced if it does.",
    history="Made up.",
    kinds=("dummy",),
    test=test,
)
'''
FIGURE = '''
"""One more picture of the transition."""

import matplotlib.pyplot as plt


def draw(tables):
    figure, axes = plt.subplots()
    axes.plot(tables.accuracy["ratio"], tables.accuracy["accuracy"])
    return figure
'''


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the package and its scripts with the new files in it."""
    new = {f"experiments/dummy/{name}": text for name, text in KIND.items()}
    new |= {"claims/paper_a/fig_99.py": CLAIM}
    new |= {"experiments/transition/figures/one_more.py": FIGURE}
    new |= {"experiments/transition/figures/one_more.rst": "Every accuracy once more.\n"}
    skip = shutil.ignore_patterns("__pycache__")
    for folder in ("phasemix", "scripts"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder, ignore=skip)
    for name, text in new.items():
        path = tmp_path / "phasemix" / name
        assert not path.exists()
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


ALL = """
import json, runpy, sys
for sys.argv in json.load(sys.stdin):
    runpy.run_path(sys.argv[0], run_name="__main__")
"""


def command(script: str, **arguments) -> list[str]:
    """The command line of a script, as the rules give it."""
    words = [f"scripts/{script}.py"]
    for name, value in arguments.items():
        values = value if isinstance(value, list) else [json.dumps(value) if isinstance(value, dict) else value]
        words += [f"--{name}", *map(str, values)]
    return words


def run(copy: Path, commands: list[list[str]]) -> None:
    """Run scripts of the copy one after another, in one process that imports the libraries once."""
    environment = {"PYTHONPATH": str(copy), "PATH": "", "MPLBACKEND": "agg"}
    how = {"cwd": copy, "env": environment, "capture_output": True, "text": True}
    done = subprocess.run([sys.executable, "-c", ALL], check=False, input=json.dumps(commands), **how)
    assert done.returncode == 0, done.stderr


def test_what_is_added_as_files_appears_in_the_ledger_and_on_the_page(copy):
    results = copy / "results"
    options = {"headline": OPTIONS, "mine": {"slope": 7}}
    kinds = {"headline": "transition", "mine": "dummy"}
    figures = {
        "headline": ["a_fig_1", "a_fig_2", "a_fig_4", "a_fig_10", "learning_curves", "phase_diagram", "one_more"],
        "mine": ["line"],
    }
    tables = {name: results / "tables" / name for name in kinds}
    write_transition(tables["headline"], *study(people=20, sizes=["10k", "20k"]))
    arguments = {"results": results, "options": options["mine"], "out": tables["mine"]}
    commands = [command("tables", kind="dummy", experiment="mine", **arguments)]
    told = {"tables": tables["mine"], "options": options["mine"], "out": tables["mine"] / "findings.json"}
    commands += [command("findings", kind="dummy", **told)]
    for name, kind in kinds.items():
        places = {"tables": tables[name], "options": options[name]}
        drawn = results / "figures" / name
        commands += [command("draw", kind=kind, figure=each, out=drawn, **places) for each in figures[name]]
        written = {"figures": [drawn / f"{each}.svg" for each in figures[name]], "chosen": "null"}
        section = results / "sections" / f"{name}.html"
        commands += [command("section", kind=kind, experiment=name, out=section, **written, **places)]
    ledger = results / "tables/ledger.csv"
    commands += [command("ledger", experiments={"mine": "dummy"}, tables=results / "tables", out=ledger)]
    places = {"sections": results / "sections", "tables": results / "tables", "ledger": ledger}
    commands += [command("report", scale="test", experiments=list(kinds), out=results / "report.html", **places)]
    run(copy, commands)
    page = (results / "report.html").read_text()
    for text in (
        "A dummy of slope 7",
        "<b>A line of no interest.</b> <p>A line that was drawn to be found.</p>",
        "<b>One more picture of the transition.</b> <p>Every accuracy once more.</p>",
        'id="claim-a-fig-99"',
        "it ends at 21",
        '<a href="#mine">mine</a>',
    ):
        assert text in page
    assert page.index('id="claim-a-fig-99"') < page.index('id="claims-not-tested"')
