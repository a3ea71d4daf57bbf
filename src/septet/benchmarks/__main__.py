"""`python -m septet.benchmarks`: measure, print tables, and draw a picture."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import columns, contenders, files, texts
from .chart import draw
from .results import Group, Results, describe_machine
from .tables import table

_GROUPS: dict[str, tuple[Callable[[int, int], Group], int]] = {
    "texts": (texts.measure, 100_000),
    "columns": (columns.measure, 1_000_000),
    "files": (files.measure, 1_000_000),
}
"""The function that measures each group, and how many messages it gets."""
_PACKAGES = (*columns.PACKAGES, *contenders.PACKAGES)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmarks that the arguments name, and return the exit status."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    for path in filter(None, (arguments.json, arguments.picture)):
        if not path.parent.is_dir():  # before minutes of measuring
            parser.error(f"no such folder: {path.parent}")
    names = list(dict.fromkeys(arguments.groups or _GROUPS))
    if arguments.read:
        try:
            results = _read(arguments.read, names)
        except (OSError, ValueError, LookupError, TypeError) as error:
            parser.error(f"cannot read figures from {arguments.read}: {error}")
    else:
        results = _measure(names, arguments.messages, arguments.rounds)
    for group in results.groups.values():
        print(f"\n{group.title}. {group.description}\n")
        if group.rows:
            print(table(group))
        for note in group.notes:
            print(f"\n{note}")
    print(f"\n{results.machine}")
    for command in dict.fromkeys(
        command for group in results.groups.values() for command in group.missing
    ):
        print(f"For more: {command}")
    if arguments.json:
        written = json.dumps(results.to_dict(), indent=1, ensure_ascii=False)
        arguments.json.write_text(written + "\n", "utf-8")
    if arguments.picture:
        arguments.picture.write_text(draw(results.groups.values()), "utf-8")
    return 0


def _read(path: Path, names: Sequence[str]) -> Results:
    """Return some groups of a file that `--json` wrote."""
    results = Results.from_dict(json.loads(path.read_text("utf-8")))
    return Results(results.machine, {name: results.groups[name] for name in names})


def _measure(names: Sequence[str], messages: int | None, rounds: int) -> Results:
    groups = {}
    for name in names:
        measure, usual = _GROUPS[name]
        print(f"measuring {name} ...", file=sys.stderr)
        groups[name] = measure(messages or usual, rounds)
    return Results(describe_machine(_PACKAGES, rounds), groups)


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {number}")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m septet.benchmarks",
        description="Compare the speed of septet with other libraries on the same seeded messages. "
        "Libraries that are not installed are left out, and named at the end.",
    )
    parser.add_argument(
        "groups",
        nargs="*",
        choices=[[], *_GROUPS],
        metavar="GROUP",
        help=f"what to measure: {', '.join(_GROUPS)} (all)",
    )
    parser.add_argument(
        "--messages",
        type=_positive,
        metavar="N",
        help="use this many messages ("
        + "; ".join(f"{usual:,} {name}" for name, (_, usual) in _GROUPS.items())
        + ")",
    )
    parser.add_argument("--rounds", type=_positive, default=5, metavar="N", help="rounds (5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    parser.add_argument("--read", type=Path, metavar="FILE", help="show figures that --json wrote")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw a chart as SVG")
    return parser


if __name__ == "__main__":
    sys.exit(main())
