"""Build the packages of a release, twice, and test them as installed.

`dist/` gets the source archive and the wheel for this machine. A pure-Python wheel is built and
tested too, as the archive gives it where there is no compiler, but it is not published: pip would
prefer it to the archive on every CPython that is newer than our wheels, and users would not notice
that counting is many times slower.

Both wheels are built from the archive, which shows that the archive is complete. All three must
come out the same, byte for byte, in two folders; SOURCE_DATE_EPOCH is their date, by default that
of the commit. Run it with the Python that the wheel is for, and the path of uv; `make packages`
does.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK = ROOT / "build/packages"
UV = Path(sys.argv[-1]).absolute()  # the installer
EXTRAS = "arrow,transliteration"
# A test reads the hooks, the documentation includes the guide for contributors.
HIDDEN = (".pre-commit-hooks.yaml", ".github/")
WEBASSEMBLY = "src/septet/_kernels/wasm/"  # the wheels have what is built from it
EXTENSION = sysconfig.get_config_var("EXT_SUFFIX")
# The core in both implementations, columns, octets and costing, with few examples for each test.
TESTS = ("-m", "not slow", "--hypothesis-profile", "quick", "@tests/core.txt")


def run(*command: str | Path, cwd: Path = ROOT, **variables: str) -> str:
    """Run a command and return its output; if it fails, print the output and exit."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\n{' '.join(map(str, command))}: {done.returncode}")
    return done.stdout


def tracked() -> set[str]:
    """Return the files of the project in the working tree, without build products."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return {name for name in listed.split("\0") if name and (ROOT / name).exists()}


def build(place: Path, date: str) -> list[Path]:
    """Build all packages in a separate folder; return their paths, sorted by name."""
    sources, packages = place / "sources", place / "dist"
    for name in tracked():
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, sources / name)
    run(sys.executable, "-m", "build", "--sdist", "--outdir", packages, cwd=sources)
    [archive] = packages.iterdir()
    normalize(archive, int(date))
    for switch in "01":
        with tarfile.open(archive) as tar:
            tar.extractall(place / switch, filter="data")
        run(
            *(sys.executable, "-m", "build", "--wheel", "--outdir", packages),
            cwd=place / switch / archive.name.removesuffix(".tar.gz"),
            SOURCE_DATE_EPOCH=date,
            SEPTET_BUILD_EXTENSION=switch,
            CFLAGS="-g0",  # debug information contains the names of folders
        )
    return sorted(packages.iterdir())


def normalize(archive: Path, date: int) -> None:
    """Rewrite a source archive with fixed dates, owners and permissions.

    Wheels respect SOURCE_DATE_EPOCH by themselves; source archives of setuptools do not.
    """
    with tarfile.open(archive) as tar:
        files = {file: tar.extractfile(file).read() for file in tar if file.isfile()}
    octets = io.BytesIO()
    with tarfile.open(fileobj=octets, mode="w") as tar:
        for file, content in sorted(files.items(), key=lambda item: item[0].name):
            plain = tarfile.TarInfo(file.name)
            plain.size, plain.mtime = len(content), date
            plain.mode = 0o755 if file.mode & 0o100 else 0o644
            tar.addfile(plain, io.BytesIO(content))
    archive.write_bytes(gzip.compress(octets.getvalue(), mtime=date))


def check_contents(archive: Path, compiled: Path, pure: Path) -> None:
    """Check that each package has all files that it should have, and no others."""
    files = tracked()
    with tarfile.open(archive) as tar:
        archived = {name.partition("/")[2] for name in tar.getnames()}
    written = {name for name in archived if name.startswith("src/septet.egg-info/")}
    same(
        archived - written - {"PKG-INFO", "setup.cfg"},
        {name for name in files if name[0] != "." or name.startswith(HIDDEN)},
    )

    modules = {
        name.removeprefix("src/")
        for name in files
        if name.startswith("src/") and not name.startswith(WEBASSEMBLY)
    }
    modules.add(f"{archive.name.removesuffix('.tar.gz')}.data/data/share/man/man1/septet.1")
    built = {name.replace(".pyx", EXTENSION) for name in modules if name.endswith(".pyx")}
    same(installed_by(compiled), built | {n for n in modules if not n.endswith(".pyx")})
    same(installed_by(pure), {n for n in modules if not n.endswith((".pyx", ".pxd", ".h"))})


def installed_by(wheel: Path) -> set[str]:
    """Return the files that a wheel installs, without its metadata."""
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def same(actual: set[str], expected: set[str]) -> None:
    """Exit unless a package has exactly the expected files."""
    if actual != expected:
        missing, unwanted = sorted(expected - actual), sorted(actual - expected)
        raise SystemExit(f"missing: {missing}\nunwanted: {unwanted}")


def try_wheel(wheel: Path, tests: Path, implementation: str) -> str:
    """Install a wheel in a new environment, run the tests there, and return their output.

    Args:
        wheel: The wheel to install.
        tests: The unpacked source archive; its `src` is removed.
        implementation: The expected implementation. For "python" no compiler is available.
    """
    place = WORK / implementation
    python = place / "bin/python"
    shutil.rmtree(tests / "src")
    venv.create(place, clear=True)
    run(
        *(UV, "pip", "install", "--quiet", "--python", python),
        *("--constraint", ROOT / "requirements/locked.txt"),
        *(f"septet[{EXTRAS}] @ {wheel.as_uri()}", "--group", "core"),
    )
    bare = {} if implementation == "compiled" else {"PATH": str(place / "bin"), "CC": "false"}
    asked = "import septet; print(septet.IMPLEMENTATION, septet.__file__)"
    chosen, where = run(python, "-c", asked, cwd=tests, **bare).split()
    if chosen != implementation or not Path(where).is_relative_to(place):
        raise SystemExit(f"{wheel.name}: expected {implementation}, got {chosen} from {where}")
    required = ["--require-compiled"] if implementation == "compiled" else []
    # Named, the pure-Python implementation does not warn, and warnings are errors in tests.
    bare["SEPTET_IMPLEMENTATION"] = implementation
    return run(python, "-m", "pytest", "-q", *required, *TESTS, cwd=tests, **bare)


def main() -> None:
    """Build, compare, check and test the packages, and copy them to `dist`."""
    os.environ.pop("CI", None)  # with CI set, the tests run many more examples
    date = os.environ.get("SOURCE_DATE_EPOCH") or run("git", "log", "-1", "--format=%ct").strip()
    shutil.rmtree(WORK, ignore_errors=True)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(build, (WORK / "first", WORK / "second/deeper"), (date, date))
        for one, other in zip(first, second, strict=True):
            if one.read_bytes() != other.read_bytes():
                raise SystemExit(f"{one} and {other} differ")
        compiled, pure, archive = first
        check_contents(archive, compiled, pure)
        run(sys.executable, "-m", "validate_pyproject", "pyproject.toml")
        run(sys.executable, "-m", "twine", "check", "--strict", *first)
        # W004: a name that cannot be imported, as PyInstaller wants that of its hook.
        run(sys.executable, "-m", "check_wheel_contents", "--ignore=W004", compiled, pure)
        folder = archive.name.removesuffix(".tar.gz")
        ends = pool.map(
            try_wheel,
            (compiled, pure),
            (WORK / "first/1" / folder, WORK / "first/0" / folder),
            ("compiled", "python"),
        )
        for package, end in zip((compiled, pure), ends, strict=True):
            print(f"{package.name}: {end.splitlines()[-1]}")
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    shutil.copytree(archive.parent, ROOT / "dist", ignore=shutil.ignore_patterns(pure.name))


if __name__ == "__main__":
    main()
