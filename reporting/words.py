"""Swedish words for codes: tables and columns are named by their contracts, the rest is listed here."""

import json
import re
from decimal import Decimal
from functools import cache
from typing import Any

from fut.contract import load_contracts
from reporting.dated import dated_text
from reporting.format import MISSING, by_name, by_unit, currency_sign, date, hours, kr, month_name, number, share

FLAG_SENTENCE = "En urvalsträff är ett skäl att titta, aldrig en misstanke."
PROFILE_SENTENCE = (
    "En avvikelse är ett skäl att titta, aldrig en misstanke, och påverkar inte listan. Den kan ha oskyldiga orsaker: hur "
    "stor mottagaren är, vilka insatser eller inköp den har, området och restiderna där, nya brukare, eller ett system som "
    "inte registrerar allt."
)
PROBABILITY_SENTENCE = (
    "Sannolikheten är en bedömning av hur ofta liknande träffar är fel: den bygger först på antaganden, efter hand på era "
    "egna utfall. Minustecken betyder för lågt betalt."
)
AGAINST_PEERS = "mot liknande"
AGAINST_PEERS_SENTENCE = "Ett mått mot liknande är skillnaden till dem: 0 är som de, minus är lägre än de."
CONTROL_SENTENCE = (
    "Slumpurval: dragen med lott och visad utan rang, poäng och skäl. Granska den som om ingen pekat på den."
)


def erased_sentence(month: str, on: str) -> str:
    """Return the sentence that an erased month is shown with."""
    return (
        f"{month_name(month).capitalize()} gallrades {date(on)}. Kvar finns bara det som ärenden, fel som konstaterats och "
        "pågående arbete behöver."
    )


def order_sentence(likely_probability: float | None) -> str:
    """Return how the list is ordered; the bound of its first part where the run states it."""
    bound = "" if likely_probability is None else f" (minst {share(likely_probability, None)})"
    return (
        f"Först kommer betalningar med hög sannolikhet för fel{bound}, sedan övriga. I båda grupperna går störst förväntat "
        "rättat belopp per granskningstimme före."
    )


def too_low_sentence(too_low_sek: Decimal, currency: str = "SEK") -> str:
    """Return how much of a sum without signs was paid too little, `varav 7 933 kr för lågt betalt`; empty for nothing."""
    return f"varav {kr(too_low_sek, currency)} för lågt betalt" if too_low_sek else ""


