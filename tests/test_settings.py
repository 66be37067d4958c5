from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings


def test_defaults_need_nothing() -> None:
    settings = Settings.from_env({})
    assert (settings.host, settings.port, settings.model) == ("127.0.0.1", 7860, None)


def test_values_are_read_by_their_type() -> None:
    settings = Settings.from_env(
        {
            "ASSISTANT_PORT": "8080",
            "ASSISTANT_ORIGINS": "https://intranet.example, https://ward.example",
            "ASSISTANT_DATA": "/tmp/index",
            "ASSISTANT_APPROVED_ONLY": "yes",
            "HOME": "/nowhere",  # other variables are none of our business
            "ASSISTANT_TEST_CHROMIUM": "/usr/bin/chromium",  # read by the tests
        }
    )
    assert settings.port == 8080
    assert settings.origins == ("https://intranet.example", "https://ward.example")
    assert settings.data == Path("/tmp/index")
    assert settings.approved_only


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("ASSISTANT_PROT", "1", "did you mean ASSISTANT_PORT"),
        ("ASSISTANT_PORT", "seven", "not a whole number"),
        ("ASSISTANT_BEHIND_PROXY", "perhaps", "neither true nor false"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(variable: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        Settings.from_env({variable: value})
    assert caught.value.name == variable


def test_a_secret_is_not_printed() -> None:
    assert "s3cret" not in repr(Settings.from_env({"ASSISTANT_API_KEY": "s3cret"}))
