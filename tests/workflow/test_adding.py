"""Tasks, controllers, kinds of experiment, figures, claims and laws are added as files; nothing else is touched."""

from textwrap import dedent

import pandas as pd
import pytest

from tests.tasks.test_adding import FILES as TASK_FILES
from tests.tasks.test_adding import OVERLAY
from tests.workflow.checkout import SMOKE, edit, jobs, make_run, snakemake

pytestmark = pytest.mark.xdist_group("workflow")

KIND = "phasemix/experiments/dummy_theory"
FILES = {
    f"{KIND}/__init__.py": '"""Squares."""\n',
    f"{KIND}/spec.py": '''
        """The configuration of squares."""

        from typing import Any, ClassVar, Literal

        from phasemix.experiments.experiment import Experiment


        class Spec(Experiment):
            """Squares up to ``largest``, which trains nothing."""

            kind: Literal["dummy_theory"]
            largest: int
            tables: ClassVar[tuple[str, ...]] = ("squares.csv", "roots.csv")

            @property
            def options(self) -> dict[str, Any]:
                return {"largest": self.largest}
        ''',
    f"{KIND}/tables.py": '''
        """The table of squares."""

        import pandas as pd


        class Tables:
            """What the figure is drawn from."""

            @staticmethod
            def read(folder, options):
                return pd.read_csv(folder / "squares.csv")


        def write(cells, options, folder):
            numbers = range(options["largest"] + 1)
            pd.DataFrame({"x": numbers, "square": [x * x for x in numbers]}).to_csv(folder / "squares.csv", index=False)
            pd.DataFrame({"x": numbers}).to_csv(folder / "roots.csv", index=False)
        ''',
    f"{KIND}/findings.py": '''
        """What squares show."""

        import pandas as pd


        def measure(folder, options):
            return {"largest_square": int(pd.read_csv(folder / "squares.csv")["square"].max())}
        ''',
    f"{KIND}/section.py": '''
        """What the section of squares says."""

        import pandas as pd


        def values(folder, options):
            return {"sum": pd.read_csv(folder / "squares.csv")["square"].sum()}
        ''',
    f"{KIND}/section.html": '<h2 id="{{ experiment }}">Squares</h2><p>Their sum is {{ sum }}.</p>'
    '<img src="{{ figures.growth.source }}" alt="{{ figures.growth.title }}">\n',
    f"{KIND}/figures/__init__.py": '"""Figures of squares."""\n',
    f"{KIND}/figures/growth.py": '''
        """How squares grow."""

        import matplotlib.pyplot as plt


        def draw(tables):
            figure, axes = plt.subplots()
            axes.plot(tables["x"], tables["square"])
            return figure
        ''',
    f"{KIND}/figures/growth.rst": "They grow.\n",
    "phasemix/claims/paper_a/dummy_claim.py": '''
        """A claim about squares."""

        from phasemix.claims.claim import Claim, Finding, in_each_experiment


        @in_each_experiment
        def test(dummy_theory):
            return Finding(f"the largest square is {dummy_theory['largest_square']}", "reproduced")


        CLAIM = Claim("A-Dummy", "Squares are positive.", "all", "Always.", "Made up.", ("dummy_theory",), test)
        ''',
    "phasemix/laws/dummy_law.py": '''
        """A law of nothing."""

        LAW = None
        ''',
}  # fmt: skip


def write(folder, files):
    """Add files, none of which is there."""
    for name, text in files.items():
        assert not (folder / name).exists()
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text).lstrip())


def test_a_kind_without_training_a_figure_a_claim_and_a_law_are_files(changed):
    """Nothing that is there is made again but the ledger, which reads all claims, and the page."""
    write(changed, FILES)
    assert jobs(changed) == {"ledger": 1, "report": 1}
    edit(changed / "scales/smoke.yaml", "run: [transition, horizon]", "run: [transition, horizon, squares]")
    squares = "  squares: { kind: dummy_theory, largest: 3 }\n"
    edit(changed / "scales/smoke.yaml", "experiments:\n", f"experiments:\n{squares}")
    own = dict.fromkeys((f"{rule}_dummy_theory" for rule in ("tables", "findings", "section")), 1)
    own["draw_dummy_theory_growth"] = 1
    assert jobs(changed) == {**own, "ledger": 1, "report": 1}
    make_run(changed)
    results = changed / "results/smoke"
    assert pd.read_csv(results / "tables/squares/squares.csv")["square"].tolist() == [0, 1, 4, 9]
    page = (results / "report.html").read_text()
    assert "Their sum is 14." in page
    assert 'alt="How squares grow"' in page
    judged = pd.read_csv(results / "tables/ledger.csv").set_index("id").loc["A-Dummy"]
    assert (judged["measured"], judged["experiments"]) == ("the largest square is 9", "squares")
    assert jobs(changed) == {}


