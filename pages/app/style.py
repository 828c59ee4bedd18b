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


def name_page(title: str) -> None:
    """Write the title of a page that shows none, for those who hear it."""
    st.html(f"<h1 class='nom-de-page'>{html.escape(title)}</h1>")
