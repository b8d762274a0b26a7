"""A kind of experiment that trains nothing, with a figure, a claim, and beside it a law: files, and a section each."""

from textwrap import dedent

import pandas as pd
import pytest

from tests.workflow.checkout import SMOKE, edit, jobs, snakemake

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
            tables: ClassVar[tuple[str, ...]] = ("squares.csv", "roots.csv", "findings.json")

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


        CLAIM = Claim("A-Dummy", "Squares are positive.", "all", "Always.", ("dummy_theory",), test)
        ''',
    "phasemix/laws/dummy_law.py": '''
        """A law of nothing."""

        LAW = None
        ''',
}  # fmt: skip


def test_a_kind_without_training_a_figure_a_claim_and_a_law_are_files(changed):
    """Nothing that is there is made again but the ledger, which reads all claims, and the page."""
    for name, text in FILES.items():
        (changed / name).parent.mkdir(parents=True, exist_ok=True)
        (changed / name).write_text(dedent(text).lstrip())
    assert jobs(changed) == {"ledger": 1, "report": 1}
    edit(changed / "scales/smoke.yaml", "run: [transition, horizons]", "run: [transition, horizons, squares]")
    squares = "  squares: { kind: dummy_theory, largest: 3 }\n"
    edit(changed / "scales/smoke.yaml", "experiments:\n", f"experiments:\n{squares}")
    own = dict.fromkeys(("tables_dummy_theory", "draw_dummy_theory_growth", "section_dummy_theory"), 1)
    assert jobs(changed) == {**own, "ledger": 1, "report": 1}
    snakemake(changed, *SMOKE)
    results = changed / "results/smoke"
    assert pd.read_csv(results / "tables/squares/squares.csv")["square"].tolist() == [0, 1, 4, 9]
    page = (results / "report.html").read_text()
    assert "Their sum is 14." in page
    assert 'alt="How squares grow"' in page
    judged = pd.read_csv(results / "tables/ledger.csv").set_index("id").loc["A-Dummy"]
    assert (judged["measured"], judged["experiments"]) == ("the largest square is 9", "squares")
    assert jobs(changed) == {}
