"""Sources et méthode."""

from pages.app.frame import run_page
from pages.screens.sources.page import show_page

run_page(show_page)
