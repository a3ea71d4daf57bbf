"""What the inspector shows of a text, compared with Python; the script runs in Node."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

pytest.importorskip("anyascii")

import septet
from septet.rewriting.advice import units_in
from septet.web import inspector

SCRIPT = Path(inspector.__file__).with_name("counting.js")
IN_NODE = """
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import * as core from "%(folder)s/septet.js";
const context = createContext({ core, Intl });
runInContext(readFileSync("%(script)s", "utf8"), context);
const cases = JSON.parse(readFileSync("%(folder)s/inspected.json", "utf8"));
console.log(JSON.stringify(cases.map(([text, options]) => {
    const segmenter = new core.Segmenter(options);
    const counting = { text, segmenter, analysis: segmenter.analyze(text), lastLevel: null };
    const { characters, levels, unitsOver, lineEnds } = context.details(counting);
    return {
        characters: Array.from(characters.values(), c =>
            [c.char, c.count, c.unitCount, Boolean(c.forcesUcs2)]),
        levels: levels.map(level => [level.level, level.text, level.encoding, level.segmentCount]),
        unitsOver,
        lineEnds: lineEnds && [lineEnds.text, lineEnds.level, lineEnds.segmentCount],
    };
})));
"""
OPTIONS = [
    {},
    {"reference_bits": 16},
    {"languages": ["turkish", "spanish"]},
    {"languages": ["portuguese", "urdu", "hindi"]},
    {"keep_graphemes": True},
    {"provider": "telnyx"},
    {"provider": "twilio", "languages": ["turkish"]},
]
PIECES = [
    *(
        "word ",
        "a",
        "]",
        "€",
        "\n",
        "\r\n",
        "’",
        "“ ”",
        "ż",
        "ğ",
        "ş",
        "ç",
        "ê",
        "ú",
        "हि",
        "ب",
        "𐍈",
    ),
    *("😀", "👨\u200d👩\u200d👧", "e\u0301", "x" * 30, "y" * 60, "1\r\n" * 20, "東"),
]


def inspected(text, options):
    """Return what `details` returns, by Python."""
    segmenter = septet.Segmenter(**options)
    analysis = segmenter.analyze(text)
    advice = segmenter.advise(text, level="letters")
    forcing = {char for char, _ in analysis.non_gsm_characters}
    levels, previous = [], text
    for level in ("punctuation", "letters") if forcing else ():
        changed = segmenter.transliterate(text, level, when="always").text
        if changed == previous:
            continue
        previous = changed
        after = segmenter.analyze(changed)
        levels.append([level, changed, after.encoding, after.segment_count])
        if after.encoding == "gsm7":
            break
    saves_line_ends = any(change.char == "\r" for change in advice.changes)
    return {
        "characters": [
            [char, text.count(char), units_in(analysis, char), char in forcing]
            for char in dict.fromkeys(text)
        ],
        "levels": levels,
        "unitsOver": advice.units_over,
        "lineEnds": [advice.text, advice.level, advice.segments_after] if saves_line_ends else None,
    }


def test_details(node, files) -> None:
    """Characters, levels and advice are those of Python."""
    source = random.Random(21)
    cases = [
        (
            "".join(source.choices(source.sample(PIECES, 6), k=source.randint(0, 80))),
            source.choice(OPTIONS),
        )
        for _ in range(400)
    ]
    names = {"reference_bits": "referenceBits", "keep_graphemes": "keepGraphemes"}
    in_javascript = [
        (text, {names.get(name, name): value for name, value in options.items()})
        for text, options in cases
    ]
    (files / "inspected.json").write_text(json.dumps(in_javascript), "ascii")
    script = IN_NODE % {"folder": files, "script": SCRIPT}
    found = json.loads(node("--input-type=module", "--eval", script))
    differing = [
        (case, details, expected)
        for case, details in zip(cases, found, strict=True)
        if details != (expected := inspected(*case))
    ]
    assert differing[:1] == []
    assert any(details["lineEnds"] for details in found)
