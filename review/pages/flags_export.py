"""The month's list as an Excel file: exactly the rows the address's filter leaves, and the log keeps who took it."""

from io import BytesIO

from starlette.responses import Response

from reporting import format as f
from reporting import words
from reporting.excel_rows import Column, write_rows
from review.shelf.keys import sek
from review.shelf.library import Row, Shelf
from review.web.ask import Ask
from review.web.routes import page
from review.work import accounts, items, listing
from review.work.items import STATUSES
from review.work.pauses import Paused, paused_payments
from review.work.people import May
from review.work.states import local_date
from review.work.wanted import ARMS, ORDERS, Wanted

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    Column(ORDERS["rang"].title, 7, "whole"),
    Column("Urval", 12),
    Column("Betalning", 24),
    Column(ORDERS["mottagare"].title, 30, "wrapped"),
    Column("Fakturanummer", 18),
    Column("Område", 24),
    Column("Månad", 10),
    Column(ORDERS["belopp"].title, 15, "money"),
    Column(ORDERS["risk"].title, 15, "money"),
    Column(ORDERS["sannolikhet"].title, 12, "share"),
    Column(ORDERS["timme"].title, 15, "money"),
    Column("Skäl", 46, "wrapped"),
    Column("Läge", 22),
    Column("Handläggare", 22),
)


@page("/flaggor.xlsx", may=May.SEE_PAYMENTS)
def excel(ask: Ask) -> Response:
    """Answer with the workbook."""
    wanted = Wanted.read(ask.query)
    shelf = ask.shelf(wanted.month or None)
    with ask.store.read() as connection:
        paused = paused_payments(connection, shelf, local_date(ask.store.clock()))
        rows = listing.every(shelf, connection, ask.user, wanted, paused.keys())
        touched = items.touched(connection, shelf.month)
        names = {row.id: row.name for row in accounts.everybody(connection)}
    title = f"{ask.settings.municipality.name}, lista {shelf.month}"
    said = {name: text for name, text in wanted.query().items() if name not in ("sida", "manad")}
    about = [
        ("Månad", f.month_name(shelf.month)),
        ("Körning", shelf.run_id),
        ("Urval av listan", "; ".join(f"{name}: {text}" for name, text in said.items()) or "hela listan"),
        ("Rader", f.number(len(rows))),
        ("", words.FLAG_SENTENCE),
        ("", words.CONTROL_SENTENCE),
    ]
    target = BytesIO()
    lines = (_line(row, shelf, touched, names, paused) for row in rows)
    write_rows(target, title, shelf.currency, COLUMNS, lines, about)
    with ask.store.write(ask.user.id) as change:
        change.record("list.exported", f"list:{shelf.month}", query=said, rows=len(rows), run_id=shelf.run_id)
    name = f"flaggor-{shelf.month}.xlsx"
    return Response(
        target.getvalue(), media_type=KIND, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _line(
    row: Row, shelf: Shelf, touched: dict[str, items.Item], names: dict[int, str], paused: dict[str, Paused]
) -> tuple:
    item = touched.get(row["payment_id"])
    titles, aside = shelf.indicators, paused.get(row["payment_id"])
    reasons = "\n".join(f"{code} {titles.get(code, {}).get('title_sv', '')}" for code in row["codes"].split())
    return (
        row["rank"],
        ARMS.get(row["arm"], row["arm"]),
        row["payment_id"],
        row["payee_name"] or row["payee_ref"],
        row["invoice_no"],
        words.area_text(row["risk_area"]),
        row["service_month"],
        sek(row["amount_ore"]),
        sek(row["at_risk_ore"]),
        row["probability"],
        sek(row["per_hour_ore"]),
        reasons,
        STATUSES[item.status if item else "new"] + (f", pausad till {aside.until}" if aside else ""),
        names.get(item.assigned_to, "") if item and item.assigned_to else "",
    )
