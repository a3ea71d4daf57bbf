"""The inspector page, the JSON API of `septet serve`, and the files of `septet browser`.

May import everything but `cli`, `frames` and the parts of `bandwidth` in the same layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .asgi import application

__all__ = ["application"]


def __getattr__(name: str) -> Any:
    """Load the application when it is needed: the files for a page need none of its packages."""
    if name == "application":
        from .asgi import application

        return application
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
