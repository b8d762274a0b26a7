"""What is wrong with a page, seen in headless Chromium."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTHS = (390, 1200)
LINKS = """
const found = [...document.querySelectorAll('[id]')].map(each => each.id);
return {
  ids: found,
  links: [...document.querySelectorAll('a[href]')].map(each => each.getAttribute('href')),
  broken: [...document.images].filter(each => !each.complete || !each.naturalWidth).map(each => each.alt),
};
"""
OVERFLOW = """
const page = document.documentElement;
const width = Math.min(page.clientWidth, arguments[0]);  // a page made for no phone is laid out wider than the screen
if (page.scrollWidth <= width) return [];
const inside = each => each.parentElement.closest('.scroll, nav');
return [...document.body.querySelectorAll('*')]
  .filter(each => each.getBoundingClientRect().right > width + 1 && !inside(each))
  .map(each => each.tagName + '#' + each.id + '.' + each.className);
"""
UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true; })"


def chromium() -> tuple[str, str]:
    """The paths of Chromium and its driver; without them the test is skipped, or fails where they are required."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser and driver:
        return browser, driver
    missing = "Chromium and its driver are not installed (Debian: apt-get install chromium chromium-driver)"
    if os.environ.get("PHASEMIX_BROWSER_REQUIRED") == "1":
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def browsing() -> Iterator:
    """A Chromium, driven by Selenium, with a fresh profile."""
    from selenium import webdriver

    browser, driver = chromium()
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        try:
            yield chrome
        finally:
            chrome.quit()


def show(chrome, page: Path, width: int) -> None:
    """Open a page in a window of this width, as a phone's if it is narrow."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    chrome.get(page.as_uri())


def problems(chrome, page: Path) -> list[str]:
    """Console errors, links that lead nowhere, pictures that do not load, sideways scrolling; folded and unfolded."""
    chrome.get_log("browser")
    found = []
    for width in WIDTHS:
        show(chrome, page, width)
        for state in ("folded", "unfolded"):
            found += [f"{width} px, {state}: {name} is too wide" for name in chrome.execute_script(OVERFLOW, width)]
            chrome.execute_script(UNFOLD)
    seen = chrome.execute_script(LINKS)
    ids = seen["ids"]
    found += [f"the anchor {anchor} stands {ids.count(anchor)} times" for anchor in set(ids) if ids.count(anchor) > 1]
    found += [f"the link {link} leads nowhere" for link in seen["links"] if not _leads_somewhere(link, set(ids))]
    found += [f"the picture {name!r} does not load" for name in seen["broken"]]
    return found + [f"console: {entry['message']}" for entry in chrome.get_log("browser")]


def _leads_somewhere(link: str, anchors: set[str]) -> bool:
    if link.startswith("#"):
        return link[1:] in anchors
    parts = urlsplit(link)  # external: by its syntax only
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
