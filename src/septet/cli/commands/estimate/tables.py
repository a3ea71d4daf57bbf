"""Prints an estimate as tables, and the hints that go with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....costing import Cost, Estimate, Group, Savings, SendingTime
from ....costing.rates.currencies import format_exact, format_rounded
from ....costing.rates.tallies import format_costs
from ....costing.rates.unpriced import Unpriced
from ....display.characters import code_point, describe, lone, visible
from ....display.wording import plural
from ....exceptions import MissingExtraError
from ....standard.encoding import UNIT_NAMES
from ...terminal import Cell, Column, Terminal, number
from .numbers import number_hint

__all__ = ["hints", "print_estimate"]

_MAX_VALUES = 20
_MAX_CHARACTERS = 10


def print_estimate(result: Estimate, out: Terminal, sending: SendingTime | None = None) -> None:
    """Write all figures of an estimate.

    Args:
        result: The estimate.
        out: Where the tables go.
        sending: When the messages are sent, if that is known.
    """
    if result.heading.title is not None:
        out.line([(visible(result.heading.title), "strong")])
    overview = _overview(result)
    if sending is not None:
        overview.append(
            ["Sending takes", sending.duration, f"from {sending.start} to {sending.end}"]
        )
    out.table("", [Column(), Column(is_number=True), Column()], overview)
    _print_counts(result, out)
    if result.is_priced:
        _print_cost(result, out)
    for column in result.groups:
        _print_values(result, column, out)
    if result.field_effects is not None:
        _print_groups(
            "Effects of the template's fields",
            "Field",
            result.field_effects.lines(),
            result,
            out,
            cost="More in",
            segments="More segments",
            has_shares=True,
        )
    if result.exceeded_limits:
        limits = [
            (f"more than {allowed:,} {limit.rpartition('_')[2]}", group)
            for (limit, allowed), group in result.ranked(result.exceeded_limits)
        ]
        _print_groups(f"Over the limits of {result.provider}", "Limit", limits, result, out)
    if result.savings is not None:
        _print_savings(result, result.savings, out)
    out.line(_summary(result))


def _summary(result: Estimate) -> str:
    """Return messages, segments and costs in one line."""
    counts = f"{plural(result.messages, 'message')}, {plural(result.segments, 'segment')}"
    costs = [format_rounded(total, name) for name, total in result.totals.items()]
    unpriced = sum(tally.messages for tally in result.unpriced.values())
    rest = [f"{unpriced:,} without a price"] if unpriced else []
    return f"Total: {', '.join([counts, *costs, *rest])}"


def hints(result: Estimate, *, reads_written: bool = False) -> Iterator[str]:
    """Yield what the reader of an estimate can do to get more from it, a sentence each.

    Args:
        result: The estimate.
        reads_written: Whether numbers were read that are not E.164.
    """
    if count := result.wrongly_decoded:
        yield (
            f"{plural(count, 'message')} {'looks' if count == 1 else 'look'} like UTF-8 read as "
            "Windows-1252 or Latin-1 (â€™ instead of ’): export the texts again, as UTF-8"
        )
    if Unpriced.NOT_E164.reason in result.unpriced and not reads_written:
        yield number_hint(result)
    if Unpriced.LOST_DIGITS.reason in result.unpriced:
        yield "digits are lost in the file: export the numbers again, from a column of text"
    if Unpriced.ADDED_DECIMALS.reason in result.unpriced:
        yield 'numbers end in ".0" in the file: export them as text, not as numbers'
    if any(total.amount is None for total in result.totals.values()):
        yield (
            "some prices depend on the network of the number: name its column with --network, or "
            "give shares of traffic with --network-share"
        )
    if result.savings is None:
        return
    if "all" not in result.savings.changes:
        yield str(MissingExtraError("anyascii", "transliteration", "replacing other letters"))
    if result.savings.repeats is None:
        yield "repeated messages were not counted: there are too many messages"


def _print_counts(result: Estimate, out: Terminal) -> None:
    out.table(
        "By encoding",
        [Column("Encoding"), *map(number, ("Messages", "Share", "Segments"))],
        [
            [
                UNIT_NAMES[encoding][0],
                f"{tally.messages:,}",
                _share(tally.messages, result.messages),
                f"{tally.segments:,}",
            ]
            for encoding, tally in result.by_encoding.items()
        ],
    )
    if result.distribution:
        out.table(
            "Segments per message",
            [number("Segments"), number("Messages"), number("Share")],
            [
                [f"{count:,}", f"{messages:,}", _share(messages, result.messages)]
                for count, messages in sorted(result.distribution.items())
            ],
        )
    if result.non_gsm_characters:
        rows: list[list[Cell]] = [
            [lone(char), code_point(char), describe(char), f"{messages:,}"]
            for char, messages in result.ranked_non_gsm_characters(_MAX_CHARACTERS)
        ]
        if others := len(result.non_gsm_characters) - len(rows):
            rows.append(["", "", f"{others:,} more", ""])
        out.table(
            "Characters that force UCS-2",
            [Column("Character"), Column("Code point"), Column("Name"), number("Messages")],
            rows,
        )


def _overview(result: Estimate) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        ["Messages", [(f"{result.messages:,}", "strong")], ""],
        ["Rows without text", f"{result.without_text:,}", ""],
        ["Unreadable rows", f"{result.unreadable.count:,}", ""],
        [
            "Segments",
            [(f"{result.segments:,}", "strong")],
            f"{result.segments_per_message:.2f} per message" if result.messages else "",
        ],
    ]
    for currency, total in result.totals.items():
        exact, cost = format_exact(total, currency), format_rounded(total, currency)
        rows.append(["Cost", [(cost, "strong")], exact and f"exactly {exact}"])
    if result.over_limit:
        rows.append(
            ["Messages too long", f"{result.over_limit:,}", "over 255 segments, cannot be sent"]
        )
    if result.field_effects is not None:
        encoding = UNIT_NAMES[result.field_effects.encoding][0]
        noun = plural(result.field_effects.segments, "segment").partition(" ")[2]
        remark = f"{noun} of {encoding}, with all fields empty"
        rows.append(["Template alone", f"{result.field_effects.segments:,}", remark])
        rows += [
            [f"Empty {visible(str(name))}", f"{count:,}", ""]
            for name, count in result.field_effects.empty.items()
        ]
        rows.append(["Longest message", f"{max(result.distribution, default=0):,}", "segments"])
    if result.priced_on is not None:
        rows.append(["Rates as of", f"{result.priced_on}", ""])
    return rows


def _print_cost(result: Estimate, out: Terminal) -> None:
    destinations = result.ranked_destinations()
    for currency, total in result.totals.items():
        costs = [
            *((visible(label), cost) for label, code, cost in destinations if code == currency),
            ("Total", total),
        ]
        amounts = format_costs(cost for _, cost in costs)
        rows: list[list[Cell]] = [
            [label, f"{cost.messages:,}", f"{cost.segments:,}", amount]
            for (label, cost), amount in zip(costs, amounts, strict=True)
        ]
        rows[-1] = [[(str(cell), "strong")] for cell in rows[-1]]
        out.table(
            f"Cost by destination in {currency}",
            [Column("Destination"), *map(number, ("Messages", "Segments", "Cost"))],
            rows,
        )
    if result.unpriced:
        out.table(
            "Without a price",
            [Column("Reason"), number("Messages"), number("Segments")],
            [
                [reason, f"{tally.messages:,}", f"{tally.segments:,}"]
                for reason, tally in sorted(result.unpriced.items())
            ],
        )


def _print_values(result: Estimate, column: str, out: Terminal) -> None:
    ranked = result.ranked(result.groups[column])
    rows = [("(none)" if value is None else visible(value), group) for value, group in ranked]
    if len(rows) > _MAX_VALUES:
        others = rows[_MAX_VALUES:]
        rest = sum((group for _, group in others), Group())
        rows[_MAX_VALUES:] = [(f"({len(others):,} others)", rest)]
    _print_groups(f"By {visible(column)}", "Value", rows, result, out)


def _print_groups(
    title: str,
    heading: str,
    rows: Sequence[tuple[str, Group]],
    result: Estimate,
    out: Terminal,
    *,
    cost: str = "Cost in",
    segments: str = "Segments",
    has_shares: bool = False,
) -> None:
    """Write groups with their names, and their costs in each currency of the campaign."""
    currencies = list(result.totals)
    aligned = iter(
        format_costs(
            group.costs.get(currency, Cost()) for currency in currencies for _, group in rows
        )
    )
    costs = [[next(aligned) for _ in rows] for _ in currencies]
    out.table(
        title,
        [
            Column(heading),
            number("Messages"),
            *([number("Share")] if has_shares else []),
            number(segments),
            *(number(f"{cost} {currency}") for currency in currencies),
        ],
        [
            [
                name,
                f"{group.messages:,}",
                *([_share(group.messages, result.messages)] if has_shares else []),
                f"{group.segments:,}",
                *amounts,
            ]
            for (name, group), *amounts in zip(rows, *costs, strict=True)
        ],
    )


def _print_savings(result: Estimate, savings: Savings, out: Terminal) -> None:
    for title, groups, cost in (
        ("Messages with a character that forces UCS-2", savings.characters, "Cost in"),
        ("Saved by replacing one character alone", savings.alone, "Saved in"),
    ):
        ranked = result.ranked(groups)[:_MAX_CHARACTERS]
        if ranked:
            rows = [(f"{lone(c)}  {code_point(c)}  {describe(c)}", group) for c, group in ranked]
            _print_groups(title, "Character", rows, result, out, cost=cost)
    for title, groups in savings.comparisons().items():
        _print_groups(title, "Sent", list(groups.items()), result, out)
    changes = result.ranked(savings.ways())
    if changes:
        _print_groups("Possible savings", "Change", changes, result, out, cost="Saved in")
    else:
        out.line("Possible savings: none")
        out.line()


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""
