"""What pages say of themselves by a rule of style; those that are the same for all are in `pages/app/browser`."""

import html

import streamlit as st


def label_popover(label: str) -> None:
    """Write the label of a popover as Streamlit writes those of its other widgets: popovers have none."""
    st.html(f"<div class='etiquette'>{label}</div>")


def name_menu(title: str) -> None:
    """Write "Menu" and the title of the page on the button that the menu is on a phone: it is a bare arrow."""
    st.html(
        '<style>[data-testid="stExpandSidebarButton"]{width:auto}[data-testid="stExpandSidebarButton"]::after'
        f'{{content:"Menu · {title}";font-size:1rem;font-weight:600;margin-left:.5rem;white-space:nowrap}}</style>'
    )


def light_section(place: int) -> None:
    """Mark the section of the menu that the page belongs to, as Streamlit marks a page that is in no section.

    Parameters
    ----------
    place
        Rank of the section among what the menu shows in a line, from 1.
    """
    st.html(
        f'<style>[data-testid="stTopNav"]>:nth-child({place}) [data-testid="stTopNavSection"]'
        "{background:light-dark(#e3e8f0,#2a3648);font-weight:600}</style>"
    )


def name_page(title: str) -> None:
    """Write the title of a page that shows none, for those who hear it."""
    st.html(f"<h1 class='nom-de-page'>{html.escape(title)}</h1>")
