"""A home-care line as officers read it: the recalculation in sentences, its days, and its visits in few columns."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from reporting import format as f
from reporting.words import ABSENCES, METHODS, TASKS, VISIT_STATUSES

JOINER = "\u2060"
BASIS = {"performed": "utförd tid", "planned": "planerad tid", "granted": "beviljad tid"}
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
    "no_absences": "Frånvaro saknas: raden kan inte räknas om.",
    "unexplained": "Ingen enskild regel förklarar skillnaden.",
}
Row = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]


def line_sentences(line: Row, visits: Iterable[Row], currency: str = "SEK") -> list[str]:
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


def recalculated(rows: Iterable[Row], currency: str = "SEK") -> tuple[str, ...]:
    """Return the sentences of one line from its rows of out/recalculation; none when it was not recalculated."""
    found = list(rows)
    visits = [row for row in found if row["kind"] == "visit"]
    return tuple(text for row in found if row["kind"] == "line" for text in line_sentences(row, visits, currency))


def day_cells(row: Row, currency: str = "SEK") -> Pairs:
    """Return one day of a line, a row of out/visit_days, as (label, shown value)."""
    undone = row["visits"] - row["performed"]
    aside = [f"{undone} ej utfört" if undone == 1 else f"{undone} ej utförda"] if undone else []
    if row["by_hand"]:
        aside.append(f"{row['by_hand']} för hand")
    absence = row["absence"]
    return (
        ("Datum", f.date(row["visit_date"])),
        ("Besök", f.number(row["visits"]) + (f" ({', '.join(aside)})" if aside else "")),
        ("Klockan", span(_clock(row["first_start"]), _clock(row["last_end"]))),
        ("Planerad tid", f.hours(row["planned_minutes"])),
        ("Registrerad tid", f.hours(row["registered_minutes"])),
        ("Ersatt tid", f.hours(row["billable_minutes"])),
        ("Ersättning", f.kr(row["paid_sek"], currency, ore=True)),
        ("Medarbetare", f.number(row["carers"])),
        ("Frånvaro", ABSENCES.get(absence, absence) if absence else f.MISSING),
    )


def visit_steps(rows: Iterable[Row], currency: str = "SEK") -> tuple[Pairs, ...]:
    """Return the visits of a line from its rows of out/recalculation, from minutes to kronor, as (label, shown value).

    A column that no visit has anything in is left out.
    """
    visits = sorted((r for r in rows if r["kind"] == "visit"), key=lambda r: (str(r["start_at"] or ""), r["row_id"]))
    shown = [_steps(row, currency) for row in visits]
    kept = [label for label, _ in shown[0] if any(dict(pairs)[label] != f.MISSING for pairs in shown)] if shown else []
    return tuple(tuple(pair for pair in pairs if pair[0] in kept) for pairs in shown)


def _steps(row: Row, currency: str) -> Pairs:
    return (
        ("Besök", f.timestamp(row["start_at"])),
        ("Uppgift", TASKS.get(row["task"], row["task"]) or f.MISSING),
        ("Status", VISIT_STATUSES.get(row["status"], row["status"]) or f.MISSING),
        ("Planerad tid", f.hours(row["planned_minutes"])),
        ("Registrerad tid", f.hours(row["registered_minutes"])),
        ("Tid enligt grund, min", _minutes(row["basis_minutes"])),
        ("Efter schablon", _minutes(row["after_flat_minutes"])),
        ("Efter minsta tid", _minutes(row["after_minimum_minutes"])),
        ("Avrundad", _minutes(row["rounded_minutes"])),
        ("Andel", f.share(row["weight_share"], 0)),
        ("Ersatt tid, min", _minutes(row["billable_minutes"])),
        ("Taxa", row["rate_code"] or f.MISSING),
        ("Pris", f.kr(row["price_sek"], currency, ore=True)),
        ("Enligt reglerna", f.kr(row["amount_sek"], currency, ore=True)),
        ("Betalt", f.kr(row["paid_sek"], currency, ore=True)),
    )


def visit_columns(columns: dict[str, Any]) -> list[tuple[str, str]]:
    """Return a visit's start and end joined, (label, shown value) in the place of four times and two methods."""
    methods = [METHODS.get(name, name) for key in ("start_method", "end_method") if (name := columns.get(key))]
    return [
        ("Planerat", span(columns.get("planned_start"), columns.get("planned_end"))),
        ("Registrerat", span(columns.get("actual_start"), columns.get("actual_end"))),
        ("Registrering", ", ".join(dict.fromkeys(methods)) or f.MISSING),
    ]


def span(start: str | None, end: str | None) -> str:
    """Return two clock times as `11:35–12:50`, held on one line; one that is missing leaves its side open."""
    return f"{start or ''}–{JOINER}{end or ''}" if start or end else f.MISSING


def _clock(value: dt.datetime | None) -> str:
    return value.strftime("%H:%M") if value else ""


def _minutes(value: Decimal | int | None) -> str:
    return f.number(value, None)
