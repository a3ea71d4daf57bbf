"""Print the table of docs/explanation/differences.md: texts that libraries count differently.

It needs Node, and an environment with this project and the packages below. In an empty folder:

    pip install /path/to/septet smsutil==1.1.3 smpplib==2.2.4 sms-counter==0.0.1
    npm install sms-segments-calculator@1.3.0 split-sms@0.1.7 sms-length@0.2.2
    python /path/to/septet/benchmarks/differences.py
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import smpplib.gsm
import smsutil
from sms.counter import SMSCounter

import septet

# Python expressions; the table shows them unevaluated.
_TEXTS = (
    "'a' * 161",
    "'ж' * 71",
    "']' * 153",
    "'a' * 152 + ']' + 'a' * 152",
    "'ж' * 66 + '😀' + 'ж' * 66",
    "'😀' * 36",
    "'ж' * 60 + '👨‍👩‍👧‍👦' + 'ж' * 60",
    "'e\\u0301' * 35",
    "'\\r\\n' * 81",
    "'§'",
    "'ç'",
    "'\\x60'",  # a back-tick
    "'\\t'",
    "'\\f'",
    "'\\x1b'",
    "'\\ud800'",
    "''",
    "'a' * 40_000",
)
_NAMES = ("smsutil", "smpplib", "sms-counter", "sms-segments-calculator", "split-sms", "sms-length")
_GSM7 = ("gsm", "gsm0338", "0", "gsm-7", "gsm7", "gsm_7bit", "gsm_7bit_ex", "gsm_7bit_ext")
_JAVASCRIPT = """
const {SegmentedMessage} = require("sms-segments-calculator");
const {split} = require("split-sms");
const {count} = require("sms-length");
const contenders = [
    text => { const m = new SegmentedMessage(text); return [m.encodingName, m.segmentsCount]; },
    text => { const result = split(text); return [result.characterSet, result.parts.length]; },
    text => { const result = count(text); return [result.encoding, result.messages]; },
];
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map(text => contenders.map(call => call(text)))));
"""


def _smsutil(text: str) -> tuple[object, int]:
    result = smsutil.split(text)
    return result.encoding, len(result.parts)


def _smpplib(text: str) -> tuple[object, int]:
    parts, data_coding, _ = smpplib.gsm.make_parts(text)
    return data_coding, len(parts)


def _sms_counter(text: str) -> tuple[object, int]:
    result = SMSCounter().count(text)
    return result.encoding, result.segment


def _septet(text: str) -> tuple[object, int]:
    analysis = septet.analyze(text)
    return analysis.encoding.name, analysis.segment_count


def _cell(answer: tuple[object, int]) -> str:
    encoding, segments = answer
    return f"{'GSM7' if str(encoding).lower() in _GSM7 else 'UCS2'}/{segments}"


def _ask(call: Callable[[str], tuple[object, int]], text: str) -> str:
    try:
        return _cell(call(text))
    except ValueError:
        return "error"


def main() -> None:
    """Print the table; results that differ from ours are bold."""
    texts = [eval(text) for text in _TEXTS]
    answered = subprocess.run(
        ["node", "-e", _JAVASCRIPT],
        input=json.dumps(texts),
        check=True,
        capture_output=True,
        text=True,
    )
    print(f"| text | septet | {' | '.join(_NAMES)} |")
    print("| --- " * (len(_NAMES) + 2) + "|")
    for shown, text, answers in zip(_TEXTS, texts, json.loads(answered.stdout), strict=True):
        ours = _cell(_septet(text))
        others = [_ask(call, text) for call in (_smsutil, _smpplib, _sms_counter)]
        others += map(_cell, answers)
        cells = [ours, *(cell if cell == ours else f"**{cell}**" for cell in others)]
        print(f"| `{shown}` | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
