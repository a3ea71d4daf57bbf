"""`SmsField` of forms."""

from __future__ import annotations

from typing import Any

from django import forms

from ..limits import OPTIONS
from .validators import MaxSegmentsValidator, help_text

__all__ = ["SmsField"]


class SmsField(forms.CharField):  # type: ignore[misc]
    """A text area for a text that is sent as an SMS.

    Its widget has the limit as `data-max-segments` and so on, for scripts.

    Args:
        max_segments: The highest number of segments, at least 1.
        **kwargs: The options of `MaxSegments`, and the arguments of `CharField`. With
            `line_ends="lf"`, the cleaned text has LF. The help text is the limit in words if it is
            omitted.
    """

    widget = forms.Textarea

    def __init__(self, *, max_segments: int = 1, **kwargs: Any) -> None:
        options = {name: kwargs.pop(name) for name in OPTIONS if name in kwargs}
        validator = MaxSegmentsValidator(max_segments, **options)
        self.limit = validator.limit
        kwargs.setdefault("help_text", help_text(self.limit))
        super().__init__(**kwargs)
        self.validators.append(validator)

    def to_python(self, value: Any) -> Any:
        """Return the text, with LF if the options say so."""
        text = super().to_python(value)
        return self.limit.as_sent(text) if isinstance(text, str) else text

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        """Return the attributes of the widget: those of `CharField`, and the limit."""
        limit = {f"data-{name}": value for name, value in self.limit.html_attributes().items()}
        return {**super().widget_attrs(widget), **limit}
