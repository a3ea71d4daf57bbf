"""Run one target, or all targets in turn, for some seconds each; see README.md.

A target is a file in `targets/`: C with `LLVMFuzzerTestOneInput` for libFuzzer, or Python with
`target(octets)` for Atheris. All C code is compiled with sanitizers.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
BUILD = ROOT / "build" / "fuzz"
TARGETS = {path.stem: path for path in sorted((HERE / "targets").glob("*.[cp]*"))}
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"]
LONGEST = 1200  # octets in an input
LONGER = {"arrow_files": 8000}  # for targets whose seeds are longer


def inputs(name: str) -> list[Path]:
    """Return the seeds of a target and the inputs that once failed."""
    return sorted((HERE / "corpus" / name).glob("*")) + sorted((HERE / "kept" / name).glob("*"))


def write_rules(folder: Path) -> None:
    """Write the header rules.h, which the C targets include."""
    with open(folder / "rules.h", "wb") as header:
        subprocess.run(
            [sys.executable, HERE / "rules.py"],
            check=True,
            stdout=header,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        )


def compile_target(compiler: str, path: Path, program: Path, *more: str) -> None:
    """Compile a C target; the folder of the program contains rules.h."""
    options = ["-g", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", *SANITIZERS]
    folders = [f"-I{ROOT / 'src' / 'septet' / '_kernels' / 'c'}", f"-I{program.parent}"]
    subprocess.run([compiler, *options, *folders, path, *more, "-o", program], check=True)


def build_extension() -> Path:
    """Build the package with instrumented modules and return its folder."""
    library = BUILD / "library"
    # Code that Cython writes adds 0 to NULL where a call has no arguments, which does no harm.
    sanitizers = [*SANITIZERS, "-fno-sanitize=pointer-overflow"]
    environment = {
        **os.environ,
        "SEPTET_BUILD_EXTENSION": "1",
        "CC": "clang",
        "CFLAGS": " ".join(["-g", "-fsanitize=fuzzer-no-link", *sanitizers]),
        "LDSHARED": "clang -shared -fsanitize=fuzzer-no-link",
    }
    folders = ["--build-lib", library, "--build-temp", BUILD / "objects"]
    subprocess.run(
        [sys.executable, "setup.py", "-q", "build", *folders], check=True, cwd=ROOT, env=environment
    )
    return library


def command(name: str) -> tuple[list[str], dict[str, str]]:
    """Build a target; return the command that runs it, and its environment."""
    path = TARGETS[name]
    if path.suffix == ".c":
        write_rules(BUILD)
        compile_target("clang", path, BUILD / name, "-fsanitize=fuzzer")
        return [str(BUILD / name)], dict(os.environ)
    import atheris

    library = build_extension()
    return [sys.executable, str(HERE / "fuzz_python.py"), name], {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (library, ROOT / "tests"))),
        "PYTHONMALLOC": "malloc",
        # The sanitizer intercepts the C++ exceptions of pyarrow, if their library is loaded.
        "LD_PRELOAD": f"{Path(atheris.path()) / 'asan_with_fuzzer.so'} libstdc++.so.6",
        # Python does not free all memory when it exits.
        "ASAN_OPTIONS": "detect_leaks=0:quarantine_size_mb=16:malloc_context_size=4",
    }


def run(name: str, seconds: int) -> int:
    """Run a target; return its exit status."""
    corpus, crashes = BUILD / "corpus" / name, BUILD / "crashes"
    for folder in (corpus, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    program, environment = command(name)
    seeds = [folder for folder in (HERE / "corpus" / name, HERE / "kept" / name) if folder.is_dir()]
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGER.get(name, LONGEST)}",
        "-print_final_stats=1",
        f"-artifact_prefix={crashes / name}-",
    ]
    return subprocess.run([*program, *options, corpus, *seeds], env=environment).returncode


def main() -> int:
    """Run the target named on the command line, or all targets."""
    parser = argparse.ArgumentParser(description="Run one fuzz target, or all of them.")
    parser.add_argument("target", nargs="?", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    arguments = parser.parse_args()
    names = [arguments.target] if arguments.target else TARGETS
    return max(run(name, arguments.seconds) for name in names)


if __name__ == "__main__":
    sys.exit(main())