AREAS = {
    "home_care": "Hemtjänst",
    "personal_assistance": "Personlig assistans",
    "supplier_payments": "Leverantörsbetalningar",
    "supplier_register": "Leverantörsregister",
    "grants": "Föreningsbidrag",
    "internal": "Intern kontroll",
    "network": "Nätverk",
    "individuals": "Enskilda",
}
EVIDENCE_CLASSES = {
    "H": "Motsägelse: båda uppgifterna kan inte stämma",
    "R": "Avviker från regel eller avtal",
    "S": "Statistisk avvikelse",
    "C": "Sammanhang som höjer eller sänker",
}
STATUSES = {
    "flagged": "Träffar",
    "clean": "Inga träffar",
    "not_applicable": "Ej tillämplig",
    "error": "Tekniskt fel",
}
OUTCOMES = {
    "error_recovery": "Fel med återkrav",
    "error_no_recovery": "Fel utan återkrav",
    "suspected_crime": "Misstänkt brott",
    "explained": "Förklarad",
    "undecidable": "Går inte att avgöra",
    "data_error": "Datafel",
}
CAUSES = {
    "provider": "Utförare eller leverantör",
    "applicant": "Sökande",
    "municipality": "Kommunen",
    "system": "System",
}
INTENTS = {"unintentional": "Oavsiktligt", "intentional": "Avsiktligt", "not_assessed": "Inte bedömt"}
DRIFT_STATUSES = {
    "ok": "Inom gränserna",
    "first": "Första månaden",
    "accepted": "Godtagen avvikelse",
    "failed": "Utanför gränserna",
}
DRIFT_NAMES = {
    "rows": "Rader", "sek": "Belopp", "columns": "Kolumner",
    "no_invoice_share": "Andel utan fakturanummer", "hidden_payee_share": "Andel med dold mottagare",
    "new_account_share": "Andel nya konton",
    "new_client_share": "Andel rader om nya brukare", "mean_minutes": "Minuter per besök",
    "median_sek": "Vanligt belopp per rad",
}  # fmt: skip
ALARMS = {
    "too_many": "Ger träff på så många rader att indikatorn själv ifrågasätts",
    "silent": "Har inte gett någon träff på tre månader, fast några var att vänta",
}
SEVERITIES = {"error": "Satt åt sidan", "warning": "Anmärkning"}
BROKEN_RULES = (
    (
        "error",
        "Satta åt sidan",
        "Rader som inte kunde läsas eller bröt mot en regel. De prövas inte; deras kronor är karantänen i avstämningen. "
        "En rad som bryter mot flera regler räknas i var och en.",
    ),
    ("warning", "Anmärkningar", "Rader som är inlästa och prövas, men som har något att fråga den som levererar om."),
)
"""What a delivery's broken rules are shown under: severity, heading, what it means for the rows."""
_RULES = {
    "booked_far_after_file": "Bokförd långt efter filens övriga rader",
    "in_own_months_file_too": "Raden finns också i filen för den månad den är bokförd",
}
REPAIRS = {
    "byte_order_marks_removed": "Märken om teckenordning borttagna",
    "cells_missing": "Celler saknas sist på raden",
    "cells_missing_or_extra": "För få eller för många celler på raden",
    "empty_cells_cut": "Tomma celler sist på raden borttagna",
    "ends_next_day": "Slut efter midnatt, lagt på nästa dag",
    "open_ended": "Slutdatum skrivet som tills vidare eller streck, läst som inget",
    "excel_date": "Datum som kalkylprogram gjort till ett tal",
    "excel_decimals": "Decimaler som kalkylprogram lagt till ett nummer, borttagna",
    "excel_number_removed": "Nummer som kalkylprogram kapat, borttaget",
    "excel_zero": "Noll som kalkylprogram skrivit som ett mycket litet tal",
    "from_length": "Sluttid räknad från start och längd",
    "from_period": "Datum som saknas, taget från filens period",
    "unreadable_from_period": "Datum som inte går att läsa, taget från filens period",
    "hh_mm_as_hours": "Längd läst som decimaltimmar i stället för timmar och minuter",
    "hidden": "Maskerat namn",
    "hours_as_hh_mm": "Längd läst som timmar och minuter i stället för decimaltimmar",
    "leading_zeros_restored": "Inledande nollor återställda",
    "length_either_way": "Längd utan sluttid som 0,3, läst som decimaltimmar men kan vara 0 tim 30 min",
    "lines_before_header": "Rader före rubriken",
    "lines_in_another_encoding": "Rader i en annan teckenkodning",
    "made_from_row": "Nummer som saknas, bildat av radens innehåll",
    "midnight_as_24": "Klockslaget 24:00",
    "normalised_or_token": "Nummer skrivet på ett sätt eller ersatt av pseudonym",
    "nul_bytes_removed": "Nolltecken borttagna",
    "other_delimiter": "Annat skiljetecken än väntat",
    "rounded_to_grid": "Läge avrundat till rutnätet",
    "rounded_to_whole": "Bråkdel avrundad till helt tal",
    "rows_in_hidden_sheet": "Rader i dolt blad, inte lästa",
    "rows_in_sheet_without_header": "Rader i blad utan rubrik, inte lästa",
    "shifted_columns": "Förskjutna kolumner",
    "unbalanced_quote": "Citattecken utan avslut",
}
SERVICES = {
    "care": "Omvårdnad", "domestic": "Service", "delegated_nursing": "Delegerad sjukvård", "escort": "Ledsagning",
    "respite": "Avlösning", "night": "Natt", "alarm": "Larm",
}  # fmt: skip
METHODS = {
    "lock": "Lås", "tag": "Tagg", "qr": "QR-kod", "gps": "GPS", "phone": "Telefon", "manual": "Manuell",
    "edited": "Ändrad i efterhand",
}  # fmt: skip
TASKS = {
    "morning_care": "Morgonomvårdnad", "evening_care": "Kvällsomvårdnad", "meal": "Måltid", "shower": "Dusch",
    "cleaning": "Städ", "shopping": "Inköp", "laundry": "Tvätt", "walk": "Promenad", "escort": "Ledsagning",
    "supervision": "Tillsyn", "medication": "Läkemedel", "respite": "Avlösning", "night_round": "Nattillsyn",
    "alarm": "Larm",
}  # fmt: skip
VISIT_STATUSES = {
    "performed": "Utfört", "declined": "Avböjt", "cancelled": "Inställt", "blank": "Bomkörning", "absent": "Frånvarande",
}  # fmt: skip
ABSENCES = {
    "hospital": "Sjukhus", "respite": "Korttidsboende", "travel": "Bortrest", "deceased": "Avliden", "moved": "Flyttat",
}  # fmt: skip
REGIMES = {"in_house": "Egen regi", "private": "Privat utförare"}
DIFFERENCES = {
    "none": "inget", "price": "pris", "rounding": "avrundning", "minimum": "minsta tid", "flat": "schablontid",
    "declined": "avböjt eller bom", "absence": "frånvaro", "double_staffing": "dubbelbemanning",
    "cohabitants": "sammanboende", "cap": "tak", "new_client": "ny brukare", "basis": "tidsgrund",
    "minutes": "minuter", "duplicate_visit": "dubblerat besök", "missing_visits": "besök saknas",
    "duplicate_line": "dubbel rad", "not_paid": "inte betald", "no_decision": "beslut saknas",
    "no_rule": "regel saknas", "no_rate": "taxa saknas", "no_rules": "regler saknas", "no_rates": "taxor saknas",
    "no_visits": "besök saknas", "no_orders": "beställning saknas", "no_absences": "frånvaro saknas",
    "unexplained": "oförklarat",
}  # fmt: skip
CARE_FACTS = {"account_text": "Insats", "department": "Regi"}
CODES = {
    "service": SERVICES, "start_method": METHODS, "end_method": METHODS, "task": TASKS, "status": VISIT_STATUSES,
    "absence": ABSENCES, "regime": REGIMES, "department": REGIMES, "account_text": SERVICES,
    "differs_by": DIFFERENCES,
}  # fmt: skip
UNITS = {
    "standard deviations": "standardavvikelser", "log2 ratio": "gånger", "log ratio": "gånger", "per day": "per dag",
    "days": "dagar", "count": "antal", "share": "", "hours": "", "minutes": "", "yes or no": "",
}  # fmt: skip

