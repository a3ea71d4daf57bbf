"""Languages of paths and keys."""

import pytest

from septet.checking.languages import find_language, language_tag, parse_language


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("locale/fr/LC_MESSAGES/django.po", "fr"),
        ("po/pt_BR.po", "pt-BR"),
        ("i18n/fr.json", "fr"),
        ("app_fr.arb", "fr"),
        ("messages_fr_CA.properties", "fr-CA"),
        ("res/values-pt-rBR/strings.xml", "pt-BR"),
        ("zh-Hans.lproj/Localizable.strings", "zh-Hans"),
        ("config/locales/devise.en.yml", "en"),
        ("locales/pt-br.json", "pt-BR"),
        ("locale/sr@latin/LC_MESSAGES/django.po", "sr-Latn"),
        ("locale/ceb/LC_MESSAGES/django.po", "ceb"),
        ("ceb.lproj/Localizable.strings", "ceb"),
        ("locales/kab.json", "kab"),
        ("sms-fr.json", "fr"),
        ("Base.lproj/Localizable.strings", None),
        ("res/values/strings.xml", None),
        ("res/values-car/strings.xml", None),
        ("src/ui/app.json", None),
        ("sms/app.json", None),
    ],
)
def test_language_of_a_path(path, language) -> None:
    """The name of the file, or of a folder near it."""
    assert find_language(path) == language


@pytest.mark.parametrize("code", ["sms", "app", "ui", "log-in", "english", "", "f", "FR"])
def test_what_is_no_language(code) -> None:
    """Names of other things."""
    assert parse_language(code) is None


@pytest.mark.parametrize(
    ("code", "tag"),
    [("ceb", "ceb"), ("zh_hant_hk", "zh-Hant-HK"), ("b+sr+Latn", "sr-Latn"), ("?", None)],
)
def test_what_is_known_to_be_a_language(code, tag) -> None:
    """A language that few projects have, too."""
    assert language_tag(code) == tag
