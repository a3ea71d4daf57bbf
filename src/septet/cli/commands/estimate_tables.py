"""An estimate as tables."""

from __future__ import annotations

from collections.abc import Sequence

from ...costing import Cost, Estimate, Group, Savings
from ...costing.rates.money import format_aligned
from ...costing.rates.unpriced import Unpriced
from ...display.characters import code_point, describe, lone, visible
from ...exceptions import MissingExtraError
from ...standard.encoding import UNIT_NAMES
from ..terminal import Cell, Column, Terminal

__all__ = ["print_estimate"]

_VALUES_SHOWN = 20
_CHARACTERS_SHOWN = 10


def print_estimate(result: Estimate, out: Terminal) -> None:
    """Write all that there is to tell."""
    out.table("", [Column(), Column(is_number=True), Column()], _overview(result))
    out.table(
        "By encoding",
        [Column("Encoding"), _number("Messages"), _number("Share"), _number("Segments")],
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
            [_number("Segments"), _number("Messages"), _number("Share")],
            [
                [f"{count:,}", f"{messages:,}", _share(messages, result.messages)]
                for count, messages in sorted(result.distribution.items())
            ],
        )
    if result.non_gsm_characters:
        rows: list[list[Cell]] = [
            [lone(char), code_point(char), describe(char), f"{messages:,}"]
            for char, messages in result.ranked_non_gsm_characters(_CHARACTERS_SHOWN)
        ]
        if others := len(result.non_gsm_characters) - len(rows):
            rows.append(["", "", f"{others:,} more", ""])
        out.table(
            "Characters that force UCS-2",
            [Column("Character"), Column("Code point"), Column("Name"), _number("Messages")],
            rows,
        )
    if result.is_priced:
        _print_cost(result, out)
    for column in result.groups:
        _print_groups(result, column, out)
    if result.field_effects is not None:
        _print_table(
            "What the fields of the template tip",
            "Field",
            result.field_effects.lines(),
            result,
            out,
            "More in",
            "More segments",
            has_shares=True,
        )
    if result.exceeded_limits:
        limits = [
            (f"more than {allowed:,} {limit.rpartition('_')[2]}", group)
            for (limit, allowed), group in result.ranked(result.exceeded_limits)
        ]
        _print_table(f"Beyond the limits of {result.provider}", "Limit", limits, result, out)
    if result.savings is not None:
        _print_savings(result, result.savings, out)


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
    if result.over_limit:
        rows.append(
            ["Messages too long", f"{result.over_limit:,}", "over 255 segments, cannot be sent"]
        )
    if result.field_effects is not None:
        segments = f"segment{'s' if result.field_effects.segments > 1 else ''}"
        remark = f"{segments} of {UNIT_NAMES[result.field_effects.encoding][0]}, all fields empty"
        rows.append(["Template alone", f"{result.field_effects.segments:,}", remark])
        rows += [
            [f"Empty {visible(str(name))}", f"{count:,}", ""]
            for name, count in result.field_effects.empty.items()
        ]
        rows.append(["Longest message", f"{max(result.distribution, default=0):,}", "segments"])
    if result.priced_on is not None:
        rows.append(["Rates of", f"{result.priced_on}", ""])
    return rows


def _print_cost(result: Estimate, out: Terminal) -> None:
    ranked = result.ranked_destinations()
    for currency, total in result.totals.items():
        lines = [(visible(label), cost) for label, its, cost in ranked if its == currency]
        amounts = format_aligned([cost.amount for _, cost in [*lines, ("", total)]])
        rows: list[list[Cell]] = [
            [label, f"{cost.messages:,}", f"{cost.segments:,}", amount]
            for (label, cost), amount in zip([*lines, ("Total", total)], amounts, strict=True)
        ]
        rows[-1] = [[(str(cell), "strong")] for cell in rows[-1]]
        out.table(
            f"Cost by destination in {currency}",
            [Column("Destination"), _number("Messages"), _number("Segments"), _number("Cost")],
            rows,
        )
    if result.unpriced:
        out.table(
            "Without a price",
            [Column("Reason"), _number("Messages"), _number("Segments")],
            [
                [reason, f"{tally.messages:,}", f"{tally.segments:,}"]
                for reason, tally in sorted(result.unpriced.items())
            ],
        )
    if Unpriced.NOT_E164.reason in result.unpriced:
        out.line('E.164 numbers begin with "+", as in +12025550123; --region takes others.')
        out.line()


def _print_groups(result: Estimate, column: str, out: Terminal) -> None:
    ranked = result.ranked(result.groups[column])
    rows = [("(none)" if value is None else visible(value), its) for value, its in ranked]
    if len(rows) > _VALUES_SHOWN:
        others = rows[_VALUES_SHOWN:]
        rest = sum((its for _, its in others), Group())
        rows[_VALUES_SHOWN:] = [(f"({len(others):,} others)", rest)]
    _print_table(f"By {visible(column)}", "Value", rows, result, out)


def _print_table(
    title: str,
    heading: str,
    rows: Sequence[tuple[str, Group]],
    result: Estimate,
    out: Terminal,
    cost: str = "Cost in",
    segments: str = "Segments",
    has_shares: bool = False,
) -> None:
    """Write groups with their names, and what they cost in each currency of the campaign."""
    currencies = list(result.totals)
    costs = [
        format_aligned([its.costs.get(currency, Cost()).amount for _, its in rows])
        for currency in currencies
    ]
    out.table(
        title,
        [
            Column(heading),
            _number("Messages"),
            *([_number("Share")] if has_shares else []),
            _number(segments),
            *(_number(f"{cost} {currency}") for currency in currencies),
        ],
        [
            [
                name,
                f"{its.messages:,}",
                *([_share(its.messages, result.messages)] if has_shares else []),
                f"{its.segments:,}",
                *amounts,
            ]
            for (name, its), *amounts in zip(rows, *costs, strict=True)
        ],
    )


def _print_savings(result: Estimate, savings: Savings, out: Terminal) -> None:
    for title, groups, cost in (
        ("Messages with a character that forces UCS-2", savings.characters, "Cost in"),
        ("Saved by replacing one character alone", savings.alone, "Saved in"),
    ):
        ranked = result.ranked(groups)[:_CHARACTERS_SHOWN]
        if ranked:
            rows = [(f"{lone(c)}  {code_point(c)}  {describe(c)}", group) for c, group in ranked]
            _print_table(title, "Character", rows, result, out, cost)
    _print_table(
        "What would be saved", "Change", result.ranked(savings.ways()), result, out, "Saved in"
    )
    if "all" not in savings.changes:
        needed = MissingExtraError("anyascii", "transliteration", "it")
        out.line(f"Replacing letters was not tried: {needed}")
        out.line()
    if savings.repeats is None:
        out.line("Too many messages to look for those that are sent again.")
        out.line()


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""


def _number(heading: str) -> Column:
    return Column(heading, is_number=True)
