"""Makes Excel workbooks of the parts that a test needs."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

DAY, MOMENT, TIME, DURATION = 14, 22, 20, 46
"""Number formats of Excel: d/m/yy, d/m/yy h:mm, h:mm, [h]:mm:ss."""


def cell(value: object, style: int = 0) -> str:
    """Return the XML of a cell; text is written in it."""
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    return f'<c s="{style}"><v>{value}</v></c>'


def row(*values: object) -> str:
    """Return the XML of a row; a number with a format is a pair."""
    cells = (cell(*value) if isinstance(value, tuple) else cell(value) for value in values)
    return f"<row>{''.join(cells)}</row>"


def write_workbook(path: Path, sheets: Mapping[str, str]) -> Path:
    """Write a workbook.

    Args:
        path: The file.
        sheets: The XML of the rows of each sheet, by its name; one in brackets is hidden.
    """
    formats = (0, DAY, MOMENT, TIME, DURATION)
    entries, relations = "", ""
    parts = {}
    for number, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name.startswith("[") else ""
        entries += f'<sheet name="{name.strip("[]")}" sheetId="{number}" r:id="r{number}"{state}/>'
        kind = f"{OFFICE}/worksheet"
        target = f"worksheets/sheet{number}.xml"
        relations += f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>'
        parts[f"xl/{target}"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
    relations += f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
    styles = "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in formats)
    parts |= {
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{styles}</cellXfs></styleSheet>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{entries}</sheets>'
        "</workbook>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="w" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/></Types>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
