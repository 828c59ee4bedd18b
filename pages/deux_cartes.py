"""Deux cartes."""

from pages.app.frame import run_page
from pages.screens.two_maps.page import show_page

run_page(show_page)
