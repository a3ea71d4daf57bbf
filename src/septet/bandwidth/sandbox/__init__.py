"""A local server that behaves like Bandwidth's messaging API, for tests without an account.

Extras `bandwidth` and `serve`. May import `bandwidth` and everything below, never `costing`.
"""

from ..exceptions import FaultError
from .faults import Fault, Faults
from .log import CallbackAttempt, CallbackDrop, LoggedRequest
from .messages import SandboxMessage
from .sandbox import Sandbox
from .settings import Settings

__all__ = [
    "CallbackAttempt",
    "CallbackDrop",
    "Fault",
    "FaultError",
    "Faults",
    "LoggedRequest",
    "Sandbox",
    "SandboxMessage",
    "Settings",
]
