"""The figures of Uppföljning as page and yearly report show them: the same numbers, the same words."""

from decimal import Decimal
from typing import Any

from reporting import format as f
from reporting import svg
from reporting.words import CAUSES, INTENTS, OUTCOMES
from review.shelf.keys import sek
from review.web.figures import both
from review.work import kpi
from review.work.results import Results, kronor_of, shares_of

MOST = 30


def shown(results: Results) -> dict[str, Any]:
    """Return what `results_body.html` asks for."""
    found = results.estimate()
    covered = set(results.estimated_months)
    beside = kpi.sums_ore(row for row in results.decided if row.month in covered)
    over, under, wrong = kpi.sums_ore(results.decided)
    risk, control = kpi.precision(results.risk), kpi.precision(results.control)
    estimated = kronor_of(found.gross.value, results.paid_ore)
    detected = sek(beside[0] - beside[1]) or Decimal(0)
    return {
        "r": results,
        "estimate": found,
        "estimated": {
            name: tuple(kronor_of(value, results.paid_ore) for value in (share.value, share.lower, share.upper))
            for name, share in (("gross", found.gross), ("net", found.net))
        },
        "estimated_over": kronor_of(found.over, results.paid_ore),
        "estimated_under": kronor_of(found.under, results.paid_ore),
        "over": sek(over),
        "under": sek(under),
        "wrong": wrong,
        "beside": {"over": sek(beside[0]), "under": sek(beside[1]), "gross": detected, "count": beside[2]},
        "detected_share": results.detected_share(found),
        "proposed": (len(results.proposed), sek(sum(abs(error) for _, error in results.proposed))),
        "risk": risk,
        "control": control,
        "lift": risk.value / found.count.value if risk.value is not None and found.count.value else None,
        "by_indicator": kpi.by_indicator(results.risk)[:MOST],
        "worth": (kpi.worth(results.risk), kpi.worth(results.control)),
        "worth_by_indicator": kpi.by_indicator(results.risk, kpi.worth)[:MOST],
        "by_rank": [(rank_text(a, b), share) for a, b, share in kpi.by_rank(results.risk)],
        "dismissed": kpi.dismissed_by_indicator(results.risk)[:MOST],
        "ends": [(OUTCOMES[verdict], share) for verdict, share in shares_of(results.risk).items()],
        "explanations": kpi.counted(results.decided, lambda row: row.explanation)[:MOST],
        "causes": _named(results, CAUSES, "cause"),
        "intents": _named(results, INTENTS, "intent"),
        "verdicts": [(OUTCOMES[code], count) for code, count in kpi.counted(results.decided, lambda row: row.verdict)],
        "days": results.days(),
        "minutes": kpi.spread(row.spent_minutes for row in results.decided if row.spent_minutes is not None),
        "case_minutes": kpi.spread(results.case_minutes),
        "sizes": kpi.spread(abs(row.error_ore) for row in results.decided if row.is_error and row.error_ore),
        "pictures": _pictures(results, detected, estimated),
    }


def rank_text(first: int, last: int | None) -> str:
    """Return a band of ranks in words."""
    return f"Plats {first}–{last}" if last else f"Plats {first} och senare"


def _named(results: Results, words: dict[str, str], what: str) -> list[tuple[str, int, Decimal | None]]:
    """Return word, count and kronor (signs dropped) of the errors by cause or intent."""
    errors = [row for row in results.decided if row.is_error]
    return [
        (words.get(code, code), count, sek(sum(abs(r.error_ore or 0) for r in errors if getattr(r, what) == code)))
        for code, count in kpi.counted(errors, lambda row: getattr(row, what))
    ]


def _pictures(results: Results, detected: Decimal, estimated: Decimal | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if estimated is not None:
        values = {"Belopp": [float(detected), float(estimated)]}

        def show(value: float) -> str:
            return f.kr_short(value, results.currency)

        labels = ["Upptäckta fel", "Uppskattade fel i allt som betalats"]
        found["beside"] = both(svg.bars, "bredvid", labels, values, "Upptäckt och uppskattat", show=show)
    trend = results.trend()
    if any(point.value is not None for point in trend):
        title, said = "Andel fel i slumpurvalet", "Viktad andel av månadens betalningar, med 95-procentigt intervall"
        found["trend"] = both(svg.interval_trend, "slump", trend, title, said)
    return found
