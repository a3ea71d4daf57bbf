"""Template tags: the filter `sms_segments` and the tag `sms_counter`."""

from __future__ import annotations

import pytest

pytest.importorskip("django")

from django import forms
from django.template import Context, Template, TemplateSyntaxError

import django_project  # noqa: F401 - settings
from septet.integrations.django.forms import SmsField
from septet.integrations.django.validators import MaxSegmentsValidator


class ReminderForm(forms.Form):
    text = SmsField(max_segments=2, languages=["turkish", "urdu"], keep_graphemes=True)
    footer = SmsField(line_ends="lf")
    note = forms.CharField(validators=[MaxSegmentsValidator(3)])
    name = forms.CharField()


def render(template: str, **context: object) -> str:
    return Template("{% load septet %}" + template).render(Context(context))


@pytest.mark.parametrize(
    ("text", "count"), [("a", 1), ("’" * 71, 2), ("", 1), (None, 1), (12, 1), ("<" * 161, 2)]
)
def test_sms_segments(text, count) -> None:
    """The count of the text, before it is escaped."""
    assert render("{{ text|sms_segments }}", text=text) == str(count)


def test_sms_counter() -> None:
    """The element has the id of the field, and its limit."""
    form = ReminderForm(prefix="first")
    assert render("{% sms_counter form.text %}", form=form) == (
        '<septet-counter for="id_first-text" max-segments="2" languages="turkish urdu" '
        'keep-graphemes="" line-ends="crlf"></septet-counter>'
    )
    assert render("{% sms_counter form.footer %}", form=form) == (
        '<septet-counter for="id_first-footer" max-segments="1" line-ends="lf"></septet-counter>'
    )
    assert 'max-segments="3"' in render("{% sms_counter form.note %}", form=form)
    with pytest.raises(TemplateSyntaxError, match="and name has none"):
        render("{% sms_counter form.name %}", form=form)
