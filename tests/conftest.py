"""Both twins, both databases and a browser for tests; switches for what may not be skipped."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

import septet
from browser import CHROMIUM, Browser
from postgresql_server import PostgresqlServer, find_binaries

# `make test` tries few examples, the same each time; `make test-slow` tries many, new each time.
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
settings.register_profile("thorough", BASE, max_examples=250)
settings.load_profile("default")

TWINS = ("python", "compiled")
HALVES = {
    "python": ("python.kernel", "python.wire"),
    "compiled": ("_compiled", "_compiled_wire"),
}
OVER_A_TWIN = (
    "wire.encoding",
    "wire.decoding",
    "wire.reassembly",
    "wire.codec",
    "segmentation.segmenter",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-compiled",
        action="store_true",
        help="fail, instead of skipping, where the compiled twin was not built",
    )
    parser.addoption(
        "--require-emulation",
        action="store_true",
        help="fail, instead of skipping, where code for AArch64 cannot be built and run",
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures that they ask for."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "browser" in fixtures:
            item.add_marker("slow")
        if "twins" in fixtures or "tallies" in fixtures:
            item.add_marker("both_implementations")


def over(twin: str) -> ModuleType:
    """Return a `septet.segmentation` that stands on the given twin, whichever the door chose.

    The rooms that make and read octets over the same twin are its attributes: `wire`, `decoding`,
    `reassembly`, `codec`, and the twin's own functions as `octets`.
    """
    half, octets = (importlib.import_module(f"septet._kernels.{name}") for name in HALVES[twin])
    door = ModuleType("septet._kernels")
    for part in (half, octets):
        vars(door).update({name: getattr(part, name) for name in part.__all__})
    rooms = {"_kernels": door}
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_kernels", *OVER_A_TWIN):
            room = rooms.get(name) or _load(name, twin)
            package, _, leaf = f"septet.{name}".rpartition(".")
            patch.setitem(sys.modules, f"septet.{name}", room)
            patch.setattr(importlib.import_module(package), leaf, room, raising=False)
            rooms[name] = room
    module = rooms[OVER_A_TWIN[-1]]
    for name, room in zip(("wire", "decoding", "reassembly", "codec"), OVER_A_TWIN, strict=False):
        setattr(module, name, rooms[room])
    module.octets = octets  # type: ignore[attr-defined]
    return module


def _load(room: str, twin: str) -> ModuleType:
    package, _, leaf = room.rpartition(".")
    source = Path(septet.__file__).parent.joinpath(*package.split("."), f"{leaf}.py")
    name = ".".join(filter(None, ("septet", package, f"_{leaf}_{twin}")))
    spec = importlib.util.spec_from_file_location(name, source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def twins(request: pytest.FixtureRequest) -> dict[str, ModuleType]:
    """The API over each twin that there is, by name."""
    modules = {"python": over("python")}
    try:
        modules["compiled"] = over("compiled")
    except ModuleNotFoundError:
        if request.config.getoption("--require-compiled"):
            raise
    return modules


@pytest.fixture(scope="session", params=TWINS)
def kernels(request: pytest.FixtureRequest, twins: dict[str, ModuleType]) -> ModuleType:
    """The API over one twin: every test that asks for it runs on both."""
    if request.param not in twins:
        pytest.skip("the compiled twin was not built")
    return twins[request.param]


@pytest.fixture(scope="session")
def tallies(request: pytest.FixtureRequest) -> dict[str, ModuleType]:
    """What each twin that there is does with many rows, by name."""
    modules = {"python": importlib.import_module("septet._kernels.python.tally")}
    try:
        modules["compiled"] = importlib.import_module("septet._kernels._compiled_tally")
    except ModuleNotFoundError:
        if request.config.getoption("--require-compiled"):
            raise
    return modules


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A real browser; each page that it opens knows nothing of the others."""
    if CHROMIUM is None and not request.config.getoption("--require-chromium"):
        pytest.skip("there is no Chromium")
    assert CHROMIUM is not None, "there is no Chromium"
    with Browser() as browser:
        yield browser


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
