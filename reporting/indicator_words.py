"""Swedish words for the codes an indicator's page shows: the units of its limits, and its family."""

UNITS = {
    "sek": "kr", "share": "andel", "days": "dagar", "payments": "betalningar", "months": "månader", "minutes": "minuter",
    "visits": "besök", "ratio": "kvot", "metre": "meter", "hours": "timmar", "share of the limit": "andel av gränsen",
    "robust z": "robusta avvikelser", "payees": "mottagare", "times": "gånger", "percent": "procent", "km/h": "km/h",
    "standard deviations": "standardavvikelser", "letters": "bokstäver", "invoices": "fakturor", "clients": "brukare",
    "years": "år", "weeks": "veckor", "providers": "utförare", "provider-months": "utförarmånader", "homes": "hem",
    "probability": "sannolikhet", "pattern": "mönster", "number": "nummer", "log units": "logaritmenheter",
    "hours a month": "timmar i månaden", "digits": "siffror", "carers": "medarbetare", "amounts": "belopp",
}  # fmt: skip
FAMILIES = {
    "absence": "frånvaro", "account": "konto", "amount": "belopp", "carer_time": "medarbetarens tid",
    "client_time": "brukarens tid", "contract": "avtal", "credit": "kredit", "decision": "beslut",
    "declined": "avböjda besök", "digit": "siffror", "duplicate": "dubblett", "duration": "besökets längd",
    "grant": "beviljad tid", "manual": "registrerat för hand", "plan_copy": "kopia av planen", "presence": "närvaro",
    "price": "pris", "provider_level": "utföraren som helhet", "recalculation": "omräkning", "register": "register",
    "relative": "närstående", "rhythm": "betalningsrytm", "segregation": "åtskilda uppgifter", "sequence": "nummerföljd",
    "service_code": "insatskod", "splitting": "delning", "staffing": "bemanning", "text": "text",
}  # fmt: skip
