"""Compare the speed and counts of septet with other Python libraries on the same corpus.

Creates a virtual environment with this project and the other libraries at fixed versions, and runs
each in its own process (contenders.py) on the seeded mixed corpus. Prints the median speed, the
total number of segments, and the number of messages that a library counts differently.

    python benchmarks/compare.py [--messages N] [--runs N] [--environment FOLDER] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import corpora
from contenders import CONTENDERS

_PROJECT = Path(__file__).resolve().parent.parent
_OURS = "septet count"
_YARDSTICK = "smsutil split"
_SHOWN = 200  # characters of a message in the table's notes; --json keeps all


def _run(command: list[str], failure: str, environment: dict[str, str] | None = None) -> str:
    """Run a command and return its output; exit with its errors and a message if it fails."""
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | (environment or {}),
    )
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\ncompare: {failure} (see above)")
    return done.stdout


def _prepare(folder: Path) -> str:
    """Create or update the environment in a folder and return its interpreter."""
    python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    print(f"installing into {folder} ...", file=sys.stderr)
    _run([sys.executable, "-m", "venv", str(folder)], "cannot make a virtual environment")
    others = sorted({contender.package for contender in CONTENDERS.values()} - {""})
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(
        [*pip, *others],
        f"pip could not install {', '.join(others)}; is a package index reachable?",
    )
    # A failed build is an error here: the benchmark needs the compiled implementation.
    _run(
        [*pip, "--force-reinstall", "--no-deps", str(_PROJECT)],
        "pip could not build and install this project",
        {"SEPTET_BUILD_EXTENSION": "1"},
    )
    return python


def _measure(python: str, name: str, messages: int, runs: int) -> dict[str, Any]:
    """Run one contender in its own process."""
    print(f"running {name} ...", file=sys.stderr)
    worker = str(Path(__file__).with_name("contenders.py"))
    implementation = CONTENDERS[name].implementation
    printed = _run(
        [python, "-W", "ignore", worker, name, str(messages), str(runs)],
        f"{name} failed",
        {"SEPTET_IMPLEMENTATION": implementation} if implementation else None,
    )
    result: dict[str, Any] = json.loads(printed)
    wall, cpu = (statistics.median(result[key]) for key in ("wall_seconds", "cpu_seconds"))
    return result | {"wall": messages / wall, "cpu": messages / cpu}


def _disagreement(
    name: str, ours: list[int], theirs: list[int], texts: list[str]
) -> dict[str, Any] | None:
    """Describe the number of differing messages and the first one; None if there are none."""
    differing = [
        index for index, pair in enumerate(zip(ours, theirs, strict=True)) if len(set(pair)) > 1
    ]
    if not differing:
        return None
    first = differing[0]
    return {
        "library": name,
        "messages": len(differing),
        "index": first,
        "text": texts[first],
        "ours": ours[first],
        "theirs": theirs[first],
    }


def _report(results: dict[str, dict[str, Any]], disagreements: list[dict[str, Any]]) -> None:
    yardstick = results[_YARDSTICK]["cpu"]
    differing = {each["library"]: each["messages"] for each in disagreements}
    print(
        f"{'':<20}{'cpu msg/s':>12}{'wall msg/s':>12}{'x smsutil':>11}{'segments':>10}{'differ':>8}"
    )
    for name, result in results.items():
        print(
            f"{name:<20}{result['cpu']:>12,.0f}{result['wall']:>12,.0f}"
            f"{result['cpu'] / yardstick:>11,.1f}{sum(result['segments']):>10,}"
            f"{differing.get(name, 0):>8,}"
        )
    for each in disagreements:
        print(
            f"{each['library']} differs from septet on {each['messages']:,} messages, first on "
            f"message {each['index']}: {each['theirs']} segments instead of {each['ours']}"
        )
        text = each["text"]
        print(f"    {text if len(text) <= _SHOWN else text[:_SHOWN] + ' ...'!r}")


def main() -> None:
    """Install, run and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--messages", type=int, default=100_000, help="messages (100,000)")
    parser.add_argument("--runs", type=int, default=3, help="timed runs; the median is used (3)")
    parser.add_argument(
        "--environment",
        type=Path,
        default=_PROJECT / "build" / "compare",
        help="folder of the virtual environment (build/compare)",
    )
    parser.add_argument("--json", type=Path, help="write the results to this file")
    arguments = parser.parse_args()

    python = _prepare(arguments.environment.resolve())
    results = {
        name: _measure(python, name, arguments.messages, arguments.runs) for name in CONTENDERS
    }
    texts = corpora.mixed(arguments.messages)
    ours = results[_OURS]["segments"]
    compared = (_disagreement(name, ours, results[name]["segments"], texts) for name in results)
    disagreements = [each for each in compared if each is not None]

    print(
        f"{arguments.messages:,} messages of the mixed corpus, median of {arguments.runs} runs, "
        f"CPython {platform.python_version()}, {platform.machine()}"
    )
    _report(results, disagreements)
    if arguments.json:
        rows = {
            name: {key: value for key, value in result.items() if key != "segments"}
            | {"segments": sum(result["segments"]), "makes": CONTENDERS[name].makes}
            for name, result in results.items()
        }
        kept = {
            "messages": arguments.messages,
            "python": platform.python_version(),
            "machine": platform.machine(),
            "results": rows,
            "disagreements": disagreements,
        }
        arguments.json.write_text(json.dumps(kept, indent=2, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
