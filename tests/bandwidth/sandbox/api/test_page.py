"""The page in a real browser: activity is shown, escaped, and fits the window."""

import httpx2
import pytest

from callback_receiver import Receiver
from septet.bandwidth.sandbox import Sandbox

HOSTILE = "<script>document.title = 'gone'</script><img src=x onerror=document.title='gone'>"


def text_of(page):
    return " ".join(page.text("body").split())


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_activity_is_shown(browser, sandbox, receiver, send, width, dark, tmp_path):
    """Messages, states, requests and callbacks appear; texts are never read as markup."""
    page = browser.open(sandbox.page_url, width=width, dark=dark)
    page.wait("document.querySelector('#time').textContent !== ''")
    assert "No requests or callbacks yet." in page.evaluate(
        "document.querySelector('#log').dataset.empty"
    )
    receiver.status = 503
    group = send(to=["+13125550140", "+12025550"], text=HOSTILE, tag="<i>t</i>").json()
    page.wait("document.querySelectorAll('#messages li').length === 1")
    page.wait("document.querySelector('#log').innerText.includes('attempt 2')")
    shown = text_of(page)
    assert HOSTILE in shown
    assert "<i>t</i>" in shown
    assert group["id"] in shown
    assert "→ +12025550 failed 4303" in shown
    assert "POST /api/v2/users/5550100/messages 202" in shown
    assert page.evaluate("document.title") == "septet sandbox"
    assert page.overflowing == page.faint == page.nameless == []
    receiver.status = 200
    sandbox.wait_until_idle()
    page.wait("document.querySelector('#pending').textContent === '0'")
    shown = text_of(page)
    assert HOSTILE not in shown
    assert "→ +13125550140 delivered" in shown
    send(to=[])
    page.wait("document.querySelector('#log').innerText.includes('messages 400')")
    assert page.problems == []


def test_with_credentials(browser):
    """The page fetches its data with the credentials that it was opened with."""
    with Sandbox("http://bob:hush@127.0.0.1:9/", username="ann", password="p@ss") as sandbox:
        page = browser.open(sandbox.page_url.replace("//", "//ann:p%40ss@"))
        page.wait("document.querySelector('#callback-url').textContent !== ''")
        assert "Callbacks to http://127.0.0.1:9/" in text_of(page)
        assert "hush" not in page.evaluate("document.documentElement.outerHTML")


def test_drops(browser):
    """Dropped callbacks are shown."""
    with Receiver(500) as receiver, Sandbox(receiver.url, speed=360_000) as sandbox:
        page = browser.open(sandbox.page_url)
        sandbox.receive("+13125550140", "+12025550100", "Is anybody there?")
        page.wait("document.querySelector('#log').innerText.includes('dropped after')")
        assert "+12025550100 received" in text_of(page)


def test_stopped_sandbox(browser):
    """The page shows that the sandbox does not answer."""
    with Sandbox() as sandbox:
        page = browser.open(sandbox.page_url)
        page.wait("document.querySelector('#time').textContent !== ''")
        assert page.evaluate("document.querySelector('#offline').hidden")
    page.wait("!document.querySelector('#offline').hidden")


def test_activity(sandbox, send):
    """The data of the page: the latest entries after a number; other values count as 0."""
    send()
    sandbox.wait_until_idle()
    url = f"{sandbox.page_url}activity"
    data = httpx2.get(url).json()
    assert [entry["kind"] for entry in data["log"]] == ["request", "attempt", "attempt"]
    later = httpx2.get(url, params={"after": data["last"]}).json()
    assert (later["log"], later["last"]) == ([], data["last"])
    for odd in ("x", "-1", "٣", "9" * 5000):
        assert httpx2.get(url, params={"after": odd}).status_code == 200


def test_policy(sandbox):
    """The page may only request data from the sandbox, and cannot be framed."""
    policy = httpx2.get(sandbox.page_url).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
