"""Where results lie."""

from phasemix.study.cell_key import CellKey
from phasemix.study.layout import Layout

LAYOUT = Layout("smoke")
KEY = CellKey.of(size="58k", ratio=0.2, seed=0)


def test_a_cells_folders_are_its_spelling():
    assert LAYOUT.of_cell("runs", "transition", KEY) == "results/smoke/runs/transition/size=58k/ratio=0.2/seed=0"
    assert LAYOUT.of_cell("runs", "{experiment}", "{cell}") == "results/smoke/runs/{experiment}/{cell}"


def test_other_files_are_named_in_one_place():
    assert LAYOUT.corpus("web") == "results/smoke/corpora/web"
    assert LAYOUT.tokens("laptop", "web") == "results/smoke/tokens/laptop/web"
    assert LAYOUT.tokenizer("laptop") == "results/smoke/tokenizers/laptop"
    assert LAYOUT.tables("transition") == "results/smoke/tables/transition"
    assert LAYOUT.figure("transition", "a_fig_1") == "results/smoke/figures/transition/a_fig_1"
    assert LAYOUT.section("transition") == "results/smoke/sections/transition.html"
    assert (LAYOUT.ledger, LAYOUT.report) == ("results/smoke/tables/ledger.csv", "results/smoke/report.html")
    assert LAYOUT.log("train", "transition", KEY.format()) == f"results/smoke/logs/train/transition/{KEY.format()}.log"
    assert LAYOUT.benchmark("cells", "transition") == "results/smoke/benchmarks/cells/transition.tsv"
