"""The targets of `make fuzz` over their seeds, and over inputs that were once too much."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

import septet

FUZZ = Path(__file__).parents[1] / "fuzz"


def load(path: Path) -> ModuleType:
    """Return a file as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"fuzz_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


run = load(FUZZ / "run.py")
IN_C = [name for name, path in run.TARGETS.items() if path.suffix == ".c"]
IN_PYTHON = [name for name, path in run.TARGETS.items() if path.suffix == ".py"]


@pytest.mark.parametrize("name", run.TARGETS)
def test_seeds_are_there(name) -> None:
    """Without them a target would have to begin with nothing."""
    assert len(run.inputs(name)) > 2


@pytest.mark.parametrize("name", IN_PYTHON)
def test_targets_in_python(name) -> None:
    """Each input is answered, or refused as the target allows."""
    if name in {"arrow", "octets", "segmenter"}:
        pytest.importorskip("septet._kernels._compiled")
    if name == "arrow_files":
        pytest.importorskip("pyarrow.parquet")
    if name == "callbacks":
        pytest.importorskip("septet.bandwidth")
    target = load(run.TARGETS[name]).target
    for path in run.inputs(name):
        try:
            target(path.read_bytes())
        except Exception as error:
            error.add_note(str(path))
            raise


@pytest.mark.slow
@pytest.mark.skipif(septet.IMPLEMENTATION != "compiled", reason="the C kernels are not in use")
@pytest.mark.parametrize("name", IN_C)
def test_targets_in_c(tmp_path, name) -> None:
    """The same under sanitizers, with any compiler."""
    compiler = next(filter(shutil.which, ("cc", "gcc", "clang")), None)
    if compiler is None:
        pytest.skip("there is no compiler")
    run.write_rules(tmp_path)
    program = tmp_path / name
    run.compile_target(compiler, run.TARGETS[name], program, str(FUZZ / "replay.c"))
    done = subprocess.run([program, *run.inputs(name)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.slow
@pytest.mark.skipif(septet.IMPLEMENTATION != "compiled", reason="the C kernels are not in use")
def test_targets_of_oss_fuzz(tmp_path) -> None:
    """Its script builds every target in C, with the seeds, which the targets accept."""
    if not shutil.which("gcc") or not shutil.which("bash"):
        pytest.skip("GCC or bash is missing")
    named = {
        "CC": "gcc",
        "CXX": "gcc",
        "CFLAGS": "-fsanitize=address",
        "CXXFLAGS": "-fsanitize=address",
    }
    folders = {"WORK": str(tmp_path / "work"), "OUT": str(tmp_path / "out")}
    for folder in folders.values():
        os.mkdir(folder)
    environment = os.environ | named | folders | {"LIB_FUZZING_ENGINE": "fuzz/replay.c"}
    subprocess.run(
        ["bash", FUZZ / "oss-fuzz/build.sh"], cwd=FUZZ.parent, env=environment, check=True
    )
    for name in IN_C:
        with zipfile.ZipFile(tmp_path / f"out/{name}_seed_corpus.zip") as seeds:
            seeds.extractall(tmp_path / name)
        seeds = sorted((tmp_path / name).iterdir())
        assert len(seeds) == len(run.inputs(name))
        subprocess.run([tmp_path / "out" / name, *seeds], capture_output=True, check=True)
