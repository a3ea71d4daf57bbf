"""Currencies as price lists name them: codes, symbols, and names in headings, cells and titles."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["CODES", "DOLLAR", "DOLLARS", "currencies_in", "currency_of_heading", "read_currency"]

_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN
    BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD
    FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY
    KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR
    RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT
    TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER
    ZAR ZMW ZWG
"""
CODES = frozenset(_CODES.split())
"""The currencies of ISO 4217 that are in use."""

SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₽": "RUB",
    "₺": "TRY",
    "₦": "NGN",
    "₩": "KRW",
    "₪": "ILS",
    "฿": "THB",
    "₫": "VND",
    "₱": "PHP",
    "₴": "UAH",
    "₸": "KZT",
    "zł": "PLN",
    "us$": "USD",
    "$us": "USD",
    "ca$": "CAD",
    "c$": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "nz$": "NZD",
    "hk$": "HKD",
    "s$": "SGD",
    "r$": "BRL",
    "mx$": "MXN",
    "nt$": "TWD",
    "kč": "CZK",
    "￡": "GBP",
}
NAMES = {
    "euro": "EUR",
    "euros": "EUR",
    "us dollar": "USD",
    "us dollars": "USD",
    "pound sterling": "GBP",
    "pounds sterling": "GBP",
    "british pound": "GBP",
    "british pounds": "GBP",
    "swiss franc": "CHF",
    "swiss francs": "CHF",
    "canadian dollar": "CAD",
    "canadian dollars": "CAD",
    "australian dollar": "AUD",
    "australian dollars": "AUD",
}
DOLLAR = "$"
"""A symbol of many currencies, taken for USD only if nothing in a list says otherwise."""

_DOLLARS = """
    ARS AUD BBD BMD BND BSD BZD CAD CLP COP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD
    SRD TTD TWD USD UYU XCD
"""
DOLLARS = frozenset(_DOLLARS.split())
"""Currencies that are written with a dollar sign."""

# Codes that are also words of English; in a text they need capitals, and "in" or "currency" before
# them.
_WORD_CODES = """
    ALL AMD BAM COP CUP GEL LAK MAD MOP PEN RON SOS TOP TRY
"""
_WORDS = frozenset(_WORD_CODES.split())
_MARKED = re.compile(
    r"(?:\b(?:in|currency|currency code|währung|devise)\s*[:=]?\s*|[(\[])([A-Za-z]{3})\b", re.I
)
_CODE = re.compile(r"\b[A-Z]{3}\b")
_PREFIXED_DOLLAR = r"(?:us|ca|c|a|au|nz|hk|s|r|mx|nt)\$|\$us"
_SYMBOL = re.compile(rf"(?<![a-z]){_PREFIXED_DOLLAR}|zł|kč|[€£￡₹₽₺₦₩₪฿₫₱₴₸$]", re.I)
_NAME = re.compile(rf"\b(?:{'|'.join(sorted(NAMES, key=len, reverse=True))})\b", re.I)
_CLEAR_CODE = re.compile(r"\([A-Z]{3}\)|\[[A-Z]{3}\]|[A-Z]{3}\s*$")
_HEADING_CODE = re.compile(r"[(\[]?(?<![A-Za-z])([A-Za-z]{3})(?![A-Za-z])[)\]]?")


def read_currency(text: str) -> str:
    """Return the currency that a cell names.

    Args:
        text: A code in any case, a symbol, or a name.

    Returns:
        Three capital letters, or `DOLLAR`.

    Raises:
        ValueError: The cell names no currency that is known.
    """
    code = text.upper()
    if len(code) == 3 and code.isascii() and code.isalpha():
        return code
    lower = " ".join(text.lower().split())
    found = DOLLAR if lower == DOLLAR else SYMBOLS.get(lower) or NAMES.get(lower)
    if found is None:
        raise ValueError(f"currency {text!r} is not three letters such as USD")
    return found


def currency_of_heading(text: str) -> tuple[str | None, str]:
    """Return the currency that a heading names, and the heading without it.

    >>> currency_of_heading("Price / msg (USD)"), currency_of_heading("rate_eur")
    (('USD', 'Price / msg '), ('EUR', 'rate_'))
    """
    named = currencies_in([text])
    codes = named - {DOLLAR}
    if len(codes) > 1 or (DOLLAR in named and not codes <= DOLLARS):
        return None, text  # it could be any of them
    if match := _SYMBOL.search(text):
        symbol = match[0].lower()
        rest = text[: match.start()] + text[match.end() :]
        return SYMBOLS.get(symbol, DOLLAR), rest
    for match in _HEADING_CODE.finditer(text):
        code = match[1].upper()
        is_clear = code not in _WORDS or _CLEAR_CODE.match(text, match.start())
        if code in CODES and is_clear and match[0] != text.strip():
            return code, text[: match.start()] + text[match.end() :]
    if match := _NAME.search(text):
        return NAMES[match[0].lower()], text[: match.start()] + text[match.end() :]
    return None, text


def currencies_in(texts: Iterable[str]) -> set[str]:
    """Return the currencies that titles, footers and other running texts name.

    Args:
        texts: Texts such as "All prices in EUR, without VAT".

    Returns:
        Codes, and `DOLLAR` if a dollar sign stands alone.
    """
    found: set[str] = set()
    for text in texts:
        found |= {code for code in _CODE.findall(text) if code in CODES - _WORDS}
        for code in _MARKED.findall(text):
            if code in CODES or code.upper() in CODES - _WORDS:
                found.add(code.upper())
        found |= {SYMBOLS.get(symbol.lower(), DOLLAR) for symbol in _SYMBOL.findall(text)}
        found |= {NAMES[name.lower()] for name in _NAME.findall(text)}
    return found
