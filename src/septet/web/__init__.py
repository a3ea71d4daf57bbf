"""The inspector: a page that shows what a text is billed as, and the JSON API behind it.

May import everything but `cli`, `frames` and the parts of `bandwidth` in the same layer.
"""

from .application import application

__all__ = ["application"]
