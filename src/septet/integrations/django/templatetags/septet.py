"""The filter `sms_segments` and the tag `sms_counter`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join

from ....segmentation import count
from ..validators import MaxSegmentsValidator

__all__ = ["register", "sms_counter", "sms_segments"]

register = template.Library()


@register.filter  # type: ignore[untyped-decorator]
def sms_segments(text: Any) -> int:
    """Return the segments of a text, by default rules: `{{ message.text|sms_segments }}`."""
    return count("" if text is None else str(text))


@register.simple_tag  # type: ignore[untyped-decorator]
def sms_counter(field: Any) -> Any:
    """Return the element that counts under a field of a form: `{% sms_counter form.text %}`.

    The script that `septet browser` writes makes it show the segments while someone types.

    Args:
        field: A field with a `MaxSegmentsValidator`, such as an `SmsField`.
    """
    limits = [
        validator.limit
        for validator in field.field.validators
        if isinstance(validator, MaxSegmentsValidator)
    ]
    if not limits:
        raise template.TemplateSyntaxError(
            f"sms_counter needs a field with a MaxSegmentsValidator, and {field.name} has none"
        )
    attributes = {"for": field.id_for_label, **limits[0].html_attributes()}
    shown = format_html_join("", ' {}="{}"', attributes.items())
    return format_html("<septet-counter{}></septet-counter>", shown)
