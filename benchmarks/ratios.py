"""Compare the scalar functions with a minimal compiled function, within one run.

Builds `baseline.pyx` (a compiled function that takes a `str` and returns 1) in a temporary folder,
times it and septet in turns for many short rounds, and prints the best round of each. Every case
uses the same loop, `for _ in repeat(None, number): f(t)` as `timeit` compiles it, with `f` and `t`
as local variables; every result, including the baseline, contains the cost of this loop. A second
table shows the calls that return records or texts, as multiples of `analyze` of 100 characters of
ASCII, and a third one texts with all national languages allowed, as multiples of the time without.

    python benchmarks/ratios.py [--rounds N]
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from timeit import Timer

import septet

_ASCII = "Hi Anna, your table for 2 is ready at 7pm; reply YES to keep it, STOP to opt out. "
_ACCENTED = "Señor, le café è già là: 5 Grüße für Åse & Øystein, mañana più tè così, voilà où! "
_GREEK_EURO = "Δt 5Ω, 20€ per person: table for 2 is ready at 7pm; reply YES to keep it, thanks. "
_EXTENSION = "[ref:A12] {name}, a|b ~20min ^up C:\\x [1/2] {id} "
_EMOJI = "Tonight 🎷🎶 jazz at 8, doors 7pm 🚪 see you there 😀 bring friends 🎉 "
_BRACKETS = "[ref:A12] {name}, [1/2] {id} then {other} text "
_EUROS = "Beer 4€, wine 6€, soup 5€, fish 14€, cake 3€, tea 2€. "
_TURKISH = "Yarın görüşürüz, şimdi değil: İstanbul'da 5 gün, çok güzel. "
_HINDI = "नमस्ते, आपका ऑर्डर 12 कल पहुँचेगा। "
_QUOTES = "Tonight: jazz at the café ’til 2, bring ‘friends’ and a smile…"
_CJK = "您的订单已发货，预计明天送达。ご予約ありがとうございます。확인부탁드립니다"

_ANALYZE = "analyze  ASCII, 100"


@dataclass
class _Case:
    """One call to time; `bound` is the project's target: at most so many times the baseline."""

    name: str
    function: Callable[[str], object]
    text: str
    bound: float | None = None
    best: float = field(default=math.inf, init=False)


