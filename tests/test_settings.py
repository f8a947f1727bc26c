from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import InvalidSettings
from assistant.settings import Settings, load_settings, origins


def by_key(options: dict[str, object], file: Path) -> dict[str, tuple[str, str]]:
    settings = load_settings(options, file)
    return {origin.key: (origin.value, origin.source) for origin in origins(settings, options, file)}


def test_an_option_goes_before_the_environment_before_the_file_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "assistant.toml"
    file.write_text("port = 1\nmax_passages = 5\nhost = '::1'\n[index]\nthreads = 3\n", encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_PORT", "2")
    monkeypatch.setenv("ASSISTANT_MAX_PASSAGES", "6")
    monkeypatch.setenv("ASSISTANT_INDEX__PASSAGE_TOKENS", "99")
    found = by_key({"port": 3}, file)
    assert found["port"] == ("3", "option")
    assert found["max_passages"] == ("6", "environment (ASSISTANT_MAX_PASSAGES)")
    assert found["host"] == ("::1", str(file))
    assert found["index.threads"] == ("3", str(file))
    assert found["index.passage_tokens"] == ("99", "environment (ASSISTANT_INDEX__PASSAGE_TOKENS)")
    assert found["reader"] == ("extractive", "default")


def test_an_unknown_variable_is_an_error_that_names_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_REEDER", "chat")
    with pytest.raises(InvalidSettings, match="ASSISTANT_REEDER is no setting: did you mean ASSISTANT_READER"):
        load_settings()


def test_an_unknown_key_of_the_file_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "assistant.toml"
    file.write_text("[index]\nembeder = 'x'\n", encoding="utf-8")
    with pytest.raises(InvalidSettings, match=r"assistant\.toml has the unknown setting index\.embeder: did you mean"):
        load_settings({}, file)


def test_a_value_that_does_not_fit_is_named_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "assistant.toml"
    file.write_text("port = 'eighty'\n", encoding="utf-8")
    with pytest.raises(InvalidSettings, match=r"port cannot be 'eighty'.*assistant\.toml"):
        load_settings({}, file)
    monkeypatch.setenv("ASSISTANT_PORT", "70000")
    with pytest.raises(InvalidSettings, match=r"port cannot be '70000'.*ASSISTANT_PORT"):
        load_settings({}, file)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "assistant.toml"
    file.write_text("port = \n", encoding="utf-8")
    with pytest.raises(InvalidSettings, match=r"assistant\.toml cannot be read"):
        load_settings({}, file)


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_CHAT_API_KEY", "sk-very-secret")
    settings = load_settings()
    assert "secret" not in "".join(origin.value for origin in origins(settings))
    assert settings.chat_api_key is not None


def test_several_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ALLOWED_HOSTS", "localhost, dossier.internal")
    assert load_settings().allowed_hosts == ("localhost", "dossier.internal")


def test_every_setting_says_what_it_means() -> None:
    assert all(origin.description for origin in origins(Settings()))
