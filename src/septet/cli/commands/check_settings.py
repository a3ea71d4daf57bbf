"""What `septet check` takes from pyproject.toml where the command line gives nothing."""

from __future__ import annotations

import argparse
import os

from ...checking.settings import find_settings
from ..arguments import refused_values, segmenter

__all__ = ["add_settings"]

_LIMITS = ("max_segments", "max_units", "encoding")
_OPTIONS = ("provider", "languages", "keys", "field_length", "text", "baseline")


def add_settings(arguments: argparse.Namespace) -> None:
    """Fill the arguments that were not given with the settings of the project.

    A limit on the command line replaces all limits of the settings. `arguments` receives
    `exceptions`, `fields` (the lengths of placeholders) and `segmenter` too.

    Args:
        arguments: The arguments; they are changed.

    Raises:
        SourceError: The settings are wrong.
        UsageError: The provider or the languages are unknown.
    """
    settings = find_settings(os.getcwd())
    has_limit = any(getattr(arguments, name) is not None for name in _LIMITS)
    arguments.whole_text_files |= settings.get("whole_text_files", False)
    for name in _OPTIONS if has_limit else (*_LIMITS, *_OPTIONS):
        if getattr(arguments, name) in (None, []) and name in settings:
            setattr(arguments, name, settings[name])
    arguments.exceptions = settings.get("exceptions", [])
    arguments.fields = {**settings.get("fields", {}), **dict(arguments.field)}
    with refused_values():
        arguments.segmenter = segmenter(arguments)