RULED = "phasemix/experiments/dummy_ruled"
RULED_FILES = {
    "phasemix/experiments/dummy_bare/spec.py": '''
        """A kind that has nothing but its configuration."""

        from typing import Literal

        from phasemix.experiments.experiment import Experiment


        class Spec(Experiment):
            """Nothing."""

            kind: Literal["dummy_bare"]
        ''',
    f"{RULED}/spec.py": '''
        """A kind whose own rules make its table, of another experiment's."""

        from typing import ClassVar, Literal

        from phasemix.experiments.experiment import Experiment


        class Spec(Experiment):
            """The number of cells of ``of``."""

            kind: Literal["dummy_ruled"]
            of: str
            tables: ClassVar[tuple[str, ...]] = ("count.txt",)

            @property
            def reads(self) -> list[str]:
                return [self.of]
        ''',
    f"{RULED}/rules.smk": """
        rule dummy_count:
            input:
                lambda wildcards: FILES.tables_read(wildcards.experiment),
            output:
                LAYOUT.tables("{experiment}") + "/count.txt",
            wildcard_constraints:
                experiment=ANY_OF(of_kind("dummy_ruled")) or "none",
            shell:
                "tail -n +2 {input[0]} | wc -l > {output}"
        """,
    f"{RULED}/findings.py": '''
        """What was counted."""


        def measure(folder, options):
            return {"cells": int((folder / "count.txt").read_text()), "of": list(options["reads"])}
        ''',
    f"{RULED}/figures/dot.py": '''
        """The number of cells."""

        import matplotlib.pyplot as plt


        def draw(folder):
            figure, axes = plt.subplots()
            axes.plot([int((folder / "count.txt").read_text())], "o")
            return figure
        ''',
    f"{RULED}/figures/dot.rst": "A dot.\n",
    "phasemix/claims/paper_a/dummy_count.py": '''
        """A claim about the number of cells."""

        from phasemix.claims.claim import Claim, Finding, in_each_experiment


        @in_each_experiment
        def test(dummy_ruled):
            return Finding(f"{dummy_ruled['cells']} cells of {dummy_ruled['of'][0]}", "reproduced")


        CLAIM = Claim("A-Dummy", "There are cells.", "some", "Always.", "Made up.", ("dummy_ruled",), test)
        ''',
}  # fmt: skip


def test_a_kind_may_have_nothing_or_rules_of_its_own(changed):
    """Its table is made of another experiment's, and has findings, a figure and a section all the same."""
    write(changed, RULED_FILES)
    assert jobs(changed) == {"ledger": 1, "report": 1}
    edit(changed / "scales/smoke.yaml", "run: [transition, horizon]", "run: [nothing, counted]")
    kinds = "  nothing: { kind: dummy_bare }\n  counted: { kind: dummy_ruled, of: transition }\n"
    edit(changed / "scales/smoke.yaml", "experiments:\n", f"experiments:\n{kinds}")
    make_run(changed)
    results = changed / "results/smoke"
    page = (results / "report.html").read_text()
    assert '<h2 id="nothing">nothing</h2>' in page
    assert 'alt="The number of cells; the caption below describes it"' in page
    assert "Its tables are count.txt, findings.json." in page
    assert '<h2 id="transition"' in page  # which was run before
    judged = pd.read_csv(results / "tables/ledger.csv").set_index("id")
    assert judged.loc["A-Dummy", "measured"] == "6 cells of transition"
    assert judged.loc["A-Fig 10", "experiments"] == "transition"
    assert jobs(changed) == {}


def test_a_task_a_controller_and_a_kind_that_trains_are_files(changed):
    """Nothing that is there is made again; the new experiment is trained, asked, and has tables and a section."""
    write(changed, TASK_FILES)
    assert jobs(changed) == {}
    (changed / "scales/counting.yaml").write_text(OVERLAY)
    snakemake(changed, "counting", *SMOKE, "scales/counting.yaml", "--cores", "2")
    results = changed / "results/counting"
    table = pd.read_csv(results / "tables/counting/cells.csv")
    assert table[["part", "mix.count", "floor.count"]].to_numpy().tolist() == [[0.25, 0.75, 1 / 5]]
    assert '<h2 id="counting">' in (results / "sections/counting.html").read_text()
    assert jobs(changed) == {}
