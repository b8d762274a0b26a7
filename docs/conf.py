"""How Sphinx builds the site: `make docs`."""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
PACKAGE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = PACKAGE["name"]
author = "The phasemix authors"
project_copyright = f"{author}, under the {PACKAGE['license']} licence"
version = release = PACKAGE["version"]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "docs.extensions.generated",
    "docs.extensions.references",
]
exclude_patterns = ["_static", "extensions", "results/laptop"]
nitpick_ignore_regex = [("py:.*", r"(?!phasemix\.).*")]  # other packages' sites cannot be looked up without a network

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 4

autodoc_typehints = "none"  # docstrings say what arguments are
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
napoleon_custom_sections = [("Class attributes", "Attributes")]
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"phasemix {version}"
html_static_path = ["_static"]
html_css_files = ["phasemix.css"]
html_copy_source = False
html_show_sourcelink = False
copybutton_prompt_text = "$ "
