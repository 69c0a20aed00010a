"""A home-care line recalculated, as text: what every visit was worth, step by step, and where the paid amount differs."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from commands._screen import heading, table
from reporting import format as f

STATUS = {
    "performed": "utfört", "declined": "avböjt", "blank": "bom", "absent": "frånvarande", "cancelled": "inställt",
}  # fmt: skip
BASIS = {"performed": "utförd tid", "planned": "planerad tid", "granted": "beviljad tid"}
UNIT = {"hour": "tim", "visit": "besök", "piece": "styck", "month": "månad"}
DIFFERS = {
    "none": "Inget skiljer.",
    "price": "Raden är betald med ett annat pris än det som gällde.",
    "rounding": "Raden stämmer om besökens tid avrundas på ett annat sätt än regeln säger.",
    "minimum": "Raden stämmer om minsta tid inte räknas.",
    "flat": "Raden stämmer om schablontiden inte används.",
    "declined": "Raden stämmer om avböjda besök och bom ersätts med en annan andel.",
    "absence": "Raden stämmer om frånvaro ersätts med en annan andel.",
    "double_staffing": "Raden stämmer om dubbelbemanning ersätts på ett annat sätt.",
    "cohabitants": "Raden stämmer om sammanboende inte delar tiden.",
    "cap": "Raden stämmer om taket mot beviljad tid inte används.",
    "new_client": "Raden skiljer med ersättningen för ny brukare.",
    "basis": "Raden stämmer om en annan tid läggs till grund (planerad i stället för utförd, eller tvärtom).",
    "minutes": "Raden är betald för andra minuter än besöken ger.",
    "duplicate_visit": "Raden stämmer om besök som kom två gånger räknas två gånger.",
    "missing_visits": "Det finns inga besök som ger raden.",
    "duplicate_line": "En tidigare rad har redan betalat samma brukare, insats, månad och taxa.",
    "not_paid": "Reglerna ger ersättning, men ingen rad betalar den.",
    "no_decision": "Det finns inget beslut och ingen beställning som ger raden.",
    "no_rule": "Ingen regel gäller för besöken eller för insatsen.",
    "no_rate": "Ingen taxa gäller för insatsen.",
    "no_rules": "Ersättningsregler saknas: raden kan inte räknas om.",
    "no_rates": "Taxor saknas: raden kan inte räknas om.",
    "no_visits": "Utförarens besök för månaden saknas: raden kan inte räknas om.",
    "no_orders": "Beslut eller beställningar saknas: raden kan inte räknas om.",
    "unexplained": "Ingen enskild regel förklarar skillnaden.",
}
_COLUMNS = ("Start", "Moment", "Status", ">Reg.", ">Underlag", ">Schablon", ">Minst", ">Avrundat", ">Andel", ">Viktat",
            ">Ersatt", "Taxa", ">Pris", ">Kronor", ">Betalt")  # fmt: skip
Row = dict[str, Any]


def show_line(folder: Path, line_id: str, currency: str = "SEK") -> bool:
    """Print the recalculation of a listed home-care line from a published folder; False when it has none."""
    rows = read_line(folder, line_id)
    lines = [row for row in rows if row["kind"] == "line"]
    if not lines:
        return False
    line, visits = lines[0], [row for row in rows if row["kind"] == "visit"]
    heading(f"Omräkning: {line['service']} {f.month_name(line['service_month'])}")
    if visits:
        table(_COLUMNS, [visit_cells(row) for row in visits])
    for sentence in line_sentences(line, visits, currency):
        print(sentence)
    return True


def read_line(folder: Path, line_id: str) -> list[Row]:
    """Return the rows of out/recalculation for a line, in order of start; none when nothing is published for it."""
    path = folder / "recalculation.parquet"
    if not path.exists():
        return []
    import polars as pl

    frame = pl.scan_parquet(path).filter(pl.col("payment_id") == line_id).collect()
    return frame.sort("kind", "start_at", "row_id", nulls_last=True).to_dicts()


def visit_cells(row: Row) -> list[str]:
    """Return a visit's steps as they stand in the table: a step that changed nothing is left empty."""
    steps = [row[name] for name in ("basis_minutes", "after_flat_minutes", "after_minimum_minutes", "rounded_minutes")]
    changed = [f.MISSING if steps[0] is None else _minutes(steps[0])]
    changed += ["" if step == before else _minutes(step) for before, step in pairwise(steps)]
    price = "" if row["price_sek"] is None else f"{f.number(row['price_sek'], 2)}/{UNIT.get(row['unit'], 'enhet')}"
    weight = row["weight_share"]
    return [
        f.timestamp(row["start_at"]), row["task"] or "", STATUS.get(row["status"], row["status"] or ""),
        _minutes(row["registered_minutes"]), *changed, "" if weight in (None, 1) else f.number(weight, None),
        "" if weight in (None, 1) else _minutes(row["weighted_minutes"]), _minutes(row["billable_minutes"]),
        row["rate_code"] or "", price, f.number(row["amount_sek"], 2), f.number(row["paid_sek"], 2),
    ]  # fmt: skip


def line_sentences(line: Row, visits: list[Row], currency: str = "SEK") -> list[str]:
    """Return the line in sentences: its sum by the rules, what was paid, and which rule the difference comes from."""
    billable = sum((row["billable_minutes"] or 0 for row in visits), Decimal(0))
    sentences = [
        f"Grund: {BASIS.get(line['basis'], 'okänd')}. Beviljat i månaden: {_minutes(line['granted_minutes'])} min."
    ]
    if line["amount_sek"] is None:
        sentences.append(f"Betalt {f.kr(line['paid_sek'], currency, ore=True)}.")
    else:
        beyond = (line["billable_minutes"] or 0) - billable
        visited = f"Besöken ger {_minutes(billable)} min"
        sentences.append(f"{visited}, utan besök {_minutes(beyond)} min." if beyond else f"{visited}.")
        due = f.kr(line["amount_sek"].quantize(Decimal("0.01")), currency, ore=True)
        paid, difference = f.kr(line["paid_sek"], currency, ore=True), f.kr(line["difference_sek"], currency, ore=True)
        code = f", taxa {line['rate_code']}" if line["rate_code"] else ""
        sentences.append(f"Enligt reglerna {due} ({_minutes(line['billable_minutes'])} min{code}).")
        other = f", taxa {line['paid_rate_code']}" if line["paid_rate_code"] else ""
        sentences.append(f"Betalt {paid} ({_minutes(line['paid_minutes'])} min{other}). Skillnad {difference}.")
    return [*sentences, DIFFERS.get(line["differs_by"], line["differs_by"])]


def _minutes(value: Decimal | int | None) -> str:
    return f.number(value, None)
