"""Mise à jour."""

from pages.app.frame import run_page
from pages.screens.sync.page import show_page

run_page(show_page)
