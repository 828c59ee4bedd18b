"""The page of the toy country, served with the script of the map beside it as the application is."""

from pathlib import Path

from starlette.middleware import Middleware
from streamlit.starlette import App

from pages.app.shell import InFrench

app = App(Path(__file__).with_name("map_page.py"), middleware=[Middleware(InFrench)])
