"""What `open_page` promises to all other tests: a reader never seen before, and nothing outside the machine."""

import pytest

from tests.e2e import toy_site
from tests.e2e.browser import HOST, eventually, forget, guard, serve

pytestmark = pytest.mark.e2e

ASK = """address => fetch(address, { mode: "no-cors" }).then(() => "answered", () => "stopped")"""


@pytest.fixture(scope="module")
def other_site(tmp_path_factory):
    """Serve at a name of this machine that no page is given: a site outside, for the browser."""
    with serve(toy_site.write(tmp_path_factory.mktemp("other_site"))) as address:
        yield address.replace(HOST, "localhost")


def test_a_request_that_would_leave_is_stopped_and_told(chromium, toy_map, other_site):
    page = chromium.new_page()
    escaped = guard(page)
    page.goto(toy_map)
    asked = [f"{other_site}/_stcore/health", "http://192.0.2.1/outside"]
    assert [page.evaluate(ASK, address) for address in asked] == ["stopped", "stopped"]
    page.evaluate("address => { new WebSocket(address); }", "ws://192.0.2.1/outside")
    eventually(page, lambda: len(escaped) == 3)
    assert escaped == [*asked, "ws://192.0.2.1/outside"]
    assert page.evaluate(ASK, f"{toy_map}/_stcore/health") == "answered"
    page.close()


def test_a_profile_given_again_remembers_no_site(chromium, toy_map):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(toy_map)
    page.evaluate("() => { localStorage.setItem('kept', '1'); document.cookie = 'kept=1'; }")
    forget(context, toy_map)
    assert context.pages == []
    page = context.new_page()
    page.goto(toy_map)
    assert page.evaluate("() => [localStorage.getItem('kept'), document.cookie.includes('kept')]") == [None, False]
    context.close()
