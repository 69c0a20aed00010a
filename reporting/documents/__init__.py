"""Generated documentation: pages, templates and suites that follow from contracts, indicators and features alone."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from fut.errors import ConfigError, StoreError

Sections = Iterable[tuple[str, str]]


def documents(models: Sections = ()) -> dict[str, str]:
    """Return every generated file's text by its path under docs/generated/, in order; `models` says what they are."""
    from reporting.documents.models import page

    return dict(sorted({**dict(_all()), "models.md": page(models)}.items()))


def _all() -> Iterator[tuple[str, str]]:
    import json

    import duckdb

    from features import carer_month, delivery_month, payment, provider_month, supplier_year, visit_day
    from fut.contract import all_contracts
    from fut.evaluate import columns_read, empty_core
    from fut.feature import collect_features
    from fut.suite import suite
    from indicators import library
    from reporting.documents import contracts, features, indicators, limits, register

    known = library()
    stated = all_contracts()
    with duckdb.connect() as connection:
        empty_core(connection)
        read = {code: columns_read(connection, indicator) for code, indicator in known.items()}
    for contract in stated:
        yield f"contracts/{contract.physical}.md", contracts.page(contract, known)
        if contract.layer == "raw":
            yield f"templates/{contract.table}.csv", contract.template()
            yield (
                f"expectations/{contract.table}.json",
                json.dumps(suite(contract), indent=1, ensure_ascii=False) + "\n",
            )
    for code, indicator in known.items():
        for language in ("sv", "en"):
            yield f"indicators/{code}.{language}.md", indicators.page(indicator, language, read[code])
    grains = (payment, supplier_year, visit_day, carer_month, delivery_month, provider_month)
    yield "features.md", features.page({
        module.__name__.rpartition(".")[2]: (" ".join((module.__doc__ or "").split()), collect_features(module))
        for module in grains
    })  # fmt: skip
    yield "limits.md", limits.page(known)
    yield "personal_data.md", register.page(stated, read)
    yield "README.md", register.contents(stated, known)


def generate(folder: Path, models: Sections = ()) -> tuple[list[str], list[str]]:
    """Write the files that differ and remove what is no longer generated; returns both. Raises StoreError."""
    wanted = documents(models)
    written, removed = stale(folder, wanted)
    try:
        for name in written:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(wanted[name], encoding="utf-8")
        for name in removed:
            (folder / name).unlink()
    except OSError as error:
        raise StoreError(f"{folder.name}: cannot be written ({error.strerror})") from None
    return written, removed


def check(folder: Path, models: Sections = ()) -> int:
    """Return how many generated files there are; raises ConfigError when one is stale, missing or left over."""
    wanted = documents(models)
    written, removed = stale(folder, wanted)
    if found := [*written, *removed]:
        raise ConfigError(f"docs/{folder.name}: {len(found)} files are stale, first {min(found)}; run make docs")
    return len(wanted)


def stale(folder: Path, wanted: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return which files must be written and which are left over."""
    there = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()} if folder.is_dir() else {}
    differ = [n for n, text in wanted.items() if n not in there or there[n].read_bytes() != text.encode("utf-8")]
    return differ, sorted(set(there) - set(wanted))
