"""The site is built without a warning, and holds every key, command, claim and figure that there is."""

import json
import re
import subprocess
import sys
import tomllib
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from docs.extensions import command_line, configuration
from phasemix.experiments.experiment import kinds
from phasemix.experiments.experiment import spec_of as kind_spec
from phasemix.study.editor_schema import editor_schema
from phasemix.study.yaml_files import read_yaml
from phasemix.tasks.source import spec_of as task_spec
from phasemix.tasks.source import tasks

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = [*((f"kind: {kind}", kind_spec(kind)) for kind in kinds())]
SCHEMAS += [(f"task: {task}", task_spec(task)) for task in tasks()]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-b", "html"]
    places = ["-d", str(folder / "doctrees"), "docs", str(folder / "html")]
    done = subprocess.run([*command, *places], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "html"


@pytest.fixture(scope="module")
def sections():
    """The rows of the tables of the reference of the configuration, by the heading that they stand under."""
    found, heading = {}, ""
    for line in configuration.page().splitlines():
        heading = line.lstrip("# ").strip("`") if line.startswith("#") else heading
        if row := re.match(r"\| `(\w+)` \| (.+?) \| (.+?) \| (.*) \|$", line):
            found.setdefault(heading, {})[row[1]] = row.groups()[1:]
    return found


def text_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))).split())


def test_it_is_that_of_this_version(site):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"phasemix {version}" in text_of(site / "index.html")
    assert json.loads((site / "config.schema.json").read_text()) == json.loads(json.dumps(editor_schema()))


def test_every_page_can_be_reached_from_the_first(site):
    pages = {str(page.relative_to(site)) for page in site.rglob("*.html")} - {"genindex.html", "search.html"}
    linked = set(re.findall(r'class="reference internal" href="([^"#]+)"', (site / "index.html").read_text()))
    assert pages - linked - {"py-modindex.html", "index.html"} == set()


def test_no_link_is_dead(site):
    """Nor does one lead out of the site to a file of the repository."""
    dead = []
    for page in site.rglob("*.html"):
        for link in re.findall(r'(?:href|src)="((?!https?:|mailto:|data:)[^"#?]+)', page.read_text(encoding="utf-8")):
            target = (page.parent / unescape(link)).resolve()
            if not (target.exists() and target.is_relative_to(site)):
                dead.append(f"{page.relative_to(site)}: {link}")
    assert dead == []


@pytest.mark.parametrize(("heading", "schema"), SCHEMAS, ids=lambda each: each if isinstance(each, str) else "")
def test_every_key_of_every_kind_and_task_has_a_row(sections, heading, schema):
    assert sections[heading].keys() == schema.model_fields.keys()
    assert all(value and default and meaning for value, default, meaning in sections[heading].values())


def test_every_key_of_the_default_study_has_a_meaning(sections):
    known = set().union(*sections.values())
    config = read_yaml(ROOT / "config.yaml")
    assert config.keys() == sections["The file"].keys()
    recipe = config["experiments"]["transition"]["recipe"]
    for section in (recipe, config["evaluation"]["curve"], config["hardware"], *config["models"].values()):
        assert section.keys() <= known


def test_values_and_defaults_are_said_in_words(sections):
    recipe = sections["recipe"]
    assert recipe["tokens"][:2] == ("whole number > 0", "required")
    assert recipe["schedule"][0] == "`wsd`, `cosine`, `exponential` or `constant`"
    assert recipe["betas"][:2] == ("list of number ≥ 0 and < 1, number ≥ 0 and < 1", "`[0.9, 0.95]`")
    assert recipe["early_stopping"][0].endswith(" or `null`")


def test_every_argument_of_every_command_has_a_meaning():
    page = command_line.page()
    rows = re.findall(r"^\| `(.+?)` \| (.*) \|$", page, re.MULTILINE)
    assert {"--law NAME|auto".replace("|", "\\|"), "RUNS", "--cap DOMAIN=EPOCHS:TOKENS"} <= {name for name, _ in rows}
    assert [name for name, meaning in rows if not meaning.replace("(must be given)", "").strip()] == []
    assert "phasemix popularity infer" in page


def test_every_claim_and_figure_is_there(site):
    ledger = pd.read_csv(ROOT / "docs/results/laptop/ledger.csv")
    claims = text_of(site / "results/claims.html")
    assert [claim for claim in ledger["id"] if f"{claim}: " not in claims] == []
    pictures = {path.name for path in (ROOT / "docs/results/laptop").glob("*/figures/*.svg")}
    assert len(re.findall("<img ", (site / "results/figures.html").read_text())) >= len(pictures) > 0
