"""Fixtures: both implementations, both databases, a browser; switches that forbid skipping."""

from __future__ import annotations

import importlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import septet
from browser import CHROMIUM, Browser
from postgresql_server import PostgresqlServer, find_binaries
from septet._kernels import load
from septet.wire.decoding import encodings_of, read_default_alphabet, read_units, take_apart
from septet.wire.reassembly import Reassembler

IMPLEMENTATIONS = ("python", "compiled")
METHODS = (
    *("count", "analyze", "split", "encode", "truncate", "transliterate", "advise"),
    *("count_many", "analyze_many", "transliterate_many"),
)

# `make test` tries few examples and `make test-slow` many, the same each time: what passes today
# passes tomorrow. `make test-random` tries new ones.
# Nothing fails because the machine is busy. Hypothesis changes its defaults where CI is set: what
# differs there is named.
BASE = settings(
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("default", BASE)
settings.register_profile("quick", BASE, max_examples=25, derandomize=True)
settings.register_profile("thorough", BASE, max_examples=250, derandomize=True)
settings.register_profile("random", BASE, max_examples=500)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-compiled",
        action="store_true",
        help="fail, instead of skipping, where the compiled implementation was not built",
    )
    parser.addoption(
        "--require-emulation",
        action="store_true",
        help="fail, instead of skipping, where code for AArch64 and s390x cannot be built and run",
    )
    parser.addoption(
        "--require-valgrind",
        action="store_true",
        help="fail, instead of skipping, where instructions cannot be counted for lack of valgrind",
    )
    parser.addoption(
        "--require-spark",
        action="store_true",
        help="fail, instead of skipping, where there is no Spark or no Java",
    )
    parser.addoption(
        "--require-postgresql",
        action="store_true",
        help="fail, instead of skipping, where there is no PostgreSQL",
    )
    parser.addoption(
        "--require-chromium",
        action="store_true",
        help="fail, instead of skipping, where there is no Chromium",
    )
    parser.addoption(
        "--require-nginx",
        action="store_true",
        help="fail, instead of skipping, where there is no nginx",
    )
    parser.addoption(
        "--require-java",
        action="store_true",
        help="fail, instead of skipping, where there is no Java",
    )
    parser.addoption(
        "--require-php",
        action="store_true",
        help="fail, instead of skipping, where there is no PHP",
    )
    parser.addoption(
        "--require-node",
        action="store_true",
        help="fail, instead of skipping, where Node or the packages of tests/node are missing",
    )
    parser.addoption(
        "--require-clang",
        action="store_true",
        help="fail, instead of skipping, where the WebAssembly module cannot be built",
    )
    parser.addoption(
        "--require-shells",
        action="store_true",
        help="fail, instead of skipping, where there is no bash, zsh or fish, or no mandoc",
    )
    parser.addoption(
        "--require-site",
        action="store_true",
        help="fail, instead of skipping, where make docs has not built the site from today's pages",
    )
    parser.addoption(
        "--require-python-sdk",
        action="store_true",
        help="fail, instead of skipping, where an older version of Bandwidth's SDK is missing",
    )
    parser.addoption(
        "--sdk", metavar="VERSION", help="the version of Bandwidth's SDK, if it is an older one"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures that they ask for."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "browser" in fixtures:
            item.add_marker("slow")
        if "implementations" in fixtures or "tallies" in fixtures:
            item.add_marker("both_implementations")


class Implementation:
    """The public functions over one implementation of the kernels, whichever is in use.

    Attributes:
        name: "compiled" or "python".
        functions: All names of its modules.
        Segmenter: Makes a `Segmenter` that counts with it.
        Reassembler: A `Reassembler` that decodes with it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.functions = load(name)
        self.Reassembler = type("Reassembler", (Reassembler,), {"functions": self.functions})
        self.Segmenter = self._segmenter
        segmenter = self.Segmenter()
        for method in METHODS:
            setattr(self, method, getattr(segmenter, method))

    def _segmenter(self, *arguments: Any, **options: Any) -> septet.Segmenter:
        return septet.Segmenter.from_rules(septet.Rules(*arguments, **options), self.name)

    def decode(
        self,
        user_data: bytes,
        *,
        data_coding: int = 0,
        has_udh: bool = False,
        user_data_length: int | None = None,
        packed: bool | None = None,
        strict: bool = False,
        protocol: str = "gsm",
        default_alphabet: str = "gsm7",
    ) -> str:
        """Do what `septet.decode` does."""
        default = read_default_alphabet(protocol, default_alphabet)
        is_packed = default is None if packed is None else packed
        options = user_data_length, is_packed, strict
        text = self.functions.read_text(
            user_data, encodings_of(default), data_coding, has_udh, *options
        )
        if text is not None:
            return text
        alphabet, units, _, _ = take_apart(
            user_data, data_coding, has_udh, *options, default, self.functions
        )
        return read_units(alphabet, units, strict, self.functions)


@pytest.fixture(scope="session")
def implementations(request: pytest.FixtureRequest) -> dict[str, Implementation]:
    """The public functions over each implementation that was built, by its name."""
    built = {"python": Implementation("python")}
    try:
        built["compiled"] = Implementation("compiled")
    except ModuleNotFoundError:
        if request.config.getoption("--require-compiled"):
            raise
    return built


@pytest.fixture(scope="session", params=IMPLEMENTATIONS)
def kernels(
    request: pytest.FixtureRequest, implementations: dict[str, Implementation]
) -> Implementation:
    """The public functions over one implementation: every test that uses it runs on both."""
    if request.param not in implementations:
        pytest.skip("the compiled implementation was not built")
    return implementations[request.param]


@pytest.fixture(scope="session")
def tallies(implementations: dict[str, Implementation]) -> dict[str, ModuleType]:
    """The kernels for many rows of each implementation that was built, by its name."""
    modules = {"python": "python.tally", "compiled": "_compiled_tally"}
    return {
        name: importlib.import_module(f"septet._kernels.{modules[name]}")
        for name in implementations
    }


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A real browser; each page that it opens knows nothing of the others."""
    if CHROMIUM is None and not request.config.getoption("--require-chromium"):
        pytest.skip("there is no Chromium")
    assert CHROMIUM is not None, "there is no Chromium"
    with Browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def node_modules(request: pytest.FixtureRequest) -> Path:
    """The folder of the packages that tests/node/package.json names."""
    folder = Path(__file__).parents[1] / "build/node/node_modules"
    if shutil.which("node") is None or not folder.is_dir():
        message = "Node or packages for it are missing: run make node-packages"
        if request.config.getoption("--require-node"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def node(request: pytest.FixtureRequest) -> Callable[..., str]:
    """A function that runs a script with Node and returns what it prints."""
    path = shutil.which("node")
    if path is None:
        if request.config.getoption("--require-node"):
            pytest.fail("Node is not installed")
        pytest.skip("Node is not installed")

    def run(*arguments: Any) -> str:
        done = subprocess.run(
            [path, *map(str, arguments)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Iterator[PostgresqlServer]:
    """A PostgreSQL server."""
    is_required = request.config.getoption("--require-postgresql")
    if not is_required:
        pytest.importorskip("psycopg")
    binaries = find_binaries()
    if binaries is None:
        if is_required:
            pytest.fail("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    server = PostgresqlServer(binaries)
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path) -> Callable[[], str]:
    """A function that gives the URL of a new database each time, of one kind and of the other."""
    if request.param == "postgresql":
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        return server.create_database
    numbers = iter(range(100))
    return lambda: f"sqlite:///{tmp_path}/events_{next(numbers)}.db"


@pytest.fixture
def url(new_url) -> str:
    """The URL of a new database, of one kind and of the other."""
    return new_url()
