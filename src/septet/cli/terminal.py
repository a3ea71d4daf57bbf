"""Where output goes: lines and tables, in colour by rich on a terminal and as plain text elsewhere.

This is the only place that imports rich. Callers say what a piece of text is (`Style`), never
which colour it has, and rich is never given a string to interpret, so a text with brackets in it
stays as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TextIO

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
    "progress_bar",
    "terminal",
]

Style = Literal["plain", "strong", "faint", "odd", "even", "non-gsm"]
Span = tuple[str, Style]
Cell = str | Sequence[Span]

_COLOURS: dict[Style, str] = {
    "plain": "",
    "strong": "bold",
    "faint": "dim",
    "odd": "cyan",
    "even": "yellow",
    "non-gsm": "bold reverse red",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand to the right."""

    heading: str = ""
    is_number: bool = False


class Terminal(Protocol):
    """What commands write to."""

    def line(self, cell: Cell = "") -> None:
        """Write one line, which a narrow terminal shows as several, between words."""

    def table(self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """Write a table; without any heading it has no head. Long cells are wrapped."""


class _PlainTerminal:
    """Text without colour: what is marked stands in square brackets."""

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
    """Colour and lines by rich, as wide as the terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def line(self, cell: Cell = "") -> None:
        self._console.print(_coloured(cell), overflow="fold")

    def table(self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        from rich import box
        from rich.table import Table

        has_head = any(column.heading for column in columns)
        table = Table(box=box.SIMPLE_HEAD, show_header=has_head, show_edge=False)
        for column in columns:
            table.add_column(
                _coloured(column.heading),
                justify="right" if column.is_number else "left",
                overflow="fold",
            )
        for row in rows:
            table.add_row(*map(_coloured, row))
        if title:
            self.line([(title, "strong")])
        self._console.print(table)
        self.line()


def terminal(stream: TextIO) -> Terminal:
    """Return a terminal over a stream: by rich if it is there and the stream has colour."""
    console = _console(stream)
    return _PlainTerminal(stream) if console is None else _RichTerminal(console)


def complain(message: str) -> None:
    """Write one line to standard error, or nothing if that is closed."""
    if sys.stderr is not None:
        print(visible(f"septet: {message}"), file=sys.stderr)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[float, int], object]]:
    """Show progress on standard error while the block runs, if that is a terminal.

    Yields:
        A function that takes the fraction that is done, and the rows.
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
    """Return a console of rich, None without rich or where it would have no colour to show."""
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
