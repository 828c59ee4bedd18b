"""Suivi des projets."""

from pages.app.frame import run_page
from pages.screens.project_board.page import show_page

run_page(show_page)
