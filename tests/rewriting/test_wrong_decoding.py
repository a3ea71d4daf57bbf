"""Text that was UTF-8 and has been decoded as Windows-1252 or Latin-1: found, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import strategies
from septet.rewriting.wrong_decoding import (
    CANDIDATE_CHARACTERS,
    candidate_in_utf8,
    undo_wrong_decoding,
)

WINDOWS_1252 = bytes(range(0x80, 0xA0)).decode("cp1252", "replace")


def decode_wrongly(text: str, codec: str) -> str:
    """Decode UTF-8 as another encoding; the holes of Windows-1252 are read as Latin-1."""
    chars = text.encode().decode("latin-1")
    if codec == "latin-1":
        return chars
    return "".join(
        WINDOWS_1252[ord(char) - 0x80]
        if "\x80" <= char <= "\x9f" and WINDOWS_1252[ord(char) - 0x80] != "\ufffd"
        else char
        for char in chars
    )


# fmt: off
TEXTS = [
    "¿Apoya?", "¡Hola! ¿Qué tal?", "’", "é", "don’t do it", "“Hello”", "при", "Привет, мир",
    "😀", "I ❤️ you", "€5", "£5 off", "20° today", "Your table — see you", "café", "São Paulo",
    "Málaga", "Pérez", "Müller", "München", "MÜNCHEN", "SCHÖN", "GRÜSSE", "KÖLN", "Straße",
    "Łódź", "zażółć gęślą jaźń", "świat", "Żaba", "kůň", "příliš žluťoučký kůň", "Čeština",
    "İstanbul'da görüşürüz", "ışık", "şeker", "mănâncă și țară", "Ăsta", "Καλημέρα κόσμε",
    "שלום", "مرحبا", "नमस्ते", "你好", "こんにちは", "안녕하세요", "สวัสดี",
    "Tiếng Việt có dấu", "Ơn trời",
    "gəlin", "naïve ☕", "½ price", "Brand™", "LEGO®", "© 2024", "voilà", "VOILÀ", "À BIENTÔT",
    "RÉSERVEZ", "Ångström", "smörgås", "Übung", "Äpfel", "Öl", "ÅRHUS", "Ærø", "L’été", "“…”",
    "½", "²", "ñandú", "Señor", "AÑO", "ESPAÑA", "Þór", "ő ű", "Őrült", "• item", "… more", "–",
    "日本語テキスト", "𝓗ello", "🇩🇪", "Ёлка", "é à ü", "Հայերեն", "ქართული",
    "Œuvre", "Sœur Anne", "CŒUR", "și", "Știri", "ȘASE", "MULȚUMESC", "ţară", "ēst", "őr", "đi",
    "Em ơi",
    'line one\nvoil\xe0 \u2013 line two',
]
# fmt: on


@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
@pytest.mark.parametrize("text", TEXTS)
def test_wrongly_decoded_texts(text, codec) -> None:
    """What they were is found, also if they were decoded wrongly twice; that itself is no such."""
    assert undo_wrong_decoding(text) is None
    once = decode_wrongly(text, codec)
    assert undo_wrong_decoding(once) == text
    assert undo_wrong_decoding(decode_wrongly(once, codec)) == text


@pytest.mark.parametrize(
    ("text", "was"),
    [
        ("José: Â¿Apoya?", "José: ¿Apoya?"),
        ("Olá, JoÃ£o 😀", "Olá, João 😀"),
        ("Привет, JosÃ©", "Привет, José"),
        ("“SeÃ±or” â€“ ñ…", "“Señor” – ñ…"),
        ("ðŸ˜€ 😀", "😀 😀"),
        ("It’s donâ€™t", "It’s don’t"),
        ("Señor SEÃ‘OR", "Señor SEÑOR"),
        ("éJosÃƒÂ©", "éJosé"),
        ("Ã© and 😀 and ж", "é and 😀 and ж"),
    ],
)
def test_partly_wrong_texts(text, was) -> None:
    """A name from one file may be in a template from another."""
    assert undo_wrong_decoding(text) == was


@pytest.mark.parametrize(
    ("text", "was"),
    [
        ("Â¿Apoya?", "¿Apoya?"),
        ("â€™", "’"),
        ("Ã©", "é"),
        ("Ð¿Ñ€Ð¸", "при"),
        ("ðŸ˜€", "😀"),
        ("Ã¢â‚¬â„¢", "’"),
        ("5Â\xa0â‚¬", "5\xa0€"),
        ("ï»¿Hello", "\ufeffHello"),
        ("donÂ’t", "don’t"),  # a C1 control in UTF-8, read as Windows-1252
        ("Â“HelloÂ”", "“Hello”"),
    ],
)
def test_well_known_sequences(text, was) -> None:
    """As they are seen in messages."""
    assert undo_wrong_decoding(text) == was


# fmt: off
PLAUSIBLE = [
    "SÃO PAULO", "Ã", "Â", "ÃO", "AMANHÃ…", "AMANHÃ” disse", "VEJO VOCÊ AMANHÃ…", "AMANHÃ®",
    "MAÇÃ®", "NESCAFÉ®", "NESCAFÉ™ 3 for 2", "JOSÉ’S BAR", "ANDRÉ’S", "CAFÉ…", "CAFÉ – BAR",
    "CAFÉ–BAR", "CAFFÈ™ ", "«CAFFÈ›", "Å’en", "Å’S",
    "Víš…", "Máš…?", "Tomáš® ", "«Paříž» a “Paříž”", "mì³…", "AMANHÃ—amanhã é", "CHÂ’s ñ", "ÇÃ® 😀",
    "É… talvez", "Viele Gruß…", "Spaß – Gruß’", "PÅ…", "PÅ–OG", "BÖ’S",
    'Le caf\xe9\xa0\u2013 bar', 'sant\xe9\xa0\xbb dit', "café…”", "ASÍ¿NO?", "SÍ¡", "ESPAÑA¡",
    "3×½ cups", "2×½ + 3×¼", "Úžas", "5×°", "HALÂ…", "10 €", "Ñ®", "«É»", "É", "À",
    "Já é amanhã…", "Çà et là…", "Ça va? À bientôt… l’été", "“Ó…”", "Ó… Ô… Å…", "Öäü ÄÖÜß …",
    "smörgåsbord – på", "Đây là tiếng Việt, chữ Ầ và Â…", "CHÂN TRỜI",
    "Olá, promoção até amanhã… “só hoje”", "NIÑO’S ESPAÑOL", "¿Qué tal? ¡Sí! Ñandú… “año”",
    "CRÈME BRÛLÉE™", "CRÈME™", "CAFFÈ™", "PERCHÉ…", "PIÙ…", "È… vero", "CITTÀ’", "Þór við…",
    "ÞÓRÐ…", "Ærø® Ø…", "KØ–BH", "RØ…", "MÜ… ZÜ”", "GRÖßE", "25º ñ", "Nº… 5ª", "ÎLE…", "“”‘’…",
    "hâlâ…", "â…", "São João é já ali…", "L’ÉTÉ®", "TÉ¿?", "CANTÓ¡", '\ud83d', "Ð",
    "É… and 😀 and ж", "", "plain",
]
# fmt: on


@pytest.mark.parametrize("text", PLAUSIBLE)
def test_plausible_texts(text) -> None:
    """Texts that people write are left alone, also if their octets happen to be UTF-8."""
    assert undo_wrong_decoding(text) is None


def test_only_a_str_is_text() -> None:
    """Other types are refused, as for counting."""
    with pytest.raises(TypeError, match=r"^text must be str, not bytes$"):
        undo_wrong_decoding(b"text")  # type: ignore[arg-type]


@example(text="\ud800Ã©", codec="latin-1")
@given(text=strategies.texts, codec=st.sampled_from(["cp1252", "latin-1"]))
def test_what_is_found_can_be_found_in_bulk(text, codec) -> None:
    """Every text that looks wrongly decoded has two characters that the pattern finds."""
    plain = text.encode("utf-8", "replace").decode()
    for candidate in (text, decode_wrongly(plain, codec)):
        if undo_wrong_decoding(candidate) is not None:
            assert candidate_in_utf8().search(candidate.encode("utf-8", "surrogatepass"))
            assert not CANDIDATE_CHARACTERS.isdisjoint(candidate)


def test_the_pattern_finds_nothing_else() -> None:
    """A first octet of UTF-8 and a following one, in either encoding."""
    following = {*map(chr, range(0x80, 0xC0)), *WINDOWS_1252} - {"\ufffd"}
    for code in range(0x80, 0x3000):
        is_found = candidate_in_utf8().fullmatch(f"é{chr(code)}".encode()) is not None
        assert is_found == (chr(code) in following)
    firsts = [chr(code) for code in range(0x80, 0x180)]
    found = [char for char in firsts if candidate_in_utf8().fullmatch(f"{char}©".encode())]
    assert found == [chr(code) for code in range(0xC2, 0xF5)]
