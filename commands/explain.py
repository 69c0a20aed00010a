"""Explain a listed payment or a flag: reasons, evidence rows, innocent explanations, what to look at next."""

import argparse

from commands._options import add_month, add_settings, month_of, settings_of
from commands._screen import bullets, clean, heading, table
from commands.list import snapshot_of
from fut.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("id", metavar="PAYMENT_OR_FLAG", help="a payment of the list, its rank, or a flag's id")
    add_settings(parser)
    add_month(parser)


def execute(args: argparse.Namespace) -> int:
    """Print in Swedish why a payment is on the list; raises UsageError when it is not."""
    snapshot = snapshot_of(settings_of(args), month_of(args))
    for payment in snapshot.ranked:
        flagged = [flag.flag_id for flag in payment.flags]
        if args.id in (payment.payment_id, *flagged) or (args.id.isdecimal() and args.id == str(payment.rank)):
            _show(snapshot, payment, args.id if args.id in flagged else None)
            return 0
    raise UsageError(
        f"no payment, rank or flag '{args.id[:40]}' on the list of {snapshot.month}; `fut list` shows what is on it"
    )


def _show(snapshot, payment, flag_id: str | None) -> None:  # noqa: ANN001 - reporting.model is imported when needed
    from reporting import format as f
    from reporting.html import innocent, why
    from reporting.words import CONTROL_SENTENCE, FLAG_SENTENCE

    money = snapshot.currency
    heading(f"{payment.payee_name or payment.payee_ref}, {f.kr(payment.amount_sek, money, ore=True)}, {payment.date}")
    table(["Uppgift", "Värde"], [("Betalning", payment.payment_id), *payment.facts])
    if payment.is_control:
        print(CONTROL_SENTENCE)
        return
    print(
        f"Rang {payment.rank}: sannolikhet {f.share(payment.error_probability, 0)}, i risk "
        f"{f.kr(payment.amount_at_risk_sek, money)}, väntat fel {f.kr(payment.expected_error_sek, money)}."
    )
    codes = {flag.code for flag in payment.flags if flag_id in (None, flag.flag_id)}
    reasons = [r for r in why(payment, snapshot) if flag_id is None or r.code in codes]
    for reason in reasons:
        heading(f"{reason.code} {reason.title}, {f.share(reason.share, 0)} av det väntade felet")
        bullets([*reason.means, *([reason.evidence_class] if reason.evidence_class else []), *reason.notes])
        print(f"> {clean(reason.do)}")
    if lawful := innocent(reasons):
        heading("Lagliga förklaringar att utesluta först")
        bullets(lawful)
    if payment.speaks_against:
        heading("Talar emot")
        bullets(payment.speaks_against)
    wanted = {row for flag in payment.flags if flag.flag_id == flag_id for row in flag.row_ids}
    for evidence in payment.evidence:
        _evidence(evidence, wanted)
    if payment.peers:
        heading("Mot egen historik och jämförbara")
        rows = [(p.label, p.value, p.own_median, p.peer_median, p.peer_p95) for p in payment.peers]
        table(["Mått", ">Värde", ">Egen median", ">Andras median", ">Andras 95 %"], rows)
    print(f"\n{FLAG_SENTENCE}")


def _evidence(evidence, wanted: set[str]) -> None:  # noqa: ANN001 - reporting.model is imported when needed
    """Print one table's evidence rows; of a single flag only those it names, when they are shown at all."""
    named = [row for row in evidence.rows if row.row_id in wanted]
    heading(f"Underlag: {evidence.label}")
    rows = []
    for row in named or evidence.rows:
        cells = dict(row.columns)
        mark = "*" if row.is_cited else ""
        rows.append(
            [mark, *(cells.get(label, "") for label in evidence.labels), f"{row.source_file}:{row.source_line}"]
        )
    table(["", *evidence.labels, "Fil och rad"], rows)
    if evidence.left_out and not named:
        print(f"Ytterligare {evidence.left_out} rader visas inte.")
