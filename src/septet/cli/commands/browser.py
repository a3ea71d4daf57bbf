"""`septet browser`: writes the files that count texts in web pages."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...files.whole_files import whole_file
from ..arguments import Parser

__all__ = ["add_to"]

_DETAILS = """\
Example:
  septet browser --output static/septet

The folder gets
  septet-counter.js  a script that shows the count under a text field:
                     <textarea id="text"></textarea>
                     <septet-counter for="text"></septet-counter>
                     <script src="septet-counter.js"></script>
  septet.js          an ES module with analyze, count, split and transliterate
  septet.d.ts        its types
  index.html         the inspector; open it in a browser

All of them work without a network. Existing files with these names are overwritten.
"""
_NEXT_STEPS = """\
Open {index} in a browser to inspect texts.

To count below a text field, paste this into a page that is beside septet-counter.js:

  <textarea id="text"></textarea>
  <septet-counter for="text"></septet-counter>
  <script src="septet-counter.js"></script>
"""


def add_to(root: Parser) -> None:
    """Add the command `browser`."""
    summary = "Write scripts that count texts in web pages, and a page that needs no server."
    command = root.add_command("browser", summary, _DETAILS, _run)
    command.add_argument(
        "--output",
        required=True,
        metavar="DIR",
        help="Write the files to this folder, which is created if it is missing.",
    )


def _run(arguments: argparse.Namespace) -> int:
    """Write the files and say what to do with them."""
    from ...web.browser.files import browser_files
    from ...web.browser.scripts import counter_script
    from ...web.inspector import inspector

    files = {
        **browser_files(),
        "septet-counter.js": counter_script(),
        "index.html": inspector().html,
    }
    folder = Path(arguments.output)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        with whole_file(folder / name) as file:
            file.write(text.encode())
        print(folder / name)
    print(f"\n{_NEXT_STEPS.format(index=folder / 'index.html')}", end="")
    return 0