# what a profile's features are counted in; minutes are told as hours
COUNTED = {
    "visits": "besök", "planned": "planerade besök", "moves": "förflyttningar", "placed": "besök med läge",
    "recorded": "besök med registreringstid", "line_visits": "betalda besök", "planned_minutes": "planerad tid",
    "registered_minutes": "registrerad tid", "payment_count": "betalningar",
}  # fmt: skip
NOT_COMPARED = {
    "no_exposure": "inget att räkna",
    "too_small": "för lite att jämföra: färre än fem",
    "too_little_known": "jämförs inte: för kort tid eller för lite är känt",
    "too_few_peers": "jämförs inte: färre än fem liknande",
}
GRAINS = {"provider_month": "Hemtjänst i {month}", "supplier_year": "Fakturor från januari till och med {month}"}
PEERS = {"provider_month": "utförare", "supplier_year": "mottagare"}


@cache
def _labels() -> tuple[dict[str, str], dict[tuple[str, str], str], dict[str, str]]:
    tables: dict[str, str] = {}
    exact: dict[tuple[str, str], str] = {}
    loose: dict[str, str] = {}
    for layer in ("raw", "core", "out"):
        for contract in load_contracts(layer).values():
            tables.setdefault(contract.table, contract.label_sv or contract.table)
            for column in contract.columns:
                if column.label_sv:
                    exact.setdefault((contract.table, column.name), column.label_sv)
                    loose.setdefault(column.name, column.label_sv)
    return tables, exact, loose


def _bare(table: str) -> str:
    return re.sub(r"^(raw|core|out)_", "", table)


def table_label(table: str) -> str:
    """Return the Swedish name of a table (with or without its layer), else its own name."""
    return _labels()[0].get(_bare(table), table)


def column_label(column: str, table: str = "") -> str:
    """Return the Swedish name of a column as its contract states it, else the name without underscores."""
    table, _, column = column.rpartition(".") if "." in column else (table, "", column)
    _, exact, loose = _labels()
    return exact.get((_bare(table), column)) or loose.get(column) or column.replace("_", " ").capitalize()


def area_text(area: str, service: str = "") -> str:
    """Return a risk area in Swedish, with the service of a home-care line: `Hemtjänst, omvårdnad`."""
    return ", ".join(part for part in (AREAS.get(area, area), service.lower()) if part)


