"""A popover: nothing of it until it is opened, and what was typed in it as long as the page is there."""

from streamlit.testing.v1 import AppTest

from tests.pages.choosing import open_popover


def page():
    import streamlit as st  # noqa: PLC0415 - AppTest runs the text of this function

    from pages.app.popover import show_popover  # noqa: PLC0415

    show_popover("Écrire", lambda: st.text_input("Mot", key="word"), key="writing")
    st.button("Autre chose", key="other")


def fields(app):
    assert not app.exception
    return [field.value for field in app.text_input]


def test_what_a_popover_holds_is_made_when_it_is_opened_and_kept():
    app = AppTest.from_function(page).run()
    assert fields(app) == []
    open_popover(app, "writing")
    assert fields(app) == [""]
    app.text_input(key="word").input("Lozère").run()
    app.session_state["writing"] = False
    app.button(key="other").click().run()
    assert fields(app) == ["Lozère"]
