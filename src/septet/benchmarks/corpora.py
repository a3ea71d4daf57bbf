"""Seeded message texts for the benchmarks: the same on every machine and Python version.

Only `Random.random()` is used, because Python guarantees its sequence for a seed; those of `choice`
and `shuffle` may change. Words are joined until a text has the wanted length. A text of a certain
kind contains at least one word that is typical of the kind, at a random position.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

_SEED = 23038


def _words(text: str) -> list[str]:
    return text.split()


# Basic characters of the default alphabet that are also ASCII.
_PLAIN = _words(
    "your code is 482913 please do not share it with anyone the order has left our store and will "
    "arrive on Monday between 9:00 and 12:30 reply STOP to opt out Hi Anna, thanks for calling! "
    "see you at 7pm? tickets from $15 (max 4) today only 20% off all shoes & bags call "
    "+1 919 555 0142 or visit https://example.com/r?id=7731 balance: 1,204.50 we'll keep a table "
    'for 2; flight LH-454 gate B12 delayed #urgent bring "proof" of address km/h a=b <3'
)

# Each word has a character of the extension table, which takes two septets.
_EXTENSION = _words(
    r"[1/2] [ref:A12] {name} {order_id} ~20min ~5km yes|no A|B C:\temp ^top :-] x^2 {link} [STOP] "
    "15€ €9.99"
)

# Each word has a non-ASCII character of the default alphabet, all of them below U+0100.
_ACCENTED = _words(
    "café déjà très àpropos è così perché più lunedì müssen schöne Grüße Übergröße größer "
    "Änderung Öffnungszeit mañana señor ¿vienes ¡gracias Ñoño København smørrebrød på fjället "
    "Åse æble Ærø ØL Çelik £12 ¥900 §4"
)

# Greek and the euro: a str with one of these takes two octets per character (PEP 393).
_WIDE_GSM7 = ["Δt", "5Ω", "Σ=12", "ΦΛ", "ΠΓ", "Ψ3", "Θ1", "Ξ2", "20€", "€7.50", "€100"]

_EMOJI = _words("😀 🎉🎉 👍🏽 ❤️ 🇩🇪 👨‍👩‍👧 🚚 ☕ 🎷🎶 😂😂😂 🔥 ✅")
_CYRILLIC = _words(
    "ваш код заказ готов к выдаче спасибо за покупку ждём вас завтра в Москве подтвердите адрес"
)
_CJK = _words(
    "您的 验证码 是 请勿 告诉 他人 订单 已 发货 明天 送达 。 ， "
    "ご予約 ありがとう ございます 확인 부탁 드립니다"
)


def _below(rng: Random, limit: int) -> int:
    """Return a random integer from 0 up to, but not including, the limit."""
    return int(rng.random() * limit)


def _pick(rng: Random, words: Sequence[str]) -> str:
    return words[_below(rng, len(words))]


def _prose(rng: Random, words: Sequence[str], length: int, glue: str = " ") -> str:
    """Join words to a text of exactly `length` characters."""
    chosen: list[str] = []
    size = 0
    while size < length:
        word = _pick(rng, words)
        chosen.append(word)
        size += len(word) + len(glue)
    return glue.join(chosen)[:length].ljust(length, ".")


def _spiced(rng: Random, spice: Sequence[str], length: int) -> str:
    """Return plain prose of `length` characters with one word of `spice`, and one more per 60."""
    added = [_pick(rng, spice) for _ in range(1 + length // 60)]
    text = _prose(rng, _PLAIN, length - sum(len(word) + 1 for word in added))
    for word in added:
        gap = text.find(" ", _below(rng, len(text)))
        at = gap if gap >= 0 else len(text)
        text = f"{text[:at]} {word}{text[at:]}"
    return text


def _plain_text(rng: Random, length: int) -> str:
    return _prose(rng, _PLAIN, length)


def _extension_text(rng: Random, length: int) -> str:
    return _spiced(rng, _EXTENSION, length)


def _accented_text(rng: Random, length: int) -> str:
    """Return an accented text, or in one of four cases one with Greek capitals or euro signs."""
    return _spiced(rng, _WIDE_GSM7 if rng.random() < 0.25 else _ACCENTED, length)


def _ucs2_text(rng: Random, length: int) -> str:
    """Return English with emoji, Cyrillic, or Chinese, Japanese and Korean, a third each."""
    script = _below(rng, 3)
    if script == 0:
        return _spiced(rng, _EMOJI, length)
    return _prose(rng, _CYRILLIC, length) if script == 1 else _prose(rng, _CJK, length, glue="")


_Maker = Callable[[Random, int], str]
_MAKERS: tuple[_Maker, ...] = (_plain_text, _extension_text, _accented_text, _ucs2_text)


def _texts(count: int, shortest: int, longest: int, makers: Sequence[_Maker]) -> list[str]:
    """Return texts of `shortest` to `longest` characters, using the makers in turn."""
    rng = Random(_SEED)
    span = longest - shortest + 1
    return [makers[turn % len(makers)](rng, shortest + _below(rng, span)) for turn in range(count)]


def short_ascii(count: int = 1_000) -> list[str]:
    """Return codes and reminders of 20 to 60 characters."""
    return _texts(count, 20, 60, [_plain_text])


def extension(count: int = 1_000) -> list[str]:
    """Return texts with brackets, braces, tildes and euro signs: characters of two septets."""
    return _texts(count, 40, 160, [_extension_text])


def accented(count: int = 1_000) -> list[str]:
    """Return texts with non-ASCII letters of the default alphabet, one in four beyond Latin-1."""
    return _texts(count, 40, 160, [_accented_text])


def emoji_cjk(count: int = 1_000) -> list[str]:
    """Return texts that need UCS-2."""
    return _texts(count, 40, 160, [_ucs2_text])


def long(count: int = 1_000) -> list[str]:
    """Return all four kinds in turn, with 161 to 1,000 characters: several segments."""
    return _texts(count, 161, 1_000, _MAKERS)


def mixed(count: int = 100_000) -> list[str]:
    """Return a mix of the kinds, as in a campaign.

    70 % plain ASCII, 10 % with extension characters, 10 % accented, 10 % UCS-2, in random order;
    40 to 160 characters, 8 % of each kind 161 to 1,000.
    """
    rng = Random(_SEED)
    return [
        _MAKERS[max(0, turn % 10 - 6)](
            rng, 161 + _below(rng, 840) if turn // 10 % 25 < 2 else 40 + _below(rng, 121)
        )
        for turn in _shuffled(rng, count)
    ]


def _shuffled(rng: Random, count: int) -> list[int]:
    """Return shuffled indexes; texts made in this order are read in the order of their memory."""
    turns = list(range(count))
    for last in range(count - 1, 0, -1):
        other = _below(rng, last + 1)
        turns[last], turns[other] = turns[other], turns[last]
    return turns


def bulk_ascii(count: int) -> list[str]:
    """Return texts in plain ASCII, 60 to 180 bytes each."""
    return _texts(count, 60, 180, [_plain_text])


def bulk_mixed(count: int) -> list[str]:
    """Return the four kinds in the proportions of `mixed`, cut to bytes of UTF-8.

    40 to 160 bytes, one in twenty 161 to 1,000.
    """
    rng = Random(_SEED)
    texts = []
    for turn in _shuffled(rng, count):
        size = 40 + _below(rng, 121) if turn // 10 % 20 else 161 + _below(rng, 840)
        text = _MAKERS[max(0, turn % 10 - 6)](rng, size)
        texts.append(text.encode()[:size].decode(errors="ignore"))
    return texts


CORPORA: dict[str, Callable[[int], list[str]]] = {
    maker.__name__: maker for maker in (short_ascii, extension, accented, emoji_cjk, long, mixed)
}
