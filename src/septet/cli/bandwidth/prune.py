"""`septet bandwidth prune`: deletes old messages from a store."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, time

from ...display.characters import visible
from ...display.wording import plural
from ..arguments import Parser, day
from ..terminal import terminal

__all__ = ["add_to"]

_DETAILS = """\
Examples:
  septet bandwidth prune --store events.db --before 2026-10-01 --dry-run
  septet bandwidth prune --store events.db --before 2026-10-01

A message is deleted as a whole: its events, and its row in the outbox. It is kept if an event of it
is newer, if it is queued, being sent or unknown, if another message of its batch is kept, or if
`on_event` has not handled one of its events. Callbacks are stored meanwhile.

If a program once received callbacks with `on_event` and none does so any more, nothing handles the
events since then, and they are kept. Give --unhandled to delete them too.

The file of an SQLite database does not shrink; its free pages are used again.
"""


def add_to(group: Parser) -> None:
    """Add the command `bandwidth prune`."""
    summary = "Delete messages that are older than a date from a store."
    command = group.add_command("prune", summary, _DETAILS, _run)
    command.add_argument(
        "--store",
        metavar="STORE",
        required=True,
        help="Delete from this database: an SQLite file, or a URL of SQLite or PostgreSQL.",
    )
    command.add_argument(
        "--before",
        metavar="DATE",
        type=day,
        required=True,
        help="Delete messages from before this day (UTC), such as 2026-10-01.",
    )
    command.add_argument(
        "--unhandled",
        action="store_true",
        help="Also delete events that `on_event` has not handled.",
    )
    command.add_argument(
        "--dry-run", action="store_true", help="Delete nothing, and show how much it would be."
    )


def _run(arguments: argparse.Namespace) -> int:
    """Delete, and print how much."""
    from ...bandwidth import open_store

    before = datetime.combine(arguments.before, time(), UTC)
    with open_store(arguments.store, create=False) as store:
        pruned = store.prune(before, dry_run=arguments.dry_run, unhandled=arguments.unhandled)
        verb = "would delete" if arguments.dry_run else "deleted"
        output = terminal(sys.stdout)
        output.line(
            f"{visible(store.database.name)}: {verb} {plural(pruned.event_count, 'event')} and "
            f"{plural(pruned.outbox_count, 'message')} of the outbox"
        )
        if pruned.unhandled_count:
            verb = "would keep" if arguments.dry_run else "kept"
            output.line(
                f"{verb} {plural(pruned.unhandled_count, 'older event')} that `on_event` has not "
                "handled; if nothing uses `on_event` any more, add --unhandled to delete them too"
            )
    return 0
