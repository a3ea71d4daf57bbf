"""`SmsField` of forms."""

from __future__ import annotations

import copy

import pytest

pytest.importorskip("django")

from django import forms
from django.http import QueryDict

import django_project  # noqa: F401 - settings
from septet.integrations import MaxSegments
from septet.integrations.django.forms import SmsField

TOO_LONG = "a" * 161


class ReminderForm(forms.Form):
    text = SmsField()
    footer = SmsField(
        max_segments=2, required=False, line_ends="lf", help_text="", widget=forms.TextInput
    )
    note = SmsField(
        required=False,
        max_length=500,
        encoding="gsm7",
        error_messages={"encoding": "Not %(character)s.", "max_segments": "%(show_value)d."},
    )


def test_errors() -> None:
    """They belong to their field; their messages can be replaced by their codes."""
    form = ReminderForm({"text": TOO_LONG, "note": "a’"})
    assert form.errors == {
        "text": ["This text takes 2 SMS segments; at most 1 is allowed."],
        "note": ["Not ’."],
    }
    assert form.errors.as_data()["text"][0].code == "max_segments"
    assert '"code": "max_segments"' in form.errors.as_json()
    assert ReminderForm({"text": "a", "note": TOO_LONG}).errors == {"note": ["2."]}
    assert list(ReminderForm({}).errors.as_data()["text"][0].messages) == [
        "This field is required."
    ]


def test_line_ends() -> None:
    """They are kept, and counted as CR LF, unless the field makes them LF."""
    data = QueryDict("first-text=a%0D%0Ab&first-footer=" + "a%0D%0A" * 150 + "b")
    form = ReminderForm(data, prefix="first")
    assert form.is_valid()
    assert form.cleaned_data["text"] == "a\r\nb"
    assert form.cleaned_data["footer"] == "a\n" * 150 + "b"
    assert form.cleaned_data["note"] == ""
    assert not ReminderForm({"text": "a\r\n" * 54 + "a"}).is_valid()
    assert ReminderForm({"text": "a\n" * 79 + "a"}).is_valid()


def test_empty_values() -> None:
    """As CharField has them."""
    field = SmsField(required=False, empty_value=None, line_ends="lf")
    assert field.clean("") is None
    assert field.clean(None) is None
    assert field.clean("  a\r\n ") == "a"


def test_rendering() -> None:
    """The widget has the limit, and the field a help text."""
    text = str(ReminderForm()["text"])
    assert 'data-max-segments="1"' in text
    assert 'data-line-ends="crlf"' in text
    assert text.startswith("<textarea")
    footer = str(ReminderForm()["footer"])
    assert 'data-line-ends="lf"' in footer
    assert footer.startswith("<input")
    assert 'data-encoding="gsm7"' in str(ReminderForm()["note"])
    assert 'maxlength="500"' in str(ReminderForm()["note"])
    assert str(ReminderForm()["text"].help_text) == "At most 1 SMS segment."
    assert ReminderForm()["footer"].help_text == ""
    note = "At most 1 SMS segment. Only characters of GSM-7."
    assert str(ReminderForm()["note"].help_text) == note


def test_a_field() -> None:
    """It has its limit, can be copied, and refuses what is no limit."""
    field = SmsField(max_segments=2, provider="twilio")
    assert field.limit == copy.deepcopy(field).limit == MaxSegments(2, provider="twilio")
    with pytest.raises(ValueError, match="max_segments must be"):
        SmsField(max_segments=0)
    with pytest.raises(TypeError):
        SmsField(segments=1)


def test_has_changed() -> None:
    """A stored text with LF is the same as what a browser sends of it."""
    assert not SmsField(line_ends="lf").has_changed("a\nb", "a\r\nb")
