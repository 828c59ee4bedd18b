"""Open popovers and tabs, and answer the searchable lists (`pages.widgets.choice`) in a page run by AppTest."""

import json

from pages.widgets.choice import PART


def open_popover(app, key):
    """Open a popover, as a click on it does."""
    app.session_state[key] = True
    return app.run()


def open_tab(app, key, label):
    """Open a tab, as a click on its name does."""
    app.session_state[key] = label
    return app.run()


def list_of(app, key):
    """Return what the browser is given of a list: its label, options and chosen ranks."""
    proto = _found(app, key).proto
    return json.loads(proto.json)


def options_of(app, key):
    return [label for _, label, *_ in list_of(app, key)["options"]]


def chosen_in(app, key):
    data = list_of(app, key)
    return [data["options"][rank][1] for rank in data["chosen"]]


def choose(app, key, *labels):
    """Choose options by their names, as a click does; none empties the list."""
    options = options_of(app, key)
    return _send(app, key, "chosen", [[options.index(label), label] for label in labels])


def type_in(app, key, text):
    return _send(app, key, "typed", text)


def is_drawn(app, key):
    return any(element.key == f"{key}{PART}" for element in app.get("bidi_component"))


def _found(app, key):
    return next(element for element in app.get("bidi_component") if element.key == f"{key}{PART}")


def _send(app, key, event, value):
    states = app._tree.get_widget_states()
    sent = states.widgets.add()
    sent.id = f"$$STREAMLIT_INTERNAL_KEY_{_found(app, key).proto.id}__events"
    sent.json_trigger_value = json.dumps([{"event": event, "value": value}])
    app._run(states)
    return app
