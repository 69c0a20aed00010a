"""Where the text of a column comes from: its own cell, a split part, a copy or a constant; as SQL over staged cells."""

import re

from fut.dialect import Dialect
from fut.sql import among, literal


def source_of(dialect: Dialect, name: str, present: set[str]) -> str | None:
    """Return the staged column a column comes from first, a constant's own name, or None when nothing gives it."""
    if name in present:
        return name
    split = (header for header, pattern in dialect.split.items() if name in re.compile(pattern).groupindex)
    found = next((header for header in split if header in present), None)
    copied = dialect.copies.get(name)
    if found or (copied and copied in present):
        return found or copied
    return name if name in dialect.constants or name == dialect.row_digest else None


def cell_text(dialect: Dialect, name: str, present: set[str]) -> str:
    """Return the text of a column: its own cell, a split part, a copy or a constant; empty and hidden are null."""
    sources = [_shown(dialect, name, f'"{name}"')] if name in present else []
    for header, pattern in dialect.split.items():
        if header in present and (group := re.compile(pattern).groupindex.get(name)):
            part = f"nullif(regexp_extract(\"{header}\", {literal(pattern)}, {group}), '')"
            sources.append(_shown(dialect, name, part))
    copied = dialect.copies.get(name)
    if copied in present:
        sources.append(_shown(dialect, copied, f'"{copied}"'))
    if name in dialect.constants:
        sources.append(literal(dialect.constants[name]))
    if name == dialect.row_digest:
        cells = ", ".join(f'"{c}"' for c in sorted(present))
        sources.append(f"'row-' || left(md5(concat_ws('|', {cells})), 12)")
    text = f"coalesce({', '.join(sources)})" if len(sources) > 1 else sources[0] if sources else "NULL::VARCHAR"
    if name == "supplier_id" and dialect.one_time and "supplier_ref" in present:
        return f"CASE WHEN regexp_full_match(\"supplier_ref\", {literal(dialect.one_time)}) THEN 'one-time' ELSE {text} END"
    return text


def _shown(dialect: Dialect, name: str, text: str) -> str:
    """Return the text, null for a word that means empty or hides; a hidden supplier is an asterisk."""
    if dialect.empty:
        text = f"CASE WHEN NOT {among(text, dialect.empty)} THEN {text} END"
    if words := dialect.values.get(name):
        cases = " ".join(f"WHEN {literal(said.strip().lower())} THEN {literal(word)}" for said, word in words.items())
        text = f"CASE lower({text}) {cases} ELSE {text} END"
    for pattern in dialect.hidden.get(name, ()):
        text = (
            f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) THEN {literal(hidden_as(name))} ELSE {text} END"
        )
    return text


def hidden_as(name: str) -> str | None:
    """Return what a column says where its dialect hides it: a hidden supplier is an asterisk."""
    return "*" if name == "supplier_name" else None
