"""Espace de travail."""

from pages.app.frame import run_page
from pages.screens.workspace.page import show_page

run_page(show_page)
