"""JavaScript libraries in the benchmarks, by a package that stands for one of them."""

from __future__ import annotations

import json
import shutil

import pytest

from septet.benchmarks import javascript

TEXTS = [f"{'x' * number} ’" for number in range(40)]


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node")
def test_a_package_in_the_folder(tmp_path, monkeypatch) -> None:
    """Node finds it in the working folder; it gets the texts, or its share of them."""
    for name, code in (
        ("split-sms", "exports.split = text => ({parts: [...text]})"),
        (
            "sms-segments-calculator",
            "exports.SegmentedMessage = class { constructor(t) { this.segmentsCount = t.length } }",
        ),
    ):
        folder = tmp_path / "node_modules" / name
        folder.mkdir(parents=True)
        (folder / "package.json").write_text(json.dumps({"name": name, "version": "1.2.3"}))
        (folder / "index.js").write_text(code)
    monkeypatch.chdir(tmp_path)
    with javascript.started(TEXTS) as found:
        assert [each.name for each in found] == [
            *("sms-segments-calculator 1.2.3 (Node)", "split-sms 1.2.3 (Node)")
        ]
        assert found[1].segments() == [len(text) for text in TEXTS]
        assert found[0].segments() == [2, 3]
        assert 0 <= found[0].run() < 10_000
    assert javascript.install(found) == ["npm install sms-length"]


def test_without_node(monkeypatch) -> None:
    """Nothing is compared."""
    monkeypatch.setenv("PATH", "")
    with javascript.started(TEXTS) as found:
        assert found == []
    assert javascript.install(found) == ["npm install sms-length sms-segments-calculator split-sms"]
