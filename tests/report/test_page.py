"""The report page: what it says, and that it holds everything inside."""

import re
from collections import Counter

import pandas as pd
import pytest

from phasemix.claims.catalogue import claim_modules
from phasemix.claims.claim import VERDICTS
from phasemix.experiments.experiment import figures
from phasemix.report.page import headings
from phasemix.report.templates import slug, typeset
from tests.experiments.made_up import RATIOS
from tests.report.pages import CHOSEN, make_page


def text_of(html):
    without = re.sub(r"<style>.*?</style>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", without).replace("\u00a0", " ").replace("\u2060", ""))


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return make_page(tmp_path_factory.mktemp("page"), seeds=2, diverged={("20k", 0.2, 0)})


@pytest.fixture(scope="module")
def page(path):
    return path.read_text()


@pytest.fixture(scope="module")
def verdicts(path):
    """How many claims have each verdict, by the ledger."""
    counts = pd.read_csv(path.parent / "tables/ledger.csv")["verdict"].value_counts()
    return {slug(verdict): int(counts.get(verdict, 0)) for verdict in VERDICTS}


def test_it_is_one_self_contained_page(page):
    links = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert all(link.startswith(("#", "data:", "https://arxiv.org/")) for link in links)
    assert "<script" not in page
    pictures = sum(link.startswith("data:image/svg+xml;base64,") for link in links)
    assert pictures == len(figures("transition")) + len(figures("horizon"))


def test_it_says_what_was_found_and_what_was_left_out(page):
    text = text_of(page)
    for title in (*figures("transition").values(), *figures("horizon").values()):
        assert title in text
    assert "20k at r = 0.2, seed 0" in text
    assert "58.1 (3.1)" in text  # the paper's own number
    assert "not a git checkout" in text
    assert "30, of which 1 diverged and 2 were resumed" in text
    assert "guessing floor 7.6 %" in text
    assert "20,000 tokens were trained, where separate runs would have trained 30,000, 1.50 times as many" in text
    assert "nan" not in text.lower().split()


def test_the_opening_counts_what_was_run_and_the_verdicts(page, verdicts):
    text = text_of(page)
    assert "This study trained 60 models on 40,000 tokens in all, which took 1.00 core-hours, in 2 experiments" in text
    tested = len(claim_modules()) - verdicts["not-tested"]
    assert tested >= 3
    assert f"lists {len(claim_modules())} claims of the two papers, of which {tested} were tested here" in text
    counts = re.findall(r'<li class="([a-z-]+)"><b>(\d+)</b>', page)
    assert {verdict: int(count) for verdict, count in counts} == verdicts
    shown = Counter(re.findall(r'class="verdict ([a-z-]+)"', page))
    others = verdicts.keys() - {"not-tested"}
    assert {name: shown[name] for name in others} == {name: verdicts[name] for name in others}
    assert 0 < shown["not-tested"] < verdicts["not-tested"]


def test_every_claim_stands_once_and_its_rule_is_printed_with_its_verdict(page, verdicts):
    assert len(re.findall(r'<tr id="claim-', page)) == len(claim_modules())
    tested = page[page.index('id="ledger-of-claims"') : page.index('id="claims-undecided"')]
    count = len(claim_modules()) - verdicts["not-tested"]
    assert tested.count("<b>Rule.</b>") == tested.count("<tr id=") == count
    assert tested.count('href="#headline"') >= 3


def test_what_was_measured_and_decides_nothing_is_shown_and_what_was_not_measured_is_folded(page):
    undecided = page[page.index('id="claims-undecided"') : page.index('id="claims-not-tested"')]
    assert undecided.count("<b>Rule.</b>") == undecided.count("<tr id=") >= 1
    assert "the grid has nothing that could show it" not in text_of(undecided)


def test_a_section_ends_with_what_was_chosen_after_looking(page):
    text = text_of(page)
    assert text.count("What was chosen after looking") == 2  # its heading, and its line in the navigation
    assert f"What was chosen after looking {CHOSEN['headline']}" in text


def test_long_tables_are_folded_and_say_what_is_inside(page):
    summaries = [text_of(summary).strip() for summary in re.findall(r"<summary>(.*?)</summary>", page)]
    assert any(summary.endswith("claims that this study does not test") for summary in summaries)
    assert "Accuracy in per cent at 3 horizons, 15 lines of size and ratio" in summaries
    assert any(summary.startswith("A-Table 2: ") for summary in summaries)


def test_a_size_lost_whole_still_gives_a_report(tmp_path):
    path = make_page(tmp_path, seeds=2, diverged={("20k", ratio, seed) for ratio in RATIOS for seed in (0, 1)})
    assert "20k at r = 0.05, seed 1" in path.read_text()


def test_a_study_without_experiments_still_gives_an_honest_page(tmp_path):
    text = text_of(make_page(tmp_path, experiments=()).read_text())
    assert "This study trained no model, in 0 experiments" in text
    assert "none were tested here" in text
    assert "Not tested: no experiment of kind transition was run." in text


def test_an_experiment_that_trained_nothing_says_so(tmp_path):
    path = make_page(tmp_path, experiments=("longer",))
    (tmp_path / "tables/longer/facts.json").unlink()
    from phasemix.report.page import render

    page = render(
        "test",
        ["longer"],
        sections=path.parent / "sections",
        tables=tmp_path / "tables",
        ledger=tmp_path / "tables/ledger.csv",
    )
    assert "This experiment trained nothing." in page
    assert "This study trained no model, in 1 experiment:" in text_of(page)


def test_the_navigation_is_read_from_the_sections():
    html = '<h2 id="a">The <i>one</i></h2><p id="x">no</p><h3 id="a-b"><a href="#a-b">Two</a></h3><h3>no anchor</h3>'
    assert [(h.level, h.anchor, h.text) for h in headings(html)] == [(2, "a", "The one"), (3, "a-b", "Two")]


def test_texts_are_set_as_in_print():
    assert typeset("a domain's 5 % (1–2)") == "a domain’s 5\u00a0% (1\u2060–\u20602)"
    assert slug("A-Fig 2, A-Table 1") == "a-fig-2-a-table-1"
