"""An invented published month of any size, in the shape of the out contracts."""

import json
from pathlib import Path

import numpy as np
import polars as pl

from indicators import library
from reporting.frames import shape, typed

MONTH, RUN = "2026-10", "benchmark"
PER_PAYMENT = {"evidence": 3, "peers": 4}


def write_month(var: Path, payments: int, seed: int = 1) -> Path:
    """Write a month of `payments` listed payments, each with a flag, evidence rows and peers; returns its folder."""
    rng = np.random.default_rng(seed)
    folder = var / "published" / "bench" / MONTH / RUN
    folder.mkdir(parents=True, exist_ok=True)
    codes = sorted(library())[:40]
    ids = [f"P{n:07d}" for n in range(payments)]
    payee = rng.integers(0, max(20, payments // 25), payments)
    paid = np.round(np.exp(rng.normal(9.5, 1.2, payments)), 2)
    code = rng.integers(0, len(codes), payments)
    probability = np.round(rng.beta(1.2, 4, payments), 4)
    order = np.lexsort((np.arange(payments), -probability * paid))
    rank = np.empty(payments, int)
    rank[order] = np.arange(1, payments + 1)
    names = [f"Mottagare {n:05d} AB" for n in range(int(payee.max()) + 1)]
    base = pl.DataFrame(
        {
            "payment_id": ids,
            "payee_ref": [f"org:{n:06d}" for n in payee],
            "payee_name": [names[n] for n in payee],
            "amount_sek": paid,
            "indicator": [codes[n] for n in code],
            "flag_id": [f"F{n:07d}" for n in range(payments)],
            "amount_at_risk_sek": paid,
            "booked_month": [MONTH] * payments,
            "service_month": [MONTH] * payments,
            "invoice_no": [f"{40000 + n}" for n in range(payments)],
        }
    )
    flag = base.with_columns(
        subject_type=pl.lit("payment"), subject_id="payment_id", evidence_class=pl.lit("R"), value=pl.lit(1.0),
        eligible=pl.lit(payments), verdict=pl.lit("contradiction"), explained_by=pl.lit(None), parameters=pl.lit("{}"),
        missing_field=pl.lit(None), evidence=pl.concat_list(pl.col("payment_id") + "-1"), code_version=pl.lit("0"),
    )  # fmt: skip
    ranked = base.with_columns(
        run_id=pl.lit(RUN), month=pl.lit(MONTH), rank=pl.Series(rank), arm=pl.lit("risk"),
        risk_area=pl.lit("supplier_payments"), error_probability=pl.Series(probability),
        expected_error_sek=pl.Series(np.round(probability * paid, 2)), review_minutes=pl.lit(20),
        model_percentile=pl.Series(np.round(rng.random(payments), 4)), stratum=pl.lit(1), bundle_id="payee_ref",
        inclusion_probability=pl.lit(None), speaks_against=pl.concat_list(pl.lit("SP30")),
        flag_ids=pl.concat_list("flag_id"),
        reasons=pl.concat_list(
            pl.struct(code="indicator", share=pl.lit(1.0), amount_sek=pl.col("amount_at_risk_sek").cast(pl.Decimal(14, 2)))
        ),
    )  # fmt: skip
    evidence = pl.concat(
        [
            base.select(
                "payment_id", table=pl.lit("postings"), row_id=pl.col("payment_id") + f"-{k}",
                source_file=pl.lit("ledger_2026-10.csv"), source_line=pl.int_range(2, payments + 2) * (k + 1),
                columns=pl.struct(
                    supplier_name="payee_name", amount_sek=pl.col("amount_sek").cast(pl.String)
                ).struct.json_encode(),
            )
            for k in range(PER_PAYMENT["evidence"])
        ]
    )  # fmt: skip
    peers = pl.concat(
        [
            base.select(
                "payment_id", feature=pl.lit(name), label_sv=pl.lit(name), unit=pl.lit("share"), value=pl.lit(0.8),
                own_median=pl.lit(0.2), peer_median=pl.lit(0.3), peer_p95=pl.lit(0.7), share=pl.lit(0.25),
            )
            for name in ("manual_share", "evening_share", "rounded_share", "weekend_share")[: PER_PAYMENT["peers"]]
        ]
    )  # fmt: skip
    indicators = pl.DataFrame(
        [
            {
                "code": i.code, "area": i.area, "evidence_class": i.evidence_class, "family": i.family,
                "title_sv": i.title.sv, "title_en": i.title.en, "means_sv": i.means.sv, "means_en": i.means.en,
                "innocent_sv": [t.sv for t in i.innocent], "innocent_en": [t.en for t in i.innocent], "do_sv": i.do.sv,
                "review_minutes": i.review_minutes, "prior_mean": 0.1, "parameters": "{}", "code_version": "0",
            }
            for i in library().values()
        ]
    )  # fmt: skip
    payees = base.group_by("payee_ref", "payee_name").agg(payment_count=pl.len(), amount_sek=pl.sum("amount_sek"))
    frames = {
        "ranked_payments": ranked, "flags": flag, "flag_payments": base, "evidence_rows": evidence,
        "peer_features": peers, "indicators": indicators, "payments": _with(base, "payments"),
        "payees": _with(payees.sort("payee_ref"), "payees"),
    }  # fmt: skip
    for name, frame in frames.items():
        typed(name, _with(frame, name)).write_parquet(folder / f"{name}.parquet")
    manifest = {"run_id": RUN, "month": MONTH, "municipality": "Prov", "settings": {"currency": "SEK"}, "inputs": []}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (folder.parent / "current").write_text(RUN + "\n", "utf-8")
    return folder


def _with(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return the frame with every column of the contract that it lacks, empty."""
    return frame.with_columns(pl.lit(None).alias(name) for name in shape(table).names() if name not in frame.columns)
