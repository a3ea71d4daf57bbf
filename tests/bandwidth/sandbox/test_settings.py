"""Settings: defaults, limits, and the keyword arguments of `Sandbox`."""

from typing import get_type_hints

import pytest

from septet.bandwidth.sandbox import Sandbox, Settings
from septet.bandwidth.sandbox.settings import Options


def test_queue_capacity():
    """The queue holds as many segments as are sent in 15 minutes, or the given number."""
    assert Settings(segments_per_second=2.0).queue_capacity == 1800
    assert Settings(segments_per_second=2.0, queue_segments=11).queue_capacity == 11


def test_slow_sandbox():
    """The queue holds at least one segment, or no message would ever be accepted."""
    assert Settings(segments_per_second=1e-9).queue_capacity == 1


def test_secrets_are_not_shown():
    """The representation has neither passwords nor the credentials of the callback URL."""
    shown = repr(
        Settings(
            "http://a:hush-1@b/",
            username="u",
            password="hush-2",
            callback_username="c",
            callback_password="hush-3",
        )
    )
    assert "hush" not in shown


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
        *({"segments_per_second": 0}, {"segments_per_second": float("nan")}),
        *({"speed": float("inf")}, {"callback_timeout": 0}, {"token_seconds": -1}),
        *({"search_limit": 0}, {"message_sent": "5d1b7c0e"}),
        *({"queue_segments": 0}, {"queue_segments": -1}, {"queue_segments": 1.5}),
        *({"port": -1}, {"port": 65536}, {"log_size": 0}, {"log_size": 1.5}),
        *({"username": "a:b", "password": "p"},),
        *({"callback_username": "a:b", "callback_password": "p"},),
        {"username": "u"},
        {"callback_password": "p"},
        *({"password": "", "username": "ann"}, {"username": "", "password": "p"}),
        {"callback_username": "", "callback_password": "p"},
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
