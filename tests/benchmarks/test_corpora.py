"""The messages of the benchmarks are the same everywhere."""

from __future__ import annotations

import hashlib

import pytest

import septet
from septet.benchmarks import corpora


@pytest.mark.parametrize(
    ("maker", "digest"),
    [
        (corpora.mixed, "91c33319c2508794"),
        (corpora.bulk_ascii, "674cb32c23357d9e"),
        (corpora.bulk_mixed, "0018820e6718c5f3"),
    ],
)
def test_the_same_on_every_machine(maker, digest) -> None:
    """The digests were made with CPython 3.11 on Linux."""
    texts = "\n".join(maker(500)).encode()
    assert hashlib.sha256(texts).hexdigest()[:16] == digest


def test_proportions() -> None:
    """One message in ten needs UCS-2, and 8 % have more than 160 characters."""
    texts = corpora.mixed(1_000)
    encodings = [septet.analyze(text).encoding for text in texts]
    assert encodings.count(septet.Encoding.UCS2) == 100
    assert sum(len(text) > 160 for text in texts) == 80
    assert all(text.isascii() and 60 <= len(text) <= 180 for text in corpora.bulk_ascii(100))


@pytest.mark.parametrize("name", corpora.CORPORA)
def test_corpora(name) -> None:
    """Each has as many texts as wanted, all different."""
    texts = corpora.CORPORA[name](40)
    assert len(set(texts)) == 40
