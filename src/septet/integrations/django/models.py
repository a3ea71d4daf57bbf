"""`SmsField` of models."""

from __future__ import annotations

from typing import Any

from django.db import models

from ..limits import OPTIONS
from . import forms
from .validators import MaxSegmentsValidator, help_text

__all__ = ["SmsField"]


class SmsField(models.TextField):  # type: ignore[misc]
    """A text that is sent as an SMS; in forms it is an `SmsField` too.

    Args:
        *args: As for `TextField`.
        max_segments: The highest number of segments, at least 1.
        **kwargs: The options of `MaxSegments`, and the arguments of `TextField`. With
            `line_ends="lf"`, forms give the model a text with LF. The help text is the limit in
            words if it is omitted.
    """

    def __init__(self, *args: Any, max_segments: int = 1, **kwargs: Any) -> None:
        options = {name: kwargs.pop(name) for name in OPTIONS if name in kwargs}
        self._limit_validator = MaxSegmentsValidator(max_segments, **options)
        self.limit = self._limit_validator.limit
        self._own_help_text = help_text(self.limit)
        kwargs.setdefault("help_text", self._own_help_text)
        super().__init__(*args, **kwargs)
        self.validators.append(self._limit_validator)

    def deconstruct(self) -> tuple[Any, ...]:
        """Return how migrations make the field."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("help_text", None)
        if self.help_text is not self._own_help_text:
            kwargs["help_text"] = self.help_text
        _, (max_segments,), options = self._limit_validator.deconstruct()
        return name, path, args, {**kwargs, "max_segments": max_segments, **options}

    def formfield(self, **kwargs: Any) -> Any:
        """Return the field of a form, with the same limit."""
        limit = {"max_segments": self.limit.max_segments, **self.limit.options}
        return super().formfield(**{"form_class": forms.SmsField, **limit, **kwargs})
