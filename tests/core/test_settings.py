"""Settings: the environment wins over the file, and every limit an error names can be set."""

import re
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from opendesign.core.errors import Invalid
from opendesign.core.settings import SECRETS, Settings, misspelt, read_settings
from opendesign.git.limits import SETTINGS, GitLimits

UNITS = ((1 << 30, "GiB"), (1 << 20, "MiB"))


def test_the_environment_wins_and_each_value_says_where_it_came_from():
    table = {"port": 9000, "joining": "off", "build_seconds": 30}
    settings, sources = read_settings({"PORT": "9001", "OPENDESIGN_BUILD_SECONDS": "5", "HOME": "/x"}, table)
    assert (settings.port, settings.joining, settings.build_seconds) == (9001, False, 5)
    assert sources["port"] == "environment PORT"
    assert sources["joining"] == "opendesign.toml"
    assert sources["build_seconds"] == "environment OPENDESIGN_BUILD_SECONDS"
    assert sources["host"] == "default"


def test_no_secret_is_shown_where_all_settings_are():
    secret = [name for name in asdict(Settings()) if name.endswith(("secret", "token")) or name.endswith("_url")]
    open_to_all = {"public_url", "oidc_url"}
    shown = repr(Settings(**{name: f"word-{name}" for name in secret}))
    assert {name for name in secret if f"word-{name}" in shown} == open_to_all
    assert set(secret) - open_to_all == SECRETS and "mail_from" in shown


@pytest.mark.parametrize(
    "environ, table, said",
    [
        ({"PORT": "many"}, {}, "environment PORT: port is “many”"),
        ({"OPENDESIGN_DEMO": "perhaps"}, {}, "demo is “perhaps”"),
        ({}, {"prt": 1}, "“prt”, which is no setting"),
        ({"OPENDESIGN_PUBLIC_URL": "design.example"}, {}, "public_url is “design.example”; .* http:// or https://"),
        ({}, {"public_url": "ftp://design.example"}, "opendesign.toml: public_url"),
        ({"PORT": "80000"}, {}, "port is “80000”; it must be from 0 to 65535"),
        ({"OPENDESIGN_ENGINE_SLOTS": "0"}, {}, "engine_slots is “0”; it must be from 1 to 32"),
        ({}, {"push_bytes": -1}, "push_bytes is “-1”; it must be 0 or more"),
        ({"OPENDESIGN_LOG": "xml"}, {}, "log is “xml”; it must be “text” or “json”"),
    ],
)
def test_a_wrong_value_or_name_is_refused_in_a_sentence(environ, table, said):
    with pytest.raises(Invalid, match=said):
        read_settings(environ, table)


def test_nothing_counts_as_not_set_where_nothing_is_no_value():
    names = "public_url", "log", "operator_factor"
    settings, sources = read_settings({f"OPENDESIGN_{name.upper()}": "" for name in names}, {})
    assert settings == Settings() and {sources[name] for name in names} == {"default"}
    kept, _ = read_settings({"OPENDESIGN_OPERATOR_FACTOR": ""}, {"operator_factor": True})
    assert kept.operator_factor is True


def test_a_variable_that_is_called_like_a_setting_and_is_none_is_named():
    environ = {"OPENDESIGN_PUBLICURL": "x", "OPENDESIGN_CONFIG": "x", "OPENDESIGN_JOINING": "off", "HOME": "/"}
    assert list(misspelt(environ | {"OPENDESIGN_ZEBRA": "x"})) == [
        ("OPENDESIGN_PUBLICURL", "OPENDESIGN_PUBLIC_URL"),
        ("OPENDESIGN_ZEBRA", ""),
    ]


def test_every_limit_that_git_names_is_a_setting_with_the_same_default():
    defaults = asdict(Settings())
    for field in fields(GitLimits):
        assert SETTINGS[field.name] == f"OPENDESIGN_{field.name.upper()}"
        assert defaults[field.name] == field.default, field.name


def test_the_table_for_operators_has_every_setting_with_its_default():
    page = Path(__file__).parents[2].joinpath("docs", "operations.md").read_text().partition("\n## Settings\n")[2]
    told = re.findall(r"^\| `(\w+)` \| ([^|]+) \| [^|]{5,} \|$", page, re.MULTILINE)
    assert told == [(each.name, in_words(each.default)) for each in fields(Settings)]


def in_words(value: object) -> str:
    """A default as the table says it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return next((f"{value // unit} {word}" for unit, word in UNITS if value and not value % unit), str(value))
    return f"`{value}`" if value else "unset"


def test_operators_need_a_second_factor_where_the_service_is_reached_by_https_unless_it_is_said():
    assert not Settings(public_url="http://design.example").asks_operators
    assert Settings(public_url="https://design.example").asks_operators
    environ = {"OPENDESIGN_PUBLIC_URL": "https://design.example", "OPENDESIGN_OPERATOR_FACTOR": "off"}
    assert not read_settings(environ, {})[0].asks_operators
    assert read_settings({}, {"operator_factor": "on"})[0].asks_operators
    with pytest.raises(Invalid, match="operator_factor"):
        read_settings({"OPENDESIGN_OPERATOR_FACTOR": "perhaps"}, {})
