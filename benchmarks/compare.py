"""Messages per second of septet and of other Python libraries, side by side on the same corpus.

Makes a virtual environment, installs into it this project and the others at fixed versions, runs
each of them in a process of its own (contenders.py) over the seeded mixed corpus, and prints the
median speed, the total of segments, and on how many messages a library differs from ours.

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
    """Run *command* and give what it printed, or leave with its errors and one clear line."""
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
    """Make or refresh the environment in *folder* and give its interpreter."""
    python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    print(f"installing into {folder} ...", file=sys.stderr)
    _run([sys.executable, "-m", "venv", str(folder)], "cannot make a virtual environment")
    others = sorted({contender.package for contender in CONTENDERS.values()} - {""})
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(
        [*pip, *others],
        f"pip could not install {', '.join(others)}; is a package index reachable?",
    )
    # Without the compiled twin there is nothing to compare: here a failed build is an error.
    _run(
        [*pip, "--force-reinstall", "--no-deps", str(_PROJECT)],
        "pip could not build and install this project",
        {"SEPTET_BUILD_EXTENSION": "1"},
    )
    return python


def _measure(python: str, name: str, messages: int, runs: int) -> dict[str, Any]:
    """Run one contender in a process of its own."""
    print(f"running {name} ...", file=sys.stderr)
    worker = str(Path(__file__).with_name("contenders.py"))
    twin = CONTENDERS[name].twin
    printed = _run(
        [python, "-W", "ignore", worker, name, str(messages), str(runs)],
        f"{name} failed",
        {"SEPTET_IMPLEMENTATION": twin} if twin else None,
    )
    found: dict[str, Any] = json.loads(printed)
    wall, cpu = (statistics.median(found[key]) for key in ("wall_seconds", "cpu_seconds"))
    return found | {"wall": messages / wall, "cpu": messages / cpu}


def _disagreement(
    name: str, ours: list[int], theirs: list[int], texts: list[str]
) -> dict[str, Any] | None:
    """Say on how many messages two lists differ, and show the first; None if they are equal."""
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
    differing = {found["library"]: found["messages"] for found in disagreements}
    print(
        f"{'':<20}{'cpu msg/s':>12}{'wall msg/s':>12}{'x smsutil':>11}{'segments':>10}{'differ':>8}"
    )
    for name, result in results.items():
        print(
            f"{name:<20}{result['cpu']:>12,.0f}{result['wall']:>12,.0f}"
            f"{result['cpu'] / yardstick:>11,.1f}{sum(result['segments']):>10,}"
            f"{differing.get(name, 0):>8,}"
        )
    for found in disagreements:
        print(
            f"{found['library']} differs from ours on {found['messages']:,} messages, first on "
            f"message {found['index']}: {found['theirs']} for {found['ours']} segments"
        )
        text = found["text"]
        print(f"    {text if len(text) <= _SHOWN else text[:_SHOWN] + ' ...'!r}")


def main() -> None:
    """Install, run and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--messages", type=int, default=100_000, help="messages (100,000)")
    parser.add_argument("--runs", type=int, default=3, help="timed runs; the median counts (3)")
    parser.add_argument(
        "--environment",
        type=Path,
        default=_PROJECT / "build" / "compare",
        help="folder of the virtual environment (build/compare)",
    )
    parser.add_argument("--json", type=Path, help="file to keep the result in")
    arguments = parser.parse_args()

    python = _prepare(arguments.environment.resolve())
    results = {
        name: _measure(python, name, arguments.messages, arguments.runs) for name in CONTENDERS
    }
    texts = corpora.mixed(arguments.messages)
    ours = results[_OURS]["segments"]
    compared = (_disagreement(name, ours, results[name]["segments"], texts) for name in results)
    disagreements = [found for found in compared if found is not None]

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
