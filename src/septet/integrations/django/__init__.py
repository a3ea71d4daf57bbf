"""Django: a validator, fields of forms and models, and template tags.

Add `"septet.integrations.django"` to `INSTALLED_APPS` for `{% load septet %}`; the validator and
the fields need no entry there.
"""

from __future__ import annotations

from ...exceptions import MissingExtraError

try:
    import django as _django  # noqa: F401
except ImportError as error:
    raise MissingExtraError("Django", "django", "septet.integrations.django") from error
