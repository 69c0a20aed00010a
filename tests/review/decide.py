"""Outcomes put straight into the store, for tests of what they add up to."""

from review.store.schema import cases, decisions, items, measures


def decided(
    world, payment_id, month="2026-10", verdict="explained", error=None, arm="risk", payee="org-01", case=None,
    state="final", at="2026-11-10T09:00:00Z", amount=100_000, minutes=None, **more,
):  # fmt: skip
    """Keep an outcome; returns the payment's number."""
    by = world.ids["officer"]
    with world.store.write(by) as change:
        row = {"month": month, "payment_id": payment_id, "payee_ref": payee, "arm": arm, "amount_ore": amount,
               "status": "decided", "case_id": case, "changed_by": by, "changed_at": at, "version": 1}  # fmt: skip
        item = change.connection.execute(items.insert().values(**row).returning(items.c.id)).scalar_one()
        said = {"item_id": item, "verdict": verdict, "was_worth_looking": True, "error_ore": error, "note": "",
                "spent_minutes": minutes, "flag_ids": "[]", "run_id": "r", "state": state, "decided_by": by,
                "decided_at": at, "version": 1}  # fmt: skip
        change.connection.execute(decisions.insert().values(**said | more))
        return item


def closed_case(world, payee="org-01", at="2026-11-15T09:00:00Z", **kinds):
    """Keep a closed case with measures (kind=(demanded, recovered)) that hold; returns its number."""
    by = world.ids["lead"]
    with world.store.write(by) as change:
        row = {"payee_ref": payee, "title": "Prov", "state": "closed", "opened_by": by, "opened_at": at,
               "changed_by": by, "changed_at": at, "closed_at": at, "is_sensitive": False, "version": 1}  # fmt: skip
        case = change.connection.execute(cases.insert().values(**row).returning(cases.c.id)).scalar_one()
        for kind, (demanded, recovered) in kinds.items():
            said = {"case_id": case, "kind": kind, "demanded_ore": demanded, "recovered_ore": recovered, "note": "",
                    "state": "final", "proposed_by": by, "proposed_at": at, "version": 1}  # fmt: skip
            change.connection.execute(measures.insert().values(**said))
        return case
