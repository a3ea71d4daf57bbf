"""`MaxSegmentsValidator` in forms of WTForms."""

from __future__ import annotations

import pickle

import pytest

from septet.integrations import MaxSegments

wtforms = pytest.importorskip("wtforms")

from septet.integrations.wtforms import MaxSegmentsValidator  # noqa: E402

TOO_LONG = "’" * 71
MESSAGE = (
    "This text takes 2 SMS segments; at most 1 is allowed. ’ (U+2019) at position 1 forces UCS-2. "
    "This would help: ’ to '"
)


class FormData(dict[str, list[str]]):
    """The values of a form, as web frameworks hand them to WTForms."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


class ReminderForm(wtforms.Form):
    text = wtforms.TextAreaField(
        validators=[wtforms.validators.InputRequired(), MaxSegmentsValidator(1)]
    )
    footer = wtforms.StringField(
        validators=[
            wtforms.validators.Optional(),
            MaxSegmentsValidator(2, "At most %(allowed)d, not %(actual)d.", encoding="gsm7"),
        ]
    )
    note = wtforms.StringField(validators=[MaxSegmentsValidator(1, line_ends="lf")])


def test_a_form() -> None:
    """Only texts that take too much have errors."""
    form = ReminderForm(FormData(text=[TOO_LONG], footer=["a" * 307], note=["a\r\n" * 81]))
    assert not form.validate()
    assert form.errors == {
        "text": [MESSAGE],
        "footer": ["At most 2, not 3."],
        "note": ["This text takes 2 SMS segments; at most 1 is allowed."],
    }
    assert ReminderForm(FormData(text=["a\r\n" * 53], note=["a\r\n" * 80])).validate()
    assert ReminderForm(FormData(text=["a"], footer=[""])).validate()
    assert ReminderForm(FormData(text=["a\r\n" * 54])).validate() is False
    assert ReminderForm(FormData()).errors == {}
    assert ReminderForm(FormData(), prefix="first").validate() is False  # InputRequired


def test_prefix() -> None:
    """The names of fields do not matter."""
    form = ReminderForm(FormData({"first-text": [TOO_LONG]}), prefix="first")
    assert not form.validate()
    assert form.errors == {"text": [MESSAGE]}


def test_flags() -> None:
    """Templates can ask the field for the limit."""
    form = ReminderForm()
    assert form.text.flags.max_segments == 1
    assert form.footer.flags.max_segments == 2


def test_translations() -> None:
    """Those of the form translate the message."""

    class Translations:
        def gettext(self, text: str) -> str:
            return text.replace("forces", "erzwingt")

        def ngettext(self, singular: str, plural: str, number: int) -> str:
            return {1: singular, 2: plural}[number].replace("takes", "braucht")

    class German(ReminderForm):
        class Meta:
            def get_translations(self, form: object) -> Translations:
                return Translations()

    form = German(FormData(text=[TOO_LONG]))
    assert not form.validate()
    (error,) = form.errors["text"]
    assert error.startswith("This text braucht 2 SMS segments; at most 1")


def test_a_validator() -> None:
    """It has its limit, and refuses what is no limit."""
    validator = MaxSegmentsValidator(2, provider="twilio")
    assert validator.limit == MaxSegments(2, provider="twilio")
    assert pickle.loads(pickle.dumps(validator)).limit == validator.limit
    with pytest.raises(ValueError, match="max_segments"):
        MaxSegmentsValidator(0)
