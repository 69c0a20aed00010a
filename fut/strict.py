"""Build frozen dataclasses from YAML, refusing what is not known.

Used by contracts, dialects and settings alike, so that a misspelt key is one clear line everywhere.
"""

import dataclasses
import functools
import types
import typing
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from yaml.constructor import ConstructorError

from fut.errors import ConfigError, did_you_mean

T = TypeVar("T")
_hints = functools.cache(typing.get_type_hints)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Refuses a key that stands twice: YAML would silently take the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping; raises ConstructorError with the place of the second key."""
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in seen:
                    raise ConstructorError(None, None, f"key '{key.value}' stands twice", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_yaml(path: Path) -> dict[str, Any]:
    """Read one YAML mapping; raises ConfigError naming file and line."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except OSError as error:
        raise ConfigError(f"{path.name}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path.name}: is not UTF-8 text") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise ConfigError(f"{path.name}{line}: {getattr(error, 'problem', None) or 'not valid YAML'}") from None
    except ValueError as error:
        raise ConfigError(f"{path.name}: a date or number cannot be ({error})") from None
    if not isinstance(content, dict):
        raise ConfigError(f"{path.name}: expected a mapping at the top level")
    return content


def build(cls: type[T], data: object, where: str) -> T:
    """Return `cls(**data)` with nested dataclasses built; raises ConfigError for anything unexpected."""
    if not isinstance(data, dict):
        raise ConfigError(f"{where}: expected a mapping, found {_kind(data)}")
    fields = {f.metadata.get("key", f.name): f for f in dataclasses.fields(cls)}  # ty: ignore[invalid-argument-type]
    hints = _hints(cls)
    for key in data:
        if key not in fields:
            raise ConfigError(f"{where}: unknown key '{key}'{did_you_mean(str(key), fields)}")
    values = {}
    for key, field in fields.items():
        if key in data:
            values[field.name] = _convert(hints[field.name], data[key], f"{where}.{key}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise ConfigError(f"{where}: missing key '{key}'")
    return cls(**values)


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__


def _convert(hint: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if hint is Any:
        return value
    if origin in (types.UnionType, typing.Union):
        if value is None and type(None) in arguments:
            return None
        return _convert(next(a for a in arguments if a is not type(None)), value, where)
    if origin is tuple:
        if isinstance(value, str) or not isinstance(value, list | tuple):
            raise ConfigError(f"{where}: expected a list, found {_kind(value)}")
        return tuple(_convert(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if origin is dict:
        if not isinstance(value, dict):
            raise ConfigError(f"{where}: expected a mapping, found {_kind(value)}")
        return {str(k): _convert(arguments[1], v, f"{where}.{k}") for k, v in value.items()}
    if origin is typing.Literal:
        if value not in arguments:
            raise ConfigError(f"{where}: unknown value '{value}'{did_you_mean(str(value), map(str, arguments))}")
        return value
    if dataclasses.is_dataclass(hint):
        return build(hint, value, where)  # type: ignore[arg-type]
    return _scalar(hint, value, where)


def _scalar(hint: Any, value: Any, where: str) -> Any:
    if hint is Path and isinstance(value, str):
        return Path(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is date and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ConfigError(f"{where}: expected a date as YYYY-MM-DD") from None
    wrong_bool = isinstance(value, bool) and hint is not bool
    wrong_date = isinstance(value, datetime) and hint is date
    if not isinstance(value, hint) or wrong_bool or wrong_date:
        raise ConfigError(f"{where}: expected {hint.__name__}, found {_kind(value)}")
    return value