def _fill(pattern: str, length: int) -> str:
    """Repeat a pattern up to `length` characters."""
    return (pattern * (length // len(pattern) + 1))[:length]


def _cases() -> list[_Case]:
    ascii_100, accented_100 = _fill(_ASCII, 100), _fill(_ACCENTED, 100)
    emoji_70 = _fill(_EMOJI, 70)
    count, analyze, split = septet.count, septet.analyze, septet.split
    return [
        _Case("count  ASCII, 100 characters", count, ascii_100, 1.6),
        _Case("count  accented GSM-7, 100", count, accented_100, 2.5),
        _Case("count  emoji, 70", count, emoji_70, 3),
        _Case(_ANALYZE, analyze, ascii_100, 8),
        _Case("analyze  accented GSM-7, 100", analyze, accented_100),
        _Case("analyze  emoji, 70", analyze, emoji_70),
        _Case("count  empty", count, ""),
        _Case("count  ASCII, 20", count, _fill(_ASCII, 20)),
        _Case("count  ASCII, 160", count, _fill(_ASCII, 160)),
        _Case("count  ASCII, 1,000", count, _fill(_ASCII, 1_000)),
        _Case("count  Greek and euro, 100", count, _fill(_GREEK_EURO, 100)),
        _Case("count  extension-heavy, 100", count, _fill(_EXTENSION, 100)),
        _Case("count  extension-heavy, 300", count, _fill(_EXTENSION, 300)),
        _Case("count  CJK, 70", count, _fill(_CJK, 70)),
        _Case("count  emoji, 300", count, _fill(_EMOJI, 300)),
        _Case("split  emoji, 300", split, _fill(_EMOJI, 300)),
    ]


def _record_cases() -> list[_Case]:
    """Return the calls whose results are records or texts; bounds are multiples of `analyze`."""
    ascii_100, ascii_400, long = (_fill(_ASCII, length) for length in (100, 400, 2_000))
    first = septet.encode(ascii_400, reference=1)[0].user_data
    one = septet.encode(ascii_100)[0].user_data
    return [
        _Case("split  one segment", septet.split, ascii_100, 2.5),
        _Case("split  three segments", septet.split, ascii_400, 5),
        _Case("encode  one segment", septet.encode, ascii_100, 4),
        _Case("encode  three segments", septet.encode, ascii_400),
        _Case("encode  emoji, 60", septet.encode, _fill(_EMOJI, 60)),
        _Case("truncate  long", lambda text: septet.truncate(text, 2), long, 10),
        _Case("truncate  long, with an ellipsis", lambda text: septet.truncate(text, 2, "…"), long),
        _Case("truncate  what fits", lambda text: septet.truncate(text, 2), ascii_100),
        _Case("transliterate  GSM-7", septet.transliterate, ascii_100, 2.5),
        _Case("transliterate  emoji, 70", septet.transliterate, _fill(_EMOJI, 70)),
        _Case("transliterate  quotes", septet.transliterate, _QUOTES),
        _Case("non_gsm_characters  four", _non_gsm_characters, _QUOTES, 8),
        _Case("advise  one segment", septet.advise, ascii_100),
        _Case("advise  long", septet.advise, long),
        _Case("advise  quotes, 3 segments", septet.advise, _QUOTES * 3),
        _Case("decode  one segment", lambda _: septet.decode(one), ""),
        _Case("decode  with a header", lambda _: septet.decode(first, has_udh=True), ""),
    ]


def _non_gsm_characters(text: str) -> object:
    return septet.analyze(text).non_gsm_characters


def _national_cases() -> list[tuple[_Case, _Case]]:
    """Return pairs of cases: without national languages, and with all of them."""
    plain, national = septet.Segmenter(), septet.Segmenter(languages=list(septet.Language))
    texts: list[tuple[str, str, int, float | None]] = [
        ("ASCII", _ASCII, 100, 5),
        ("accented GSM-7", _ACCENTED, 100, 5),
        ("Greek and euro", _GREEK_EURO, 100, 5),
        ("brackets", _BRACKETS, 100, 5),
        ("brackets", _BRACKETS, 1_000, 5),
        ("euros", _EUROS, 100, 5),
        ("extension-heavy", _EXTENSION, 100, 5),
        ("extension-heavy", _EXTENSION, 1_000, 5),
        ("emoji", _EMOJI, 70, None),
        ("Turkish", _TURKISH, 100, None),
        ("Hindi", _HINDI, 100, None),
    ]
    return [
        (
            _Case(name, plain.count, _fill(pattern, length)),
            _Case(f"{name}, {length:,}", national.count, _fill(pattern, length), bound),
        )
        for name, pattern, length, bound in texts
    ]


def _build_baseline(folder: str) -> Callable[[str], object]:
    """Compile `baseline.pyx` in a folder and return its function."""
    source = shutil.copy(Path(__file__).with_name("baseline.pyx"), folder)
    command = [sys.executable, "-m", "Cython.Build.Cythonize", "--inplace", "--quiet", source]
    built = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    if built.returncode:
        sys.exit(f"{built.stdout}{built.stderr}cannot build baseline.pyx: see above")
    (extension,) = (path for path in Path(folder).iterdir() if path.suffix in {".so", ".pyd"})
    spec = importlib.util.spec_from_file_location("baseline", extension)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function: Callable[[str], object] = module.one
    return function


def _measure(cases: list[_Case], rounds: int, seconds: float = 0.002) -> None:
    """Store the best time per call of each case, in ns, over `rounds` of about `seconds` each."""
    timers = [
        Timer("f(t)", "f, t = case.function, case.text", globals={"case": case}) for case in cases
    ]
    numbers = [max(1, int(1_000 * seconds / timer.timeit(1_000))) for timer in timers]
    for _ in range(rounds):
        for case, timer, number in zip(cases, timers, numbers, strict=True):
            case.best = min(case.best, timer.timeit(number) / number * 1e9)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=200, help="rounds per case (200)")
    rounds: int = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        baseline = _Case("baseline  takes a str, returns 1", _build_baseline(folder), "x" * 100)
        cases = [baseline, *_cases()]
        national_cases, record_cases = _national_cases(), _record_cases()
        national = (case for pair in national_cases for case in pair)
        _measure([*cases, *national, *record_cases], rounds)
    print(
        f"septet {septet.__version__}, {septet.IMPLEMENTATION} implementation, "
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}; "
        f"best of {rounds} rounds, including the cost of the loop"
    )
    print(f"{'call':<34}{'ns':>9}{'ratio':>9}{'bound':>8}")
    for case in cases:
        bound = "" if case.bound is None else f"{case.bound:g}"
        print(f"{case.name:<34}{case.best:>9.1f}{case.best / baseline.best:>9.2f}{bound:>8}")
    (analyze,) = (case for case in cases if case.name == _ANALYZE)
    print(f"\n{'call, beside analyze':<34}{'ns':>9}{'ratio':>9}{'bound':>8}")
    for case in record_cases:
        bound = "" if case.bound is None else f"{case.bound:g}"
        print(f"{case.name:<34}{case.best:>9.1f}{case.best / analyze.best:>9.2f}{bound:>8}")
    print(f"\n{'count, all languages allowed':<34}{'ns':>9}{'ratio':>9}{'bound':>8}")
    for plain, case in national_cases:
        bound = "" if case.bound is None else f"{case.bound:g}"
        print(f"{case.name:<34}{case.best:>9.1f}{case.best / plain.best:>9.2f}{bound:>8}")


if __name__ == "__main__":
    main()
