"""Explain a payment or a flag of the month: reasons, evidence rows, innocent explanations, what to look at next."""

import argparse

from commands._options import add_month, add_settings, month_of, settings_of
from commands._screen import bullets, clean, heading, table
from commands.explain_line import read_line, read_unlisted, show_line
from commands.list import snapshot_of
from fut.errors import UsageError
from fut.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("id", metavar="PAYMENT_OR_FLAG", help="a payment or flag of the month, or a rank")
    add_settings(parser)
    add_month(parser)


def execute(args: argparse.Namespace) -> int:
    """Print in Swedish why a payment is on the list, or what flags it has; raises UsageError for an unknown id."""
    from reporting.publish import current_folder

    settings = settings_of(args)
    snapshot = snapshot_of(settings, month_of(args))
    for payment in snapshot.ranked:
        flagged = [flag.flag_id for flag in payment.flags]
        if args.id in (payment.payment_id, *flagged) or (args.id.isdecimal() and args.id == str(payment.rank)):
            _show(snapshot, payment, args.id if args.id in flagged else None)
            folder = current_folder(settings, snapshot.month)
            if folder and not payment.is_control:
                show_line(read_line(folder, payment.payment_id), snapshot.currency)
            return 0
    if not _show_unlisted(settings, snapshot, args.id):
        other = _month_of(settings, args.id)
        raise UsageError(
            f"no payment, rank or flag '{args.id[:40]}' in {snapshot.month}; "
            + (f"it is booked in {other}, give --month" if other else "`fut list` shows what is on the list")
        )
    return 0


def _month_of(settings: Settings, wanted: str) -> str | None:
    """Return the published month that holds a payment; None when none does."""
    import polars as pl

    from reporting.publish import current_folder

    for month in sorted(path.name for path in settings.published.iterdir() if path.is_dir()):
        payments = (current_folder(settings, month) or settings.published) / "payments.parquet"
        found = pl.col("payment_id") == wanted
        if payments.is_file() and pl.scan_parquet(payments).filter(found).select(pl.len()).collect().item():
            return month
    return None


def _show_unlisted(settings, snapshot, wanted: str) -> bool:  # noqa: ANN001 - reporting is imported when needed
    """Print the flags of a payment that is not on the list, or one flag; False when the month has neither.

    What is drawn by lot stays blind: its flags are not shown, nor is it named under a flag of its own.
    """
    from reporting.publish import current_folder
    from reporting.reading import Reader, read_manifest
    from reporting.words import CONTROL_SENTENCE, FLAG_SENTENCE

    folder = current_folder(settings, snapshot.month)
    if folder is None:
        return False
    reader = Reader(folder, read_manifest(folder), currency=snapshot.currency)
    flags = reader.rows("flags", "flag_id", [wanted])
    key = "flag_id" if flags else "payment_id"
    links = reader.rows("flag_payments", key, [wanted])
    flags = flags or reader.rows("flags", "flag_id", [link["flag_id"] for link in links])
    payments = reader.rows("payments", "payment_id", [wanted, *(link["payment_id"] for link in links)])
    if not flags and not payments:
        return False
    drawn = {payment.payment_id for payment in snapshot.control}
    if links and all(link["payment_id"] in drawn for link in links):
        print(CONTROL_SENTENCE)
        return True
    facts = {row["payment_id"]: row for row in payments}
    shown = sorted({link["payment_id"] for link in links} - drawn) or [wanted]
    _unlisted_payments(snapshot, [facts[key] for key in shown if key in facts])
    if not flags:
        print("Inga urvalsträffar den här månaden.")
    for flag in sorted(flags, key=lambda row: (row["indicator"], row["flag_id"])):
        _unlisted_flag(snapshot, flag, drawn)
    print(f"\n{FLAG_SENTENCE}")
    if wanted in facts:
        show_line(read_unlisted(settings, wanted), snapshot.currency)
    return True


def _unlisted_payments(snapshot, rows: list[dict]) -> None:  # noqa: ANN001 - reporting is imported when needed
    from reporting import format as f

    cells = [
        [
            row["payment_id"], row.get("payee_name") or row["payee_ref"], f.kr(row["amount_sek"], snapshot.currency),
            f.date(row["booking_date"]) if row.get("booking_date") else "", row.get("invoice_no") or "",
        ]
        for row in rows
    ]  # fmt: skip
    heading("Betalningen står inte på listan" if len(cells) == 1 else "Betalningarna")
    table(["Betalning", "Mottagare", ">Belopp", "Datum", "Fakturanummer"], cells)
    bullets([f"{row['payment_id']}: {told}" for row in rows if (told := _netting(row))])


def _netting(row: dict) -> str:
    """Return why a credit, or a payment that one cancels, is no duplicate; "" for another payment."""
    if other := row.get("netted_by"):
        return f"Kvittad mot {other} när månaden stängdes, och räknas därför inte som dubblett."
    return "Kreditering utan en betalning att kvitta mot i underlaget." if row["amount_sek"] < 0 else ""


def _unlisted_flag(snapshot, flag: dict, drawn: set[str]) -> None:  # noqa: ANN001 - reporting is imported when needed
    from reporting import format as f
    from reporting.words import field_label

    known = snapshot.indicators.get(flag["indicator"])
    heading(f"{flag['indicator']} {known.title if known else ''}, {flag['flag_id']}")
    told = [known.means] if known and known.means else []
    if flag.get("amount_at_risk_sek") is not None:
        told.append(f"I risk {f.kr(flag['amount_at_risk_sek'], snapshot.currency)}.")
    if flag["verdict"] == "explained":
        told.append(f"Förklaras av {flag.get('explained_by') or 'ett undantag'}.")
    elif flag["verdict"] == "needs_field":
        told.append(f"Kan inte avgöras utan uppgiften {field_label(flag.get('missing_field') or '')}.")
    rows = [row for row in flag.get("evidence") or () if row not in drawn and row != flag.get("subject_id")]
    if rows:
        told.append(f"Underlag: {', '.join(rows)}")
    bullets(told)
    if known:
        print(f"> {clean(known.do)}")
        if known.innocent:
            print("Lagliga förklaringar att utesluta först:")
            bullets(known.innocent)


def _show(snapshot, payment, flag_id: str | None) -> None:  # noqa: ANN001 - reporting.model is imported when needed
    from reporting import format as f
    from reporting.html import innocent, why
    from reporting.words import CONTROL_SENTENCE, FLAG_SENTENCE

    money = snapshot.currency
    told = (payment.payee_name or payment.payee_ref, f.kr(payment.amount_sek, money, ore=True), payment.date)
    heading(", ".join(filter(None, told)))
    table(["Uppgift", "Värde"], [("Betalning", payment.payment_id), *payment.facts])
    if payment.is_control:
        print(CONTROL_SENTENCE)
        return
    print(
        f"Rang {payment.rank}: sannolikhet {f.share(payment.error_probability, 0)}, i risk "
        f"{f.kr(payment.amount_at_risk_sek, money)}, förväntat fel {f.kr(payment.expected_error_sek, money)}."
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
