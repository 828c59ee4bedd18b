"""The searchable lists: values, callbacks, and answers to a list that has changed since the browser drew it."""

from streamlit.testing.v1 import AppTest

from tests.pages.choosing import choose, chosen_in, list_of, options_of, type_in


def page():
    import streamlit as st  # noqa: PLC0415 - run apart

    from pages.widgets.choice import About, ask_as_typed, choose_many, choose_one  # noqa: PLC0415 - the same

    st.session_state.setdefault("towns", ["Mende", "Florac", "Mende"])
    st.session_state.setdefault("calls", [])
    st.session_state["one_value"] = choose_one(
        "Un", st.session_state["towns"], key="one", on_change=st.session_state["calls"].append, args=("one",)
    )
    st.session_state["none_value"] = choose_one("Aucun", ["a", "b"], key="none", index=None, placeholder="Rien")
    st.session_state["many_value"] = choose_many("Plusieurs", ["x", "y", "z"], key="many", max_selections=2)
    ask_as_typed(
        "Chercher",
        [typed.upper() for typed in [st.session_state.get("typed", "")] if typed],
        key="asked",
        text=st.session_state.get("typed", ""),
        format_func=str,
        about=lambda name: About(detail=f"détail de {name}"),
        on_type=lambda text: st.session_state.update(typed=text),
        on_choose=lambda name: st.session_state.update(found=name),
    )


def run():
    app = AppTest.from_function(page).run()
    assert not app.exception
    return app


def test_the_first_option_is_chosen_unless_said_otherwise():
    app = run()
    assert app.session_state["one_value"] == "Mende"
    assert app.session_state["none_value"] is None
    assert app.session_state["many_value"] == []
    assert not list_of(app, "one")["is_clearable"]
    assert list_of(app, "none")["is_clearable"]


def test_a_choice_stands_in_the_session_and_is_told():
    app = choose(run(), "one", "Florac")
    assert app.session_state["one"] == app.session_state["one_value"] == "Florac"
    assert app.session_state["calls"] == ["one"]
    assert chosen_in(app, "one") == ["Florac"]
    app = choose(choose(app, "none", "b"), "none")
    assert app.session_state["none_value"] is None


def test_no_more_are_chosen_than_allowed_and_in_the_order_of_the_choice():
    app = choose(run(), "many", "z", "x")
    assert app.session_state["many_value"] == ["z", "x"]
    app = choose(app, "many", "z", "x", "y")
    assert app.session_state["many_value"] == ["z", "x"]
    assert choose(app, "many").session_state["many_value"] == []


def test_a_value_that_the_list_has_lost_gives_way_to_the_first():
    app = choose(run(), "one", "Florac")
    app.session_state["towns"] = ["Langogne", "Mende"]
    app.run()
    assert app.session_state["one_value"] == "Langogne"


def test_a_click_on_a_list_that_has_changed_meanwhile_is_read_by_its_name():
    app = run()
    sent = [[1, "Mende"], [9, "Florac"], [0, "Ailleurs"], "x", None]
    for answer in sent:
        app = send(app, [answer])
        assert not app.exception
    assert app.session_state["one_value"] == "Florac"


def send(app, value):
    from tests.pages import choosing  # noqa: PLC0415 - the means of the others

    return choosing._send(app, "one", "chosen", value)


def test_what_is_typed_is_answered_and_the_answer_chosen():
    app = type_in(run(), "asked", "mende")
    assert options_of(app, "asked") == ["MENDE"]
    assert list_of(app, "asked")["options"][0][3] == "détail de MENDE"
    assert choose(app, "asked", "MENDE").session_state["found"] == "MENDE"
