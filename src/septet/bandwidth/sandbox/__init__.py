"""A stand-in for Bandwidth's messaging API, to try everything without an account.

Extras `bandwidth` and `serve`. May import `bandwidth` and everything below, never `costing`.
"""

from ..exceptions import FaultError
from .faults import Fault, Faults
from .log import Attempt, Drop, Request
from .records import Record
from .sandbox import Sandbox

__all__ = ["Attempt", "Drop", "Fault", "FaultError", "Faults", "Record", "Request", "Sandbox"]
