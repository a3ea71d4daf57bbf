"""Write the npm package into build/npm, and pack it: `make npm-package` does both.

The package has what `septet browser` writes, and the element as an ES module for bundlers.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import septet
from septet.web.browser.files import browser_files, read_source
from septet.web.browser.scripts import counter_script

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build/npm"


def manifest(names: list[str]) -> dict[str, object]:
    """Return what package.json says.

    Args:
        names: The files of the package.
    """
    return {
        "name": "septet",
        "version": septet.__version__,
        "description": "Counts the segments of an SMS: encoding, units, and where it is cut.",
        "keywords": ["sms", "gsm-7", "ucs-2", "segments", "custom-element", "webassembly"],
        "license": "Apache-2.0 AND MIT AND Unicode-3.0",
        "author": "The septet authors",
        "homepage": "https://septet.readthedocs.io",
        "repository": {"type": "git", "url": "git+https://github.com/septet/septet.git"},
        "type": "module",
        "exports": {
            ".": {"types": "./septet.d.ts", "default": "./septet.js"},
            "./counter": {"types": "./counter.d.ts", "default": "./counter.js"},
            "./septet-counter.js": "./septet-counter.js",
            "./package.json": "./package.json",
        },
        "types": "./septet.d.ts",
        "sideEffects": ["./counter.js", "./septet-counter.js"],
        "files": names,
        "engines": {"node": ">=20"},
    }


def write_package(folder: Path) -> None:
    """Write the package into a new folder."""
    folder.mkdir(parents=True)
    files = {
        **browser_files(),
        "counter.js": read_source("counter.js"),
        "counter.d.ts": read_source("counter.d.ts"),
        "septet-counter.js": counter_script(),
        "LICENSE-DATA": (ROOT / "LICENSE-DATA").read_text("utf-8"),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    text = json.dumps(manifest(sorted(files)), indent=2)
    (folder / "package.json").write_text(text + "\n", encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", folder)
    shutil.copy(ROOT / "tools/npm/README.md", folder)


def pack(folder: Path, destination: Path) -> Path:
    """Pack a package and return its archive.

    Args:
        folder: The package.
        destination: The folder for the archive.
    """
    command = ["npm", "pack", "--json", "--pack-destination", destination]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True)
    printed = json.loads(done.stdout)
    (packed,) = printed.values() if isinstance(printed, dict) else printed
    return destination / packed["filename"]


if __name__ == "__main__":
    shutil.rmtree(BUILD, ignore_errors=True)
    write_package(BUILD / "septet")
    print(pack(BUILD / "septet", BUILD))
