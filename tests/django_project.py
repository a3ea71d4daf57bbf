"""A Django project for tests: settings, and models with fields of septet."""

from __future__ import annotations

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
        "septet.integrations.django",
    ],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    STATIC_URL="static/",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
)
django.setup()

from django.db import models  # noqa: E402

from septet.integrations.django.models import SmsField  # noqa: E402
from septet.integrations.django.validators import MaxSegmentsValidator  # noqa: E402


class Reminder(models.Model):
    """Texts with limits."""

    text = SmsField(max_segments=1, line_ends="lf")
    footer = SmsField(blank=True, null=True, encoding="gsm7", help_text="Optional.")
    note = models.TextField(blank=True, validators=[MaxSegmentsValidator(2, provider="twilio")])

    class Meta:
        app_label = "septet"
