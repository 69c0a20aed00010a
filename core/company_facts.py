"""What the company register said of a payee on the day of a payment."""

PAYEES = "SELECT entity_key, min(org_no) AS org_no FROM core_payees WHERE org_no IS NOT NULL GROUP BY 1"


def is_stated(column: str) -> str:
    """Return the condition that the register had stated `column` of a payment's own payee by the booking date."""
    return (
        f"booking_date >= (SELECT min(r.as_of) FROM ({PAYEES}) y JOIN core_company_register r USING (org_no) "
        f"WHERE r.{column} IS NOT NULL AND y.entity_key = core_payments.entity_key)"
    )


def at_payment(column: str) -> str:
    """Return a SELECT of the live payments of whose own payee the register stated `column` by then, with its latest value.

    Gives payment_id, entity_key, org_no, booked_month, booking_date, invoice_date, account_no, amount_sek, vat_sek, `column` and the day
    `as_of` that it describes; nothing later than the booking date is looked at.
    """
    return f"""
        SELECT payment_id, p.entity_key, y.org_no, p.booked_month, p.booking_date, p.invoice_date, p.account_no, p.amount_sek, p.vat_sek,
               r.{column}, r.as_of
        FROM core_payments p JOIN ({PAYEES}) y ON y.entity_key = p.entity_key
        ASOF JOIN (FROM core_company_register WHERE {column} IS NOT NULL) r
          ON r.org_no = y.org_no AND p.booking_date >= r.as_of
        WHERE p.is_live AND NOT p.is_redacted AND NOT p.is_one_time
    """
