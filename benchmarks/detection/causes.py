"""What each main cause is, and which data would show what the list misses of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """A cause in words, and the data that would show it where the list does not."""

    name: str
    needs: str


CAUSES = {
    "forgotten_logout": Cause("forgotten log-out", "door locks that also close; the carer's own confirmation"),
    "late_login": Cause("late log-in (paid too little)", "door locks; time of leaving the visit before"),
    "wrong_client": Cause("visit on the wrong client", "who was to be visited: plans tied to route and door, tags"),
    "wrong_service": Cause("visit of another service", "tasks in every system; decisions by task"),
    "clock_shift": Cause("clock an hour off", "server time of each registration"),
    "missing_stop": Cause("log-out missing", "door locks; the carer's own confirmation"),
    "late_index": Cause("new price paid late", "kronor per line under 500: small sums, many lines"),
    "T01": Cause("invented visits, own carers", "door locks in every home, clients' confirmation"),
    "T01b": Cause("invented visits, extra log-ins", "payroll by day, employer declarations, door locks"),
    "T03": Cause("tags read at the office", "positions of both ends, door locks"),
    "T06": Cause("minutes padded or logged to plan", "door locks, clients' confirmation"),
    "T07": Cause("typed in afterwards as planned", "the social record, door locks"),
    "T10": Cause("second carer invented", "door locks by person, payroll by day"),
    "T12": Cause("relative paid, grant inflated", "population register under its own rules"),
    "T14": Cause("billed while the client was away", "hospital and travel registered by day"),
    "T16": Cause("wrong rate", "nothing: the rules show it"),
    "T17": Cause("rounded up by the provider", "nothing: the rules show it"),
    "T18": Cause("visit delivered twice", "nothing: the visits show it"),
    "T21": Cause("declined visits claimed", "clients' confirmation"),
    "T28": Cause("expelled provider back", "beneficial owners, accounts, addresses by date"),
    "T36": Cause("invoice sent again", "orders and goods received; the invoice's picture"),
    "T39": Cause("account taken over", "owner of the account from the bank"),
    "T40": Cause("false small invoices", "orders and goods received"),
    "T41": Cause("purchase split under a limit", "orders with what was bought; the needs behind them"),
    "T43": Cause("company that only invoices", "company register by date, payroll tax, goods received"),
    "T47": Cause("one person approves alone", "goods received by somebody else, side jobs"),
    "T49": Cause("price above contract", "order lines and prices of all contracts"),
    "duplicate_paid": Cause("paid twice by mistake", "the supplier's own statement of account"),
    "digit_slip": Cause("digit mistyped", "the electronic invoice beside the posting; orders"),
    "wrong_vat": Cause("wrong VAT", "VAT by invoice line"),
}


def cause(typology: str) -> Cause:
    """Return a typology's words; an unknown one is called by its code."""
    return CAUSES.get(typology, Cause(typology, "not known"))
