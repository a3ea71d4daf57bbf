"""Writes lines, tables and progress: in colour with rich on a terminal, otherwise as plain text.

This is the only module that imports rich. Callers give the role of a piece of text (`Style`), not
its colour. rich is never given a string with markup, so texts with brackets stay as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TextIO

from ..display.characters import display_width, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

__all__ = [
    "Cell",
    "Column",
    "Span",
    "Style",
    "Terminal",
    "complain",
    "number",
    "progress_bar",
    "terminal",
]

Style = Literal["plain", "strong", "faint", "odd", "even", "non-gsm"]
Span = tuple[str, Style]
Cell = str | Sequence[Span]

_PADDING = 3  # columns of the terminal between two columns of a table, at most
_COLOURS: dict[Style, str] = {
    "plain": "",
    "strong": "bold",
    "faint": "dim",
    "odd": "cyan",
    "even": "yellow",
    "non-gsm": "bold reverse red",
}


class Column(NamedTuple):
    """A column of a table; columns of numbers are aligned to the right."""

    heading: str = ""
    is_number: bool = False


class Terminal(Protocol):
    """Where commands write their output."""

    def line(self, cell: Cell = "") -> None:
        """Write one line; rich wraps it between words."""

    def table(self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """Write a table and an empty line; the headings are left out if all are empty.

        Args:
            title: A line above the table; empty for none.
            columns: The columns.
            rows: The rows, with a cell for each column. Cells must contain only visible characters
                (see `display.characters.visible`); rich wraps long ones.
        """


class _PlainTerminal:
    """Text without colour: non-GSM characters are in square brackets."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def line(self, cell: Cell = "") -> None:
        print(_plain(cell), file=self._stream)

    def table(self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        headings = [column.heading for column in columns]
        lines = [[_plain(cell) for cell in row] for row in rows]
        if any(headings):
            lines.insert(0, headings)
        widths = [max(map(display_width, cells)) for cells in zip(*lines, strict=True)]
        if any(headings):
            lines.insert(1, ["-" * width for width in widths])
        if title:
            self.line(title)
        for cells in lines:
            padded = [
                _pad(cell, width, column.is_number)
                for cell, width, column in zip(cells, widths, columns, strict=True)
            ]
            self.line("  " + "  ".join(padded).rstrip())
        self.line()


class _RichTerminal:
    """Colour and rules by rich, as wide as the terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def line(self, cell: Cell = "") -> None:
        self._console.print(_coloured(cell), overflow="fold")

    def table(self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        from rich import box
        from rich.table import Table

        has_head = any(column.heading for column in columns)
        table = Table(box=box.SIMPLE_HEAD, show_header=has_head, show_edge=False)
        natural_widths = [
            max(map(display_width, map(_plain, [column.heading, *cells])))
            for column, *cells in zip(columns, *rows, strict=True)
        ]
        is_narrow = sum(natural_widths) + _PADDING * len(columns) > self._console.width
        for column, *cells in zip(columns, *rows, strict=True):
            # Where the table must be narrower, headings of numbers are wrapped before texts are.
            words = [*column.heading.split(), *map(_plain, cells)]
            is_fixed = is_narrow and column.is_number
            table.add_column(
                _coloured(column.heading),
                justify="right" if column.is_number else "left",
                overflow="fold",
                width=max(map(display_width, words), default=None) if is_fixed else None,
            )
        for row in rows:
            table.add_row(*map(_coloured, row))
        if title:
            self.line([(title, "strong")])
        self._console.print(table)
        self.line()


def terminal(stream: TextIO) -> Terminal:
    """Return a terminal that writes to a stream: with rich if it is installed and colour works.

    Args:
        stream: The stream.
    """
    console = _console(stream)
    return _PlainTerminal(stream) if console is None else _RichTerminal(console)


def number(heading: str) -> Column:
    """Return a column of numbers."""
    return Column(heading, is_number=True)


def complain(message: str) -> None:
    """Write an error or a hint to standard error in one line; nothing if standard error is closed.

    Args:
        message: The sentence; invisible characters in it are written as escapes.
    """
    if sys.stderr is not None:
        print(visible(f"septet: {message}"), file=sys.stderr)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[float, int], object]]:
    """Show progress on standard error while the block runs, if standard error is a terminal.

    Args:
        title: What is in progress.

    Yields:
        A function to call with the finished fraction (0 to 1) and the number of rows so far.
    """
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield lambda fraction, rows: None
        return
    console = _console(stream)
    if console is None:
        try:
            yield lambda fraction, rows: stream.write(f"\r{title} {fraction:4.0%}  {rows:,} rows ")
        finally:
            stream.write("\r\x1b[K")
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} rows", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title, total=1.0, rows=0)
        yield lambda fraction, rows: progress.update(task, completed=fraction, rows=rows)


def _console(stream: TextIO) -> Console | None:
    """Return a rich console; None if rich is not installed or the stream has no colour."""
    if not stream.isatty():
        return None
    try:
        import rich.console
    except ModuleNotFoundError:
        return None
    console = rich.console.Console(file=stream, highlight=False, markup=False, emoji=False)
    return None if console.color_system is None else console


def _spans(cell: Cell) -> Sequence[Span]:
    return [(cell, "plain")] if isinstance(cell, str) else cell


def _plain(cell: Cell) -> str:
    return "".join(f"[{text}]" if style == "non-gsm" else text for text, style in _spans(cell))


def _pad(text: str, width: int, is_number: bool) -> str:
    space = " " * (width - display_width(text))
    return space + text if is_number else text + space


def _coloured(cell: Cell) -> Text:
    from rich.text import Text

    return Text.assemble(*((text, _COLOURS[style]) for text, style in _spans(cell)))
