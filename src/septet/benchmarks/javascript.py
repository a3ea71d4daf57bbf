"""JavaScript libraries that count or cut single texts, in a process of Node.

Node looks for them in the `node_modules` of the working folder, and in `NODE_PATH`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from .contenders import FACTS, PARTS, Contender

__all__ = ["install", "started"]


class _Library(NamedTuple):
    """A library.

    Attributes:
        package: Its package.
        section: What its function returns.
        code: Makes of the module `m` a function that returns the segments of a text.
        share: It gets one of so many texts, because it is slow.
    """

    package: str
    section: str
    code: str
    share: int = 1


_LIBRARIES = (
    _Library("sms-length", FACTS, "text => m.count(text).messages"),
    _Library(
        "sms-segments-calculator",
        FACTS,
        "text => new m.SegmentedMessage(text).segmentsCount",
        share=20,
    ),
    _Library("split-sms", PARTS, "text => m.split(text).parts.length"),
)
# Reads a line with the texts, and answers with the versions. Each other line has the package, its
# share, and whether the segments are wanted; the answer has them, or else the milliseconds.
_SCRIPT = """
const versions = {}, functions = {};
for (const [name, code] of Object.entries(JSON.parse(process.argv[1]))) {
    try {
        versions[name] = require(name + "/package.json").version;
        functions[name] = new Function("m", "return " + code)(require(name));
    } catch (error) {
        if (error.code !== "MODULE_NOT_FOUND") throw error;
    }
}
let texts;
require("readline").createInterface({input: process.stdin}).on("line", line => {
    let answer = versions;
    if (texts) {
        const [name, share, isWanted] = JSON.parse(line);
        const call = functions[name], chosen = texts.slice(0, texts.length / share);
        const start = process.cpuUsage();
        answer = chosen.map(call);
        const taken = process.cpuUsage(start);
        if (!isWanted) answer = (taken.user + taken.system) / 1000;
    } else texts = JSON.parse(line);
    console.log(JSON.stringify(answer));
});
"""


def install(contenders: Sequence[Contender]) -> list[str]:
    """Return the command that installs the libraries that are not among some contenders."""
    found = {each.name.partition(" ")[0] for each in contenders}
    names = " ".join(each.package for each in _LIBRARIES if each.package not in found)
    return [f"npm install {names}"] if names else []


@contextmanager
def started(texts: Sequence[str]) -> Iterator[list[Contender]]:
    """Start Node and give the libraries that are installed; none without Node.

    Args:
        texts: The texts that they get.
    """
    node = shutil.which("node")
    if node is None:
        yield []
        return
    codes = json.dumps({library.package: library.code for library in _LIBRARIES})
    with subprocess.Popen(
        [node, "-e", _SCRIPT, codes],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        questions, answers = process.stdin, process.stdout

        def ask(question: object) -> Any:
            print(json.dumps(question), file=questions, flush=True)
            return json.loads(answers.readline())

        versions = ask(list(texts))
        yield [
            Contender(
                library.section,
                f"{library.package} {versions[library.package]} (Node)",
                partial(ask, [library.package, library.share, False]),
                partial(ask, [library.package, library.share, True]),
                library.share,
            )
            for library in _LIBRARIES
            if library.package in versions
        ]
