"""Indicateurs de suivi."""

from pages.app.frame import run_page
from pages.screens.programme.page import show_page

run_page(show_page)
