"""Croisement."""

from pages.app.frame import run_page
from pages.screens.crossing.page import show_page

run_page(show_page)
