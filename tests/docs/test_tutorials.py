"""Whoever follows a tutorial from its first block to its last in a fresh checkout gets what it says."""

from pathlib import Path

import pytest

from tests.docs.tutorial import blocks, follow
from tests.workflow.checkout import copy_checkout, without_environment

PAGES = sorted((Path(__file__).parent.parent.parent / "docs/tutorials").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_tutorial_works_from_top_to_bottom(page, tmp_path):
    without_environment(copy_checkout(tmp_path))
    follow(page, tmp_path)


def test_most_of_what_tutorials_say_is_run():
    """What is not run says why."""
    found = [block for page in PAGES for block in blocks(page) if block.language in ("sh", "python") and not block.file]
    skipped = [block for block in found if block.not_run is not None]
    assert all(block.not_run for block in skipped)
    assert len(skipped) < len(found) / 2


def test_a_page_that_has_rotted_is_found(tmp_path):
    def page(text):
        (tmp_path / "page.md").write_text(text)
        return tmp_path / "page.md"

    follow(
        page("<!-- not run: fails -->\n```sh\nfalse\n```\n\n```sh\necho one two\n```\n\n```text\none  two\n```\n"),
        tmp_path,
    )
    for text, wrong in (
        ("# A page\n\n```sh\nfalse\n```\n", "page.md, line 3"),
        ("```python\nprint(1)\n```\n\n```text\n2\n```\n", "does not print"),
        ("```python\nprint('one two')\n```\n\n```text\none\n```\n", "does not print"),
        ("```yaml\na: 1\n```\n", "neither a file nor run"),
        ("<!-- not run: fails -->\n\nWords.\n\n```sh\nfalse\n```\n", "line 5"),
    ):
        with pytest.raises(AssertionError, match=wrong):
            follow(page(text), tmp_path)
