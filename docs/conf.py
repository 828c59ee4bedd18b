"""Sphinx: the manual as a site of plain files, which asks nothing of the network. `make docs` builds it."""

import os
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]
os.environ["PYTHONPATH"] = str(ROOT)  # the notebooks run from their folder
os.environ.pop("MPLBACKEND", None)  # set by who starts us, it would take the pictures out of the notebooks
os.environ["MAILLAGE_DATA"] = str(
    ROOT / "docs" / "_build" / "none"
)  # the manual tells what is delivered, not what was synced

project = "Maillage"
release = version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
author = "Maillage"
language = "fr"
locale_dirs = ["locale"]  # the few words of the theme that Sphinx does not translate
extensions = ["myst_nb", "lists"]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"Maillage {release}"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_static_path = ["style"]
html_css_files = ["site.css"]

myst_enable_extensions = ["attrs_inline", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_execution_show_tb = True
