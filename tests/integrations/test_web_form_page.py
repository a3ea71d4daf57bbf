"""The blocks of docs/how-to/in-a-web-form.md that are no sessions."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Annotated, Any

import pytest

pytest.importorskip("django")
pytest.importorskip("rest_framework")
pytest.importorskip("fastapi")

from django.conf import settings
from django.template import Context, Template
from pydantic import BaseModel

import django_project  # noqa: F401 - settings
from asgi_requests import ask
from septet.integrations import MaxSegments

PAGE = Path(__file__).parents[2] / "docs/how-to/in-a-web-form.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
TOO_LONG = "a" * 161


class Reminder(BaseModel):
    text: Annotated[str, MaxSegments(1)]


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the Python blocks define."""
    found: dict[str, Any] = {"__name__": "septet.integrations.django.page", "Reminder": Reminder}
    for language, text in BLOCKS:
        if language == "python":
            exec(text, found)
    return found


def test_django(names) -> None:
    """The form and the model have their limits, and the template their application."""
    form = names["ReminderForm"]({"text": "a\r\n" * 160})
    assert not form.is_valid()
    assert names["ReminderForm"]({"text": "a\r\n" * 153}).is_valid()
    notice = names["Notice"](text="a" * 307, footer="’")
    with pytest.raises(Exception, match="takes 3 SMS segments") as raised:
        notice.full_clean()
    assert set(raised.value.message_dict) == {"text", "footer"}
    assert set(names["INSTALLED_APPS"]) <= set(settings.INSTALLED_APPS)
    (template,) = [text for language, text in BLOCKS if language == "django"]
    shown = Template(template).render(Context({"form": form, "notice": notice}))
    assert '<script src="/static/septet/septet-counter.js">' in shown
    assert '<septet-counter for="id_text" max-segments="2" provider="twilio"' in shown
    assert "<p>3 segments</p>" in shown


def test_django_rest_framework(names) -> None:
    """The serializer has its limit."""
    assert names["ReminderSerializer"](data={"text": TOO_LONG}).is_valid()
    assert not names["ReminderSerializer"](data={"text": TOO_LONG * 2}).is_valid()


def test_fastapi(names) -> None:
    """The application refuses what takes too much."""
    for text, status in (("a", 200), (TOO_LONG, 422)):
        body = json.dumps({"text": text}).encode()
        assert ask(names["app"], "POST", "/reminders", body, "application/json")[0] == status


def test_html() -> None:
    """The counter is for the field."""
    tags: dict[str, dict[str, str | None]] = {}
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: tags.update({tag: dict(attributes)})
    parser.feed(next(text for language, text in BLOCKS if language == "html"))
    assert tags["septet-counter"]["for"] == tags["textarea"]["id"]
    assert set(tags["septet-counter"]) <= {"for", *MaxSegments(2).html_attributes()}
