"""Languages of paths and keys."""

import pytest

from septet.checking.languages import find_language, parse_language


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
        ("res/values/strings.xml", None),
        ("sms/app.json", None),
    ],
)
def test_language_of_a_path(path, language) -> None:
    """The name of the file, or of a folder near it."""
    assert find_language(path) == language


@pytest.mark.parametrize("code", ["sms", "app", "english", "", "f", "FR"])
def test_what_is_no_language(code) -> None:
    """Names of other things."""
    assert parse_language(code) is None
