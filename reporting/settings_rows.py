"""A run's settings as the report and the Excel list show them: Swedish names, shares in per cent."""

from typing import Any

from fut.settings import name_sv
from reporting import format as f
from reporting.model import Indicator, Pairs

SHARES = ("_share", "_probability")
DIGEST = ("digest", "Inställningarnas kontrollsumma")


def settings_rows(settings: dict[str, Any], indicators: dict[str, Indicator]) -> Pairs:
    """Return the manifest's settings as (name, shown value); an indicator's own under its title."""
    rows = []
    for name, value in _flat(settings):
        if name.startswith("indicators."):
            _, code, parameter = name.split(".", 2)
            title = f"{code} {indicators[code].title}" if code in indicators else code
            rows.append((f"{title}: {parameter}", f.by_name(parameter, _listed(value))))
        else:
            rows.append((DIGEST[1] if name == DIGEST[0] else name_sv(name), _shown(name, value)))
    return tuple(rows)


def _flat(tree: Any, prefix: str = "") -> list[tuple[str, Any]]:
    if isinstance(tree, dict):
        return [pair for k, v in tree.items() for pair in _flat(v, f"{prefix}.{k}" if prefix else str(k))]
    if isinstance(tree, list) and any(isinstance(item, dict) for item in tree):
        return [pair for i, v in enumerate(tree, 1) for pair in _flat(v, f"{prefix}.{i}")]
    return [(prefix, tree)]


def _listed(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _shown(name: str, value: Any) -> str:
    if name.endswith(SHARES) and not isinstance(value, str):
        return f.share(value, None)
    if isinstance(value, bool):
        return f.yes_no(value)
    if isinstance(value, str | list) or value is None:
        return str(_listed(value) or "") or f.MISSING
    return f.number(value, None)
