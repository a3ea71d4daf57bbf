"""The inspector: a page that shows what a text is billed as, and the JSON API behind it."""

from .application import application

__all__ = ["application"]
