"""The type declarations, checked by TypeScript; `make node-packages` installs it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

USES = Path(__file__).with_name("uses.ts")


def test_uses(node_modules, node, files, tmp_path) -> None:
    """What the documentation shows is allowed, and mistakes are found."""
    for source in (USES, files / "septet.d.ts"):
        shutil.copy(source, tmp_path)
    options = {
        "strict": True,
        "noEmit": True,
        "target": "es2022",
        "module": "es2022",
        "lib": ["es2022", "dom"],
        "types": [],
    }
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options}))
    node(node_modules / "typescript/bin/tsc", "--project", tmp_path)


def test_every_export_has_a_type(files, evaluate) -> None:
    """The declarations name what the module exports, and nothing else."""
    declared = re.findall(
        r"^export (?:class|function|const) (\w+)",
        (files / "septet.d.ts").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert sorted(declared) == evaluate("Object.keys(septet).sort()")
