"""Qualité."""

from pages.app.frame import run_page
from pages.screens.quality.page import show_page

run_page(show_page)
