"""Sphinx configuration. `make docs` builds the site offline; every warning is an error."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import version as installed_version
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
sys.path[:0] = [str(DOCS / "_ext"), str(ROOT)]


def copy_notebooks() -> None:
    """Bring the executed notebooks under the source folder; their stored outputs are shown as they are."""
    target = DOCS / "notebooks"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        shutil.copy(notebook, target)


copy_notebooks()

project = "trustmeasure"
author = "The trustmeasure developers"
project_copyright = author
release = installed_version("trustmeasure")
version = release

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_design",
    "sphinx_copybutton",
    "mathml",
    "public_names",
    "shared_fields",
    "shipped_content",
]
exclude_patterns = ["_build", "_ext", "**.ipynb_checkpoints"]

# Notebooks: shown with the outputs they were stored with, never executed here.
nb_execution_mode = "off"
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

# Reference: docstrings are NumPy style; types stand in the text, so signatures stay short.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
default_role = "code"  # `name` in a docstring is code
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
napoleon_custom_sections = ["Formula", "Source", "Sources", "Checked against"]

html_extra_path = ["../trustmeasure/instruments/instrument.schema.json"]  # at the top of the site
html_theme = "pydata_sphinx_theme"
html_title = f"trustmeasure {release}"
html_math_renderer = "mathml"
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
