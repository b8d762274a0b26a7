"""The report in a real browser: on a screen, on a phone, on paper."""

import base64

import pytest

from tests.report.browser import browsing, problems, show
from tests.report.pages import make_page

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def chrome():
    with browsing() as chrome:
        yield chrome


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return make_page(tmp_path_factory.mktemp("page"), drawn=True, seeds=2, diverged={("20k", 0.2, 0)})


def test_nothing_is_wrong_with_the_report(chrome, page):
    assert problems(chrome, page) == []


def test_what_would_be_wrong_is_found(chrome, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<p id="a" style="width: 800px">wide</p><p id="a">twice</p><a href="#b">nowhere</a><a href="file">no link</a>'
        '<img src="data:image/png;base64,AAAA" alt="broken"><script>throw new Error("wrong")</script>'
    )
    found = problems(chrome, page)
    assert {"the anchor a stands 2 times", "the link #b leads nowhere", "the link file leads nowhere"} <= set(found)
    assert "the picture 'broken' does not load" in found
    assert "390 px, folded: P#a. is too wide" in found
    assert not any(line.startswith("1200 px") for line in found)
    assert any("Error: wrong" in line for line in found)


def test_the_ledger_is_a_table_on_a_screen_and_cards_on_a_phone(chrome, page):
    row = "return getComputedStyle(document.querySelector('.ledger tbody tr')).display"
    show(chrome, page, 1200)
    assert chrome.execute_script(row) == "table-row"
    show(chrome, page, 390)
    assert chrome.execute_script(row) == "grid"


def test_wide_tables_scroll_by_themselves_on_a_phone(chrome, page):
    show(chrome, page, 390)
    widths = "return [...document.querySelectorAll('.scroll')].map(each => [each.scrollWidth, each.clientWidth])"
    found = chrome.execute_script(widths)
    assert any(content > box for content, box in found)
    assert all(box <= 390 for _, box in found)


def test_in_print_the_navigation_is_gone_and_nothing_is_folded(chrome, page):
    show(chrome, page, 1200)
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    visible = "return document.querySelector(arguments[0]).checkVisibility({contentVisibilityAuto: true})"
    try:
        assert not chrome.execute_script(visible, "nav")
        assert chrome.execute_script(visible, "#claims-not-tested td")
    finally:
        chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert not chrome.execute_script(visible, "#claims-not-tested td")
    pdf = base64.b64decode(chrome.print_page())
    assert pdf.startswith(b"%PDF")