def code_text(column: str, value: object) -> object:
    """Return a coded value in Swedish where the column has codes, else the value itself."""
    return CODES.get(column, {}).get(str(value), value)


def field_label(name: str) -> str:
    """Return a missing field or table in Swedish with its own name, `Mottagarkonto (payee_account)`."""
    is_table = _bare(name) in _labels()[0]
    label = table_label(name) if is_table else column_label(name)
    return label if label == name else f"{label} ({name})"


def against_text(told: str) -> str:
    """Return what speaks against a payment with the field that would settle it by its Swedish name."""
    return re.sub(r"(?<= utan uppgiften )[a-z_.]+$", lambda found: field_label(found[0]), told)


def feature_unit(unit: str) -> str:
    """Return the unit a feature's value is in, in Swedish; empty where the value tells it."""
    return UNITS.get(unit, unit)


def feature_text(feature: str, unit: str, value: float | None, currency: str = "SEK") -> str:
    """Return a feature's value as its unit asks, or as its name does where the unit is not a known one."""
    return by_unit(unit, value) if unit in UNITS else by_name(feature, value, currency)


def counted_text(unit: str, count: float, is_bare: bool = False) -> str:
    """Return what a profile's rate is counted of, `1 234 besök`; `is_bare` leaves the name out."""
    told = hours(count) if unit.endswith("_minutes") else number(count)
    return told if is_bare else f"{told} {COUNTED[unit]}"


def rule_text(table: str, rule: str) -> str:
    """Return what a row that breaks a contract's rule is like, in Swedish; a rule that is not stated keeps its name."""
    kind, parted, column = rule.partition(":")
    texts = {"missing": "Saknar {}", "value": "Okänt värde i {}", "unreadable": "Oläsligt värde i {}"}
    if parted and kind in texts:
        return texts[kind].format(column_label(column, table))
    return _RULES.get(rule) or _stated().get((_bare(table), rule)) or rule.replace("_", " ").capitalize()


def drift_name(table: str, measure: str) -> str:
    """Return what a measure of a delivery is called: `Rader`, `Andel utan Slut`."""
    column = measure.removeprefix("null_share_")
    return DRIFT_NAMES.get(measure, measure) if column == measure else f"Andel utan {column_label(column, table)}"


def drift_value(measure: str, value: float | None) -> str:
    """Return a measure's value or fence: shares in percent, else the number as it stands."""
    is_share = measure.endswith("_share") or measure.startswith("null_share_")
    return share(value) if is_share else number(value, None)


def drift_fence(measure: str, lower: float | None, upper: float | None) -> str:
    """Return what a measure was expected to be: `90 till 110`, `högst 20,0 %`; an en dash where nothing was."""
    if lower is None and upper is not None:
        return f"högst {drift_value(measure, upper)}"
    if upper is None and lower is not None:
        return f"minst {drift_value(measure, lower)}"
    return MISSING if lower is None else " till ".join(drift_value(measure, end) for end in (lower, upper))


def repair_text(kind: str) -> str:
    """Return what was mended as officers read it; raises KeyError for a kind that has no words."""
    encoding = kind.removeprefix("encoding_")
    return REPAIRS[kind] if encoding == kind else f"Teckenkodning {encoding}"


@cache
def _stated() -> dict[tuple[str, str], str]:
    return {(c.table, rule.name): rule.failing_sv for c in load_contracts("raw").values() for rule in c.rules}


def filled(text: str, parameters: dict[str, Any], currency: str = "SEK") -> str:
    """Return an indicator's text with its slots filled; shares are per cent, dated values say what is not verified.

    A missing value is dots. Texts say `{floor_sek} kr`: the sign of the ledger's own currency is put there.
    """

    def slot(match: re.Match[str]) -> str:
        value = parameters.get(match[1])
        if isinstance(value, bool) or value is None:
            return "…"
        if isinstance(value, list):
            return dated_text(value, currency)
        if not isinstance(value, int | float):
            return str(value)
        return share(value, None) if match[1].endswith("_share") else number(value, None)

    return re.sub(r"\{(\w+)\}", slot, re.sub(r"(?<=\}) kr\b", f" {currency_sign(currency)}", text))


def parsed_parameters(text: str | None) -> dict[str, Any]:
    """Return the parameters a flag or an indicator carries as JSON; anything else gives none."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
