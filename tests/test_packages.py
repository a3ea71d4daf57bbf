"""What `make packages` builds: source archives do not depend on where and when they were made."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import re
import tarfile
import tomllib
from pathlib import Path

import pytest

from septet import UNICODE_VERSION, __version__

ROOT = Path(__file__).parents[1]


def load(name: str):
    """Return a program of the folder tools."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"tools/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def packages():
    return load("packages")


def archive(path: Path, names: list[str], second: int, owner: str, mode: int) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        folder = tarfile.TarInfo("septet-1")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for name in names:
            file = tarfile.TarInfo(f"septet-1/{name}")
            file.size, file.mtime, file.mode = len(name), second, mode
            file.uname = file.gname = owner
            tar.addfile(file, io.BytesIO(name.encode()))
    return path


def test_settled_archives_are_the_same(tmp_path, packages) -> None:
    """Order, dates, owners, masks of modes and the name of the file leave no trace."""
    one = archive(tmp_path / "one.tar.gz", ["a", "b/c"], 5, "ada", 0o664)
    two = archive(tmp_path / "two.tar.gz", ["b/c", "a"], 6, "bob", 0o600)
    for path in (one, two):
        packages.normalize(path, 1_700_000_000)
    assert one.read_bytes() == two.read_bytes()
    with tarfile.open(one) as tar:
        found = [(file.name, file.mtime, file.mode, tar.extractfile(file).read()) for file in tar]
    assert found == [
        ("septet-1/a", 1_700_000_000, 0o644, b"a"),
        ("septet-1/b/c", 1_700_000_000, 0o644, b"b/c"),
    ]


def test_programs_stay_so(tmp_path, packages) -> None:
    """What can be run can be run afterwards."""
    path = archive(tmp_path / "one.tar.gz", ["run"], 5, "ada", 0o775)
    packages.normalize(path, 0)
    with tarfile.open(path) as tar:
        assert [file.mode for file in tar] == [0o755]


def test_what_should_not_be_there(packages) -> None:
    """Both what is missing and what is too much is named."""
    packages.same({"a"}, {"a"})
    with pytest.raises(SystemExit, match=r"missing: \['b'\]\nunwanted: \['c'\]"):
        packages.same({"a", "c"}, {"a", "b"})


def test_the_citation_has_the_addresses_of_the_package() -> None:
    """The source and the documentation."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (ROOT / "CITATION.cff").read_text("utf-8").splitlines()
    assert f"repository-code: {project['urls']['Source']}" in lines
    assert f"url: {project['urls']['Documentation']}" in lines


def test_the_bill_of_materials_has_the_versions_of_unicode() -> None:
    """Both that are in the package, and the files that it names exist."""
    bill = json.loads((ROOT / "packaging/septet.cdx.json").read_text("utf-8"))
    materials = [(part["name"], part["version"]) for part in bill["components"]]
    for version in (UNICODE_VERSION, "10.0.0"):
        assert ("Unicode Character Database", version) in materials
    named = re.findall(r"septet/[\w/]+\.(?:py|wasm)", json.dumps(bill))
    assert len(named) == 6
    assert [name for name in named if not (ROOT / "src" / name).is_file()] == []


def test_the_recipe_for_conda_is_that_of_the_package() -> None:
    """Its version, its requirements for a build, and its licence."""
    recipe = (ROOT / "packaging/conda/recipe.yaml").read_text("utf-8")
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert f'version: "{__version__}"' in recipe
    assert (
        f'match(python, "<{metadata["project"]["requires-python"].removeprefix(">=")}")' in recipe
    )
    assert f"license: {metadata['project']['license']}\n" in recipe
    for requirement in metadata["build-system"]["requires"]:
        assert f"- {requirement.lower().replace('>=', ' >=')}\n" in recipe


def test_a_rehearsal(tmp_path) -> None:
    """What would be attested is each package and its digest; what is run is the README's."""
    check = load("release_check")
    package = tmp_path / "septet-1.tar.gz"
    package.write_bytes(b"septet")
    digest = hashlib.sha256(b"septet").hexdigest()
    [subject] = check.statement(package)["subject"]
    assert subject == {"name": "septet-1.tar.gz", "digest": {"sha256": digest}}
    assert check.first_session().startswith(">>> import septet\n>>> septet.count(")
    arguments, last = check.first_estimate()
    assert arguments[:2] == ["estimate", "examples/campaign.csv"]
    assert last.startswith("Total: 249 messages")
