"""`MaxSegmentsValidator` of Django, by itself and in Django REST framework."""

from __future__ import annotations

import copy
import pickle
import struct
from pathlib import Path

import pytest

pytest.importorskip("django")

from django.core.exceptions import ValidationError
from django.test import override_settings
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from django_project import Reminder
from septet.integrations import MaxSegments
from septet.integrations.django.validators import MaxSegmentsValidator

TOO_LONG = "’" * 71
MESSAGE = (
    "This text takes 2 SMS segments; at most 1 is allowed. ’ (U+2019) at position 1 forces UCS-2. "
    "This would help: ’ to '"
)


def error_of(validator: MaxSegmentsValidator, value: object) -> ValidationError:
    with pytest.raises(ValidationError) as raised:
        validator(value)
    return raised.value


def test_an_error() -> None:
    """It has a message, a code and parameters."""
    error = error_of(MaxSegmentsValidator(1), TOO_LONG)
    assert error.messages == [MESSAGE]
    assert error.code == "max_segments"
    assert error.params == {
        **MaxSegments(1).check(TOO_LONG).params,
        "limit_value": 1,
        "show_value": 2,
        "value": TOO_LONG,
    }
    assert pickle.loads(pickle.dumps(error)).messages == [MESSAGE]
    assert error_of(MaxSegmentsValidator(1, encoding="gsm7"), "100 % ’").code == "encoding"


@pytest.mark.parametrize(
    "value", ["", "a" * 160, mark_safe("a"), lazystr("a"), "\ud800" * 70], ids=type
)
def test_allowed_texts(value) -> None:
    """Any kind of text, also the empty one."""
    MaxSegmentsValidator(1)(value)


def test_lazy_texts() -> None:
    """They are checked in the language that is active."""
    assert error_of(MaxSegmentsValidator(1), lazystr(TOO_LONG)).messages == [MESSAGE]


@pytest.mark.parametrize("value", [None, b"a", 1])
def test_only_texts(value) -> None:
    """Django itself hands no other values to validators of texts."""
    with pytest.raises(TypeError, match="expected str, got"):
        MaxSegmentsValidator(1)(value)


def test_own_messages() -> None:
    """They have all parameters."""
    message = gettext_lazy("%(show_value)d of %(limit_value)d: %(character)s")
    validator = MaxSegmentsValidator(1, message)
    assert error_of(validator, TOO_LONG).messages == ["2 of 1: ’"]
    assert error_of(validator, "a" * 161).messages == ["2 of 1: None"]


def test_messages_are_translated_when_they_are_shown(tmp_path) -> None:
    """By the catalogues of the project."""
    takes = "This text takes %(actual)d SMS segments; at most %(allowed)d"
    catalogue = {
        "": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=n != 1;\n",
        f"{takes} is allowed.\0{takes} are allowed.": "%(actual)d statt %(allowed)d.\0x",
        "%(characters)s forces UCS-2.\0%(characters)s force UCS-2.": "100 %%: %(characters)s.\0x",
        "%(character)s at position %(position)d": "%(character)s an Stelle %(position)d",
        "At most %(allowed)d SMS segment.\0At most %(allowed)d SMS segments.": "%(allowed)d SMS\0x",
    }
    write_catalogue(tmp_path / "de/LC_MESSAGES/django.mo", catalogue)
    with override_settings(LOCALE_PATHS=[tmp_path]):
        error = error_of(MaxSegmentsValidator(1), TOO_LONG)
        help_text = Reminder._meta.get_field("text").help_text
        with override("de"):
            german = "2 statt 1. 100 %: ’ (U+2019) an Stelle 1. This would help: ’ to '"
            assert error.messages == [german]
            assert str(help_text) == "1 SMS"
        assert error.messages == [MESSAGE]
        assert str(help_text) == "At most 1 SMS segment."


def write_catalogue(path: Path, messages: dict[str, str]) -> None:
    """Write a compiled catalogue of gettext; the keys must be sorted."""
    path.parent.mkdir(parents=True)
    texts = [text.encode() for text in (*messages, *messages.values())]
    header = struct.pack("<7I", 0x950412DE, 0, len(messages), 28, 28 + 8 * len(messages), 0, 0)
    offset = len(header) + 8 * len(texts)
    table = b""
    for text in texts:
        table += struct.pack("<2I", len(text), offset)
        offset += len(text) + 1
    path.write_bytes(header + table + b"".join(text + b"\0" for text in texts))


def test_equality_and_copies() -> None:
    """Of two validators with the same limit and message."""
    validator = MaxSegmentsValidator(2, provider="twilio", languages=["turkish"])
    same = MaxSegmentsValidator(2, provider="twilio", languages=[1])
    assert validator == same == copy.deepcopy(validator) == pickle.loads(pickle.dumps(validator))
    assert hash(validator) == hash(same)
    assert validator != MaxSegmentsValidator(2)
    assert validator != MaxSegmentsValidator(2, "No.", provider="twilio", languages=[1])
    assert validator != "No."
    assert validator.limit_value == 2
    path, args, kwargs = MaxSegmentsValidator(1, "No.", encoding="gsm7").deconstruct()
    assert path == "septet.integrations.django.validators.MaxSegmentsValidator"
    assert (args, kwargs) == ((1,), {"message": "No.", "encoding": "gsm7"})


def test_django_rest_framework() -> None:
    """Serializers of models and others have the validator's messages and codes."""
    serializers = pytest.importorskip("rest_framework.serializers")

    class ReminderSerializer(serializers.ModelSerializer):
        class Meta:
            model = Reminder
            fields = ("text", "footer", "note")

    class Plain(serializers.Serializer):
        text = serializers.CharField(validators=[MaxSegmentsValidator(1)])

    for serializer in (ReminderSerializer, Plain):
        errors = serializer(data={"text": TOO_LONG})
        assert not errors.is_valid()
        assert errors.errors == {"text": [MESSAGE]}
        assert errors.errors["text"][0].code == "max_segments"
    assert ReminderSerializer(data={"text": "a\r\n" * 80, "footer": None}).is_valid()
    assert not ReminderSerializer(data={"text": "a", "footer": "’"}).is_valid()
    many = Plain(data=[{"text": "a"}, {"text": TOO_LONG}, {"text": None}], many=True)
    assert not many.is_valid()
    assert many.errors[1]["text"] == [MESSAGE]
    assert many.errors[2]["text"][0].code == "null"
