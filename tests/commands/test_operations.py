"""docs/operations.md: its settings load, its commands and folders exist, its exit codes are those of the errors."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from commands.main import main
from fut import errors
from fut.settings import Checks, load_settings
from fut.strict import build

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SETTINGS, ACCEPTED = re.findall(r"```yaml\n(.*?)```", TEXT, re.S)
COMMANDS = sorted({line.split("#")[0].strip() for line in re.findall(r"^(?:ExecStart=\S+/)?(fut [^\n]*)$", TEXT, re.M)})


def test_the_settings_shown_load_and_every_source_has_a_dialect_of_ours(tmp_path):
    path = tmp_path / "municipality.yaml"
    path.write_text(SETTINGS, encoding="utf-8")
    settings = load_settings(path)
    assert (settings.inbox, settings.var, settings.key_file) == (
        tmp_path / "inbox", tmp_path / "var", tmp_path / "secrets" / "pseudonym.key")  # fmt: skip
    known = {file.stem for file in (ROOT / "data_contracts" / "dialects").glob("*.yaml")}
    assert {source.dialect for source in settings.sources} < known


def test_the_accepted_change_shown_is_one_that_settings_take(tmp_path):
    said = yaml.safe_load(ACCEPTED)["checks"]
    assert set(said) <= {field.name for field in fields(Checks)}
    path = tmp_path / "municipality.yaml"
    path.write_text(SETTINGS + ACCEPTED, encoding="utf-8")
    (change,) = load_settings(path).checks.accepted
    assert change == build(Checks, said, "checks").accepted[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shown_exists(command, capsys):
    name, options = shlex.split(command)[1], re.findall(r"--[a-z]+", command)
    assert main([name, "--help"]) == 0
    told = capsys.readouterr().out
    assert [option for option in options if option not in told] == []


def test_the_exit_codes_are_those_of_the_errors():
    told = {int(code) for code in re.findall(r"^\| (\d) \|", TEXT, re.M)}
    raised = {kind.exit_code for kind in (errors.InputError, errors.ConfigError, errors.StoreError)}
    assert told == raised | {0, 2}
