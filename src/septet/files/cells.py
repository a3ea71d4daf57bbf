"""Cells that spreadsheets would run as formulas, in files that are made of data from outside.

Excel, LibreOffice and others take a cell of a CSV file for a formula if it begins with one of these
characters, with or without quotes in the file; a formula can read other cells, and run programs.
Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re

__all__ = ["as_text"]

# Excel reads the wide forms too where they are usual. A plus before a digit is a phone number.
_FORMULA = re.compile("[-=@\t\r\n\uff0b\uff0d\uff1d\uff20]|\\+(?![0-9])")


def as_text(cell: str) -> str:
    """Return a cell with an apostrophe before it if a spreadsheet would run it.

    Phone numbers such as +13125550140 are never changed.

    Args:
        cell: The text of the cell.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell
