"""The language of a catalogue, as its path or a key tells it."""

from __future__ import annotations

import re
from pathlib import PurePath

__all__ = ["find_language", "language_tag", "parse_language"]

# ISO 639-1, because many other names have two letters: ui, js, db. Codes of three letters that many
# projects have.
_CODES = (
    "a[abefkmnrsvyz]|b[aeghimnors]|c[aehorsuvy]|d[aevz]|e[elnostu]|f[afijory]|g[adlnuv]|h[aeiortuyz]|"
    "i[adegikostuw]|j[aiv]|k[agijklmnorsuvwy]|l[abgintouv]|m[ghiklnorsty]|n[abdeglnorvy]|o[cjmrs]|"
    "p[ailst]|qu|r[mnouw]|s[acdeghiklmnoqrstuvw]|t[aeghiklnorstwy]|u[gkrz]|v[eio]|w[ao]|xh|y[io]|"
    "z[ahu]|ast|ckb|dsb|fil|fur|gsw|haw|hsb|kab|kmr|nds|tzm|yue"
)
_SCRIPT = r"[-_+](?:[A-Z][a-z]{3}|hans|hant|latn|cyrl)"
_REGION = r"[-_+](?:r?[A-Z]{2}|\d{3})"
_TAG = (
    rf"(?:{_CODES})(?:{_SCRIPT})?(?:{_REGION}|[-_][a-z]{{2}})?(?:[@-](?:latin|cyrillic|valencia))?"
    rf"|[a-z]{{3}}(?:(?:{_SCRIPT})(?:{_REGION})?|{_REGION})"
)
_WHOLE = re.compile(_TAG)
_LAST = re.compile(rf"(?:^|[._-])({_TAG})$")
_ANY = re.compile(r"[A-Za-z]{2,3}(?:[-_+@][A-Za-z\d]+)*")
_SCRIPTS = {"latin": "Latn", "cyrillic": "Cyrl"}
_FOLDERS = 3


def language_tag(code: str) -> str | None:
    """Return the code of a language in the form "pt-BR", from pt_BR, pt-rBR, pt-br or b+pt+BR.

    Args:
        code: The language; None is returned if it cannot be one.
    """
    code = code.removeprefix("b+")
    if _ANY.fullmatch(code) is None:
        return None
    language, *subtags = re.split("[-_+@]", code)
    return "-".join([language.lower(), *map(_subtag, subtags)])


def _subtag(subtag: str) -> str:
    if len(subtag) == 3 and subtag[0] == "r":  # as Android writes regions
        subtag = subtag[1:]
    if len(subtag) == 2:
        return subtag.upper()
    return subtag.title() if len(subtag) == 4 else _SCRIPTS.get(subtag, subtag)


def parse_language(code: str) -> str | None:
    """Return a well-known language as "pt-BR", from pt_BR, pt-rBR or pt-br, or None."""
    return language_tag(code) if _WHOLE.fullmatch(code.removeprefix("b+")) else None


def find_language(path: str) -> str | None:
    """Return the language that the name of a file, or of a folder that it is in, ends with.

    Args:
        path: The file: fr.json, app_fr.arb, messages_fr_CA.properties, values-fr/strings.xml,
            fr.lproj/Localizable.strings, fr/LC_MESSAGES/django.po.
    """
    name = PurePath(path)
    if match := _LAST.search(name.stem):
        return language_tag(match[1])
    inner = ""
    for folder in list(name.parents)[:_FOLDERS]:
        code = folder.name.removeprefix("values-").removesuffix(".lproj")
        is_language = inner == "LC_MESSAGES" or folder.suffix == ".lproj"
        if language := language_tag(code) if is_language else parse_language(code):
            return language
        inner = folder.name
    return None
