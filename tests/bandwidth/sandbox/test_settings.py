"""Settings: defaults, limits, and the keyword arguments of `Sandbox`."""

from typing import get_type_hints

import pytest

from septet.bandwidth.sandbox import Sandbox, Settings
from septet.bandwidth.sandbox.settings import Options


def test_queue_capacity():
    """The queue holds as many segments as are sent in 15 minutes, or the given number."""
    assert Settings(segments_per_second=2.0).queue_capacity == 1800
    assert Settings(segments_per_second=2.0, queue_segments=11).queue_capacity == 11


def test_credentials():
    """They are a pair, or missing."""
    settings = Settings(callback_username="ann", callback_password="sesame")
    assert settings.callback_credentials == ("ann", "sesame")
    assert settings.credentials is None


@pytest.mark.parametrize(
    "options",
    [
        {"group_behaviour": "new"},
        {"speed": 0},
        {"segments_per_second": -1},
        {"log_size": 0},
        {"username": "u"},
        {"callback_password": "p"},
    ],
)
def test_invalid_options(options):
    """The error for a value out of range names the option."""
    with pytest.raises(ValueError, match=next(iter(options))):
        Sandbox(**options)


def test_options_are_settings():
    """The keyword arguments of `Sandbox` are the fields of `Settings`, with the same types."""
    fields = get_type_hints(Settings)
    assert fields.pop("callback_url") == str | None
    assert get_type_hints(Options) == fields


def test_unknown_option():
    """A misspelled option is an error that names it."""
    with pytest.raises(TypeError, match="log_sise"):
        Sandbox(log_sise=1)
