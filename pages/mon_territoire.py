"""Mon territoire."""

from pages.app.frame import run_page
from pages.screens.own_territory.page import show_page

run_page(show_page)
