"""The sheets beside the list: what the run is, what it could not test, what the words mean."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from reporting import format as f
from reporting.glossary import GLOSSARY
from reporting.model import Snapshot
from reporting.summary import missing_fields
from reporting.words import (
    AREAS,
    CONTROL_SENTENCE,
    STATUSES,
    erased_sentence,
    field_label,
    order_sentence,
    too_low_sentence,
)
from reporting.workbook import BLUE, HEADER, Book


def write_about(book: Book, snapshot: Snapshot) -> None:
    """Add the sheet Om listan."""
    sheet = book.book.add_worksheet("Om listan")
    widths = (38, 44, 18, 18, 14, 44)
    for i, width in enumerate(widths):
        sheet.set_column(i, i, width, book.format())
    row = _lines(book, sheet, 0, f"Lista för {snapshot.municipality}, {f.month_name(snapshot.month)}", _facts(snapshot))
    row = _lines(book, sheet, row, "Så läser du listan", [("", text) for text in _how_to_read(snapshot)])
    headers = ("Indikator", "Status", "Prövat", "Inte prövat", "Prövad andel", "Saknade uppgifter")
    row = _header(book, sheet, row, "Vad indikatorerna kunde pröva", headers)
    kinds = ("", "", "money", "money", "share", "")
    for c in snapshot.coverage:
        whole = c.sek_tested + c.sek_untested
        status = STATUSES.get(c.status, c.status) + (f". {c.alarm}" if c.alarm else "")
        missing = ", ".join(field_label(name) for name in c.missing)
        part = c.sek_tested / whole if whole else f.MISSING
        name = f"{c.indicator} {c.title}"
        row = book.cells(sheet, row, (name, status, c.sek_tested, c.sek_untested, part, missing), kinds)
    headers = ("Uppgift som saknas", "Öppnar indikatorerna", "Belopp att pröva")
    row = _header(book, sheet, row + 1, "Uppgifter som skulle öppna mest", headers)
    for m in missing_fields(snapshot):
        cells = (field_label(m.field), ", ".join(m.indicators), m.untested_sek)
        row = book.cells(sheet, row, cells)
    if snapshot.limits:
        headers = ("Gränsvärde", "Källa", "Värde", "Gäller från", "Till", "Kontrollerat mot källan")
        row = _header(book, sheet, row + 1, "Lagar, avtal och gränser som gällde i månaden", headers)
        for v in snapshot.limits:
            cells = (
                v.name,
                v.source or f.MISSING,
                v.value,
                v.valid_from,
                v.valid_to or f.MISSING,
                v.verified,
            )
            row = book.cells(sheet, row, cells)
    row = _header(book, sheet, row + 1, "Inställningar", ("Inställning", "Värde"))
    for name, value in snapshot.settings_rows:
        row = book.cells(sheet, row, (name, value))
    _print_wide(sheet)


def _facts(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [
        ("Kommun", snapshot.municipality),
        ("Månad", f.month(snapshot.month)),
        ("Körning", snapshot.run_id),
        *([("Gallrad", erased_sentence(snapshot.month, snapshot.erased_on))] if snapshot.erased_on else []),
        ("Programversion", snapshot.code_version or f.MISSING),
        ("Betalningar efter risk", f.number(len(snapshot.listed))),
        ("Betalningar i slumpurvalet", f.number(len(snapshot.control))),
        ("Förväntat fel på listan", _expected(snapshot)),
        ("Beräknad granskningstid", f.hours(snapshot.review_minutes)),
        ("Riskområden", ", ".join(sorted({AREAS.get(p.risk_area, p.risk_area) for p in snapshot.ranked}))),
        *([("Källa", snapshot.attribution)] if snapshot.attribution else []),
    ]


def _expected(snapshot: Snapshot) -> str:
    told = (f.kr(snapshot.expected_error_sek, snapshot.currency),
            too_low_sentence(snapshot.expected_too_low_sek, snapshot.currency))  # fmt: skip
    return ", ".join(filter(None, told))


def _how_to_read(snapshot: Snapshot) -> tuple[str, ...]:
    control = (CONTROL_SENTENCE,) if snapshot.control else ()
    return (
        "Urvalsträff: ett skäl att titta, aldrig en misstanke.",
        order_sentence(snapshot.likely_probability),
        "Förväntat fel är sannolikheten gånger beloppet i risk. Minustecken betyder för lågt betalt.",
        "Läs Talar emot innan du börjar. Fyll sedan i de gula kolumnerna: de gör nästa lista bättre.",
        *control,
        "Lämna tillbaka filen med det namn den har, utan att ta bort dolda kolumner.",
    )


def _lines(book: Book, sheet: Worksheet, row: int, title: str, pairs: Sequence[tuple[str, str]]) -> int:
    book.heading(sheet, row, title)
    for i, (name, value) in enumerate(pairs, row + 1):
        if name:
            book.text(sheet, i, 0, name, bold=True)
        book.text(sheet, i, 1 if name else 0, value)
    return row + len(pairs) + 2


def _header(book: Book, sheet: Worksheet, row: int, title: str, headers: Sequence[str]) -> int:
    book.heading(sheet, row, title)
    for i, header in enumerate(headers):
        book.text(sheet, row + 1, i, header, bg_color=BLUE, **HEADER)
    return row + 2


def _print_wide(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def write_glossary(book: Book) -> None:
    """Add the sheet Ordlista."""
    sheet = book.book.add_worksheet("Ordlista")
    sheet.set_column(0, 0, 30, book.format())
    sheet.set_column(1, 1, 90, book.format())
    row = _header(book, sheet, 0, "Ordlista", ("Ord", "Betyder"))
    for pair in GLOSSARY:
        row = book.cells(sheet, row, pair)
    _print_wide(sheet)
