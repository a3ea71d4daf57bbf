"""`SmsField` of models: forms, admin, migrations."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys

import pytest

pytest.importorskip("django")

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.test import RequestFactory

from django_project import Reminder
from septet import Provider, ProviderRule
from septet.integrations import MaxSegments
from septet.integrations.django import forms as sms_forms
from septet.integrations.django.models import SmsField

TOO_LONG = "a" * 161


class ReminderForm(forms.ModelForm):
    class Meta:
        model = Reminder
        fields = ("text", "footer", "note")


def test_full_clean() -> None:
    """Checks the limits; empty texts as the field says."""
    Reminder(text="a", footer=None, note="").full_clean()
    Reminder(text="a", footer="").full_clean()
    Reminder(text="a\r\n" * 80).full_clean()
    with pytest.raises(ValidationError) as raised:
        Reminder(text=TOO_LONG, footer="’", note="a" * 307).full_clean()
    codes = {
        name: [each.code for each in errors] for name, errors in raised.value.error_dict.items()
    }
    assert codes == {"text": ["max_segments"], "footer": ["encoding"], "note": ["max_segments"]}
    with pytest.raises(ValidationError):
        Reminder(text="").full_clean()


def test_model_forms() -> None:
    """Have the field of forms with the same limit; errors are reported once."""
    form = ReminderForm({"text": TOO_LONG})
    assert isinstance(form.fields["text"], sms_forms.SmsField)
    assert form.fields["text"].limit == MaxSegments(1, line_ends="lf")
    assert form.fields["footer"].limit == MaxSegments(1, encoding="gsm7")
    assert str(form.fields["text"].help_text) == "At most 1 SMS segment."
    assert form.fields["footer"].help_text == "Optional."
    assert len(form.errors["text"]) == 1
    saved = ReminderForm({"text": "a\r\nb"}).save(commit=False)
    assert saved.text == "a\nb"
    choice = SmsField(choices=[("a", "A")]).formfield()
    assert type(choice) is forms.TypedChoiceField


def test_the_admin() -> None:
    """Its text area has the limit too."""
    request = RequestFactory().get("/")
    form = ModelAdmin(Reminder, AdminSite()).get_form(request)()
    shown = str(form["text"])
    assert 'data-max-segments="1"' in shown
    assert "vLargeTextField" in shown


def test_storing() -> None:
    """The database has a column of text."""
    with connection.schema_editor() as editor:
        editor.create_model(Reminder)
    Reminder.objects.create(text=TOO_LONG)  # as for any validator, only full_clean checks
    stored = Reminder.objects.get()
    assert (stored.text, stored.footer) == (TOO_LONG, None)
    assert copy.deepcopy(stored).text == pickle.loads(pickle.dumps(stored)).text == TOO_LONG


@pytest.mark.parametrize(
    ("field", "kwargs"),
    [
        (SmsField(), {"max_segments": 1}),
        (SmsField(max_segments=2, help_text=""), {"max_segments": 2, "help_text": ""}),
        (
            SmsField(blank=True, languages=iter([1]), provider="twilio", help_text="Mine"),
            {
                "max_segments": 1,
                "blank": True,
                "languages": ["turkish"],
                "provider": "twilio",
                "help_text": "Mine",
            },
        ),
    ],
)
def test_deconstruct(field, kwargs) -> None:
    """Migrations have the limit, but no help text that is made of it."""
    name, path, args, found = field.deconstruct()
    assert (name, path, list(args)) == (None, "septet.integrations.django.models.SmsField", [])
    assert found == kwargs
    clone = field.clone()
    assert clone.limit == field.limit
    assert str(clone.help_text) == str(field.help_text)
    assert clone.deconstruct() == field.deconstruct()
    source, imports = MigrationWriter.serialize(field)
    names: dict[str, object] = {}
    exec("\n".join(imports), names)
    assert eval(source, names).limit == field.limit


def test_a_provider_of_the_project() -> None:
    """Forms can have its rules, and migrations cannot."""
    mine = Provider("mine", (ProviderRule("max_segments", 3, "a budget"),))
    field = SmsField(max_segments=9, provider=mine)
    assert field.formfield().limit == field.limit
    with pytest.raises(ValueError, match="migrations need the name of a provider"):
        field.deconstruct()


def test_invalid_options() -> None:
    """They are refused when the model is defined."""
    with pytest.raises(ValueError, match="max_segments must be"):
        SmsField(max_segments=-1)
    assert isinstance(SmsField("Message").verbose_name, str)
    assert issubclass(SmsField, models.TextField)


SETTINGS = """
SECRET_KEY = "secret"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
INSTALLED_APPS = ["septet.integrations.django", "reminders"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
MODELS = """
from django.db import models
from septet.integrations.django.models import SmsField
from septet.integrations.django.validators import MaxSegmentsValidator

class Reminder(models.Model):
    text = SmsField(max_segments=2, provider="twilio", line_ends="lf")
    note = models.TextField(validators=[MaxSegmentsValidator(1, encoding="gsm7")])
"""


def test_migrations(tmp_path) -> None:
    """makemigrations writes them, migrate loads them, and there is nothing new after that."""
    application = tmp_path / "reminders"
    application.mkdir()
    (application / "__init__.py").touch()
    (application / "models.py").write_text(MODELS)
    (tmp_path / "settings.py").write_text(SETTINGS)
    script = "import django, sys; django.setup(); from django.core.management import *\n" + "".join(
        f"call_command({', '.join(map(repr, arguments))})\n"
        for arguments in (
            ["check"],
            ["makemigrations", "reminders"],
            ["migrate"],
            ["makemigrations", "--check"],
        )
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "settings"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert "Applying reminders.0001_initial... OK" in run.stdout
    assert "No changes detected" in run.stdout
    migration = (application / "migrations/0001_initial.py").read_text()
    assert "SmsField(line_ends='lf', max_segments=2, provider='twilio')" in migration
    assert "MaxSegmentsValidator(1, encoding='gsm7')" in migration
