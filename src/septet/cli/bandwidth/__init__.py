"""The commands `septet bandwidth …`, a module each.

May import everything but `cli.main`.
"""

from ..arguments import Parser
from . import outbox, outcomes, prune, receive, reconcile, sandbox, send

__all__ = ["add_to"]

_DETAILS = """\
Examples:
  septet bandwidth send --from +12025550100 --to +13125550140 "See you at 8"
  septet bandwidth send --help
"""


def add_to(root: Parser) -> None:
    """Add the command `bandwidth` with its commands."""
    summary = "Send messages with Bandwidth, receive callbacks, and compare counts."
    group = root.add_command("bandwidth", summary, _DETAILS)
    for module in (send, outbox, receive, outcomes, reconcile, prune, sandbox):
        module.add_to(group)
