"""The configuration of the application, whose template tags `{% load septet %}` loads."""

from django.apps import AppConfig

__all__ = ["SeptetConfig"]


class SeptetConfig(AppConfig):  # type: ignore[misc]
    """The application `septet`, which has no models."""

    name = "septet.integrations.django"
    label = "septet"
    verbose_name = "septet"
