"""Rehearse a release: install from an index that has `dist/`, and run the README's first command.

Run it after tools/packages.py with the same Python; `make release-check` does both. No other index
is used, so it also shows that the package needs no others.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK = ROOT / "build/release"
README = (ROOT / "README.md").read_text("utf-8")


def write_index(folder: Path, packages: list[Path]) -> None:
    """Write an index of packages of septet, as files.

    Args:
        folder: The new folder of the index.
        packages: Wheels and source archives.
    """
    place = folder / "septet"
    place.mkdir(parents=True)
    links = []
    for package in packages:
        shutil.copy(package, place)
        digest = hashlib.sha256(package.read_bytes()).hexdigest()
        links.append(f'<a href="{package.name}#sha256={digest}">{package.name}</a><br>\n')
    (place / "index.html").write_text(f"<!DOCTYPE html>\n{''.join(links)}", "utf-8")


def first_estimate() -> tuple[list[str], str]:
    """Return the arguments of the README's first `septet estimate`, and its last line."""
    [command, printed] = re.findall(
        r"^\$ septet (estimate .*)\n((?:.*\n)*?)```", README, re.MULTILINE
    )[0]
    return command.split(), printed.splitlines()[-1]


def main() -> None:
    """Install the packages in `dist` in a new environment, and estimate the sample campaign."""
    shutil.rmtree(WORK, ignore_errors=True)
    write_index(WORK / "index", sorted((ROOT / "dist").iterdir()))
    venv.create(WORK / "environment", with_pip=True)
    programs = WORK / "environment/bin"
    install = ["install", "--quiet", "--isolated", "--no-cache-dir", "--disable-pip-version-check"]
    index = (WORK / "index").as_uri()
    subprocess.run(
        [programs / "python", "-m", "pip", *install, "--index-url", index, "septet"], check=True
    )
    shutil.copytree(ROOT / "examples", WORK / "examples")
    arguments, last = first_estimate()
    done = subprocess.run(
        [programs / "septet", *arguments], cwd=WORK, stdout=subprocess.PIPE, check=True
    )
    printed = done.stdout.decode().splitlines()[-1]
    if printed != last:
        raise SystemExit(f"expected {last!r}, got {printed!r}")
    subprocess.run([programs / "septet", "--version"], check=True)
    print(printed)


if __name__ == "__main__":
    main()
