"""Writes an invented published run, in the shape of the out contracts, for tests and for looking at pages."""

import datetime as dt
import json
import random
from decimal import Decimal
from pathlib import Path

import polars as pl

from tests.reporting.sample_profile import payee_profile
from tests.reporting.sample_records import payee_records
from tests.reporting.sample_texts import INDICATORS, PAYEES

MONTH = "2026-10"
MONEY = pl.Decimal(14, 2)
BY_CODE = {row[0]: row for row in INDICATORS}
NOT_APPLICABLE = {
    "SP13": "payee_account",
    "SP15": "payee_account",
    "SP29": "company_register",
    "IN01": "approvals",
}


def _sek(value: float) -> Decimal:
    return Decimal(str(round(value, 2)))


def _write(folder: Path, name: str, rows: list[dict], schema: dict) -> None:
    frame = pl.DataFrame(rows, schema=schema, orient="row") if rows else pl.DataFrame(schema=schema)
    frame.write_parquet(folder / f"{name}.parquet")


def _line(rng: random.Random, n: int, arm: str) -> dict:
    who = (7 if n == 8 else n) % len(PAYEES)  # 7 and 8 are paid to one payee
    payee = PAYEES[who] if n else "=2+3 & <b>Söner</b> AB"
    paid = _sek(rng.lognormvariate(10.5, 1.1))
    codes = sorted(
        rng.sample(["SP01", "SP02", "SP05", "SP18", "SP22", "SP23", "SP24", "SU03"], rng.choice([1, 2, 2, 3]))
    )
    at_risk = _sek(float(paid) * rng.choice([1, 1, 1, 0.6, -0.2]))
    shares = [rng.random() + 0.2 for _ in codes]
    probability = round(rng.uniform(0.05, 0.85), 4)
    return {
        "run_id": "r-5f2c91",
        "month": MONTH,
        "rank": None,
        "arm": arm,
        "payment_id": f"2120:{556000 + n}:F{40100 + 7 * n}",
        "payee_ref": f"org-{who:02d}" if n else "org-99",
        "payee_name": payee,
        "risk_area": "supplier_payments",
        "service_month": MONTH,
        "booked_month": MONTH,
        "amount_sek": paid,
        "amount_at_risk_sek": at_risk,
        "error_probability": probability,
        "expected_error_sek": _sek(float(at_risk) * probability),
        "review_minutes": sum(BY_CODE[c][7] for c in codes),
        "model_percentile": round(rng.uniform(0.4, 0.999), 4),
        "reasons": [
            {
                "code": c,
                "share": round(s / sum(shares), 4),
                "amount_sek": _sek(float(at_risk) * s / sum(shares)),
            }
            for c, s in sorted(zip(codes, shares, strict=True), key=lambda cs: -cs[1])
        ],
        "speaks_against": rng.choice([[], [], ["Tolv lika betalningar det senaste året"], ["SP30"]]),
        "flag_ids": [f"fl{n:03d}{c}" for c in codes],
        "bundle_id": f"b{who:02d}" if n else "b99",
        "stratum": n % 4,
        "inclusion_probability": 0.0123,
    }


def _ranked(listed: int, control: int) -> list[dict]:
    rng = random.Random(20261001)
    lines = [_line(rng, n, "risk") for n in range(listed)]
    lines.sort(key=lambda r: (-abs(r["expected_error_sek"]) / r["review_minutes"], r["payment_id"]))
    for rank, line in enumerate(lines, 1):
        line["rank"] = rank
    return lines + [_line(rng, listed + n, "random") for n in range(control)]


def _flags(ranked: list[dict]) -> list[dict]:
    return [
        {
            "flag_id": flag,
            "indicator": reason["code"],
            "evidence_class": BY_CODE[reason["code"]][1],
            "subject_type": "payment",
            "subject_id": line["payment_id"],
            "payment_id": line["payment_id"],
            "service_month": MONTH,
            "value": 1.0,
            "eligible": 4812,
            "amount_at_risk_sek": reason["amount_sek"],
            "verdict": "contradiction",
            "explained_by": None,
            "missing_field": None,
            "evidence": [f"{line['payment_id']}#1", f"{line['payment_id']}#2"],
            "parameters": json.dumps(BY_CODE[reason["code"]][8]),
            "code_version": "9b1c44",
        }
        for line in ranked
        for reason in line["reasons"]
        for flag in [next(f for f in line["flag_ids"] if f.endswith(reason["code"]))]
    ]


def _evidence(ranked: list[dict]) -> list[dict]:
    rows = []
    for n, line in enumerate(ranked):
        for i in (1, 2, 3):
            shown = {
                "voucher_no": f"L{41200 + 3 * n + i}",
                "supplier_name": line["payee_name"],
                "invoice_no": line["payment_id"].rsplit(":", 1)[1],
                "amount_sek": str(line["amount_sek"]),
                "booking_date": f"2026-10-{3 + (n * 5 + i * 4) % 25:02d}",
                "department": "Vård- och omsorgsförvaltningen" if n % 3 else "Samhällsbyggnad",
            }
            rows.append(
                {
                    "payment_id": line["payment_id"],
                    "table": "ap_postings",
                    "row_id": f"{line['payment_id']}#{i}",
                    "source_file": "leverantorsreskontra_2026-10.csv",
                    "source_line": 1200 + 17 * n + i,
                    "columns": json.dumps(shown, ensure_ascii=False),
                }
            )
    return rows


def _coverage() -> list[dict]:
    rng, rows = random.Random(3), []
    for code, *_ in INDICATORS:
        away = code in NOT_APPLICABLE
        tested = 0 if away else rng.uniform(40e6, 84e6)
        missing = [NOT_APPLICABLE[code]] if away else (["invoice_no"] if tested < 80e6 else [])
        rows.append(
            {
                "indicator": code,
                "month": MONTH,
                "status": "not_applicable" if away else ("clean" if code == "SP06" else "flagged"),
                "rows_tested": int(tested / 17000),
                "rows_untested": int((84.2e6 - tested) / 17000),
                "sek_tested": _sek(tested),
                "sek_untested": _sek(84.2e6 - tested),
                "missing": missing,
                "fire_rate": None if away else round(rng.uniform(0.0004, 0.062), 4),
                "alarm": "too_many" if code == "SP24" else None,
            }
        )
    return rows


def _drift() -> list[dict]:
    rng, rows = random.Random(5), []
    months = [f"{2025 + (9 + i) // 12}-{(9 + i) % 12 + 1:02d}" for i in range(13)]
    for table, level, sek in (
        ("ap_postings", 21000, 84e6),
        ("suppliers", 5200, None),
        ("invoice_lines", 48000, 71e6),
    ):
        for measure, base in (("rows", level), ("sek", sek)):
            for i, month in enumerate(months if base else []):
                value = base * rng.uniform(0.92, 1.08)
                failed = table == "invoice_lines" and month == MONTH
                rows.append(
                    {
                        "table": table,
                        "month": month,
                        "measure": measure,
                        "value": round(value * (0.55 if failed else 1)),
                        "lower": None if i == 0 else round(base * 0.8),
                        "upper": None if i == 0 else round(base * 1.2),
                        "status": "first" if i == 0 else ("failed" if failed else "ok"),
                    }
                )
    return rows


def _manifest(rows: dict[str, int]) -> dict:
    return {
        "run_id": "r-5f2c91",
        "municipality": {"id": "bjorklunda", "name": "Björklunda kommun"},
        "month": MONTH,
        "code_version": "0.1.0+9b1c44",
        "settings": {
            "municipality": {"id": "bjorklunda", "name": "Björklunda kommun"},
            "currency": "SEK",
            "capacity": {"hours_per_month": 14, "control_share": 0.15},
            "indicators": {"SP02": {"window_days": 400}},
            "switched_off": [],
            "is_demo": True,
        },
        "seeds": {"control_arm": 1, "forest": 7},
        "row_counts": rows,
        "tables": ["ap_postings", "company_roles", "contracts", "permits"],
        "coverage_sek": {"tested": "71230000.00", "untested": "12970000.00"},
        "reconciliation": {
            "in_sek": "85114310.45",
            "core_sek": "84200010.40",
            "quarantine_sek": "214300.05",
            "totals_sek": "700000.00",
            "superseded_sek": "0.00",
        },
        "attribution": "Påhittade uppgifter. Ingen betalning, mottagare eller kommun i listan finns.",
        "previous_manifest_sha256": "0f3d" * 16,
        "inputs": [{"file": "leverantorsreskontra_2026-10.csv", "sha256": "a7c1" * 16}],
    }


def write_sample(folder: Path, listed: int = 32, control: int = 5) -> Path:
    """Write a whole published run into `folder` and return it; the same arguments give the same rows."""
    folder.mkdir(parents=True, exist_ok=True)
    ranked = _ranked(listed, control)
    text, texts = pl.String, pl.List(pl.String)
    reason = pl.Struct({"code": text, "share": pl.Float64, "amount_sek": MONEY})
    special = {
        "reasons": pl.List(reason),
        "speaks_against": texts,
        "flag_ids": texts,
        "evidence": texts,
        "missing": texts,
    }
    numbers = {
        **dict.fromkeys(("error_probability", "model_percentile", "inclusion_probability", "value"), pl.Float64),
        **dict.fromkeys(("share", "fire_rate", "lower", "upper"), pl.Float64),
        **dict.fromkeys(("peer_low", "peer_median", "peer_high", "beyond_share"), pl.Float64),
        **dict.fromkeys(("hits", "exposure", "peer_rate"), pl.Float64),
        **dict.fromkeys(("rank", "review_minutes", "stratum", "peers"), pl.Int32),
        **dict.fromkeys(("rows", "eligible", "rows_tested", "rows_untested", "source_line"), pl.Int64),
        **dict.fromkeys(("sek_tested", "sek_untested"), MONEY),
    }

    def schema(row: dict) -> dict:
        kinds = {k: special.get(k) or numbers.get(k) or (MONEY if k.endswith("_sek") else text) for k in row}
        return kinds | {k: pl.Date for k in row if k in ("booking_date", "valid_from", "valid_to")}

    payments = [
        {
            **{k: line[k] for k in ("payment_id", "booked_month", "payee_ref", "payee_name", "amount_sek")},
            "booking_date": dt.date(2026, 10, 1 + n % 30),
            "invoice_no": line["payment_id"].rsplit(":", 1)[1],
            "voucher_no": f"L{41200 + 3 * n}",
            "account_no": "7410",
            "account_text": "Konsulttjänster",
            "department": "Vård- och omsorgsförvaltningen",
            "model_percentile": line["model_percentile"],
        }
        for n, line in enumerate(ranked)
    ]
    flags = _flags(ranked)
    tables = {
        "ranked_payments": ranked,
        "flags": flags,
        "flag_payments": [{k: row[k] for k in ("flag_id", "payment_id", "amount_at_risk_sek")} for row in flags],
        "coverage": _coverage(),
        "quarantine": [
            {
                "table": "ap_postings",
                "source_file": "leverantorsreskontra_2026-10.csv",
                "source_line": 900 + i,
                "row_key": f"k{i}",
                "rule": ("unreadable:amount_sek", "missing:booking_date", "missing:supplier_ref")[i % 3],
                "severity": "warning" if i % 3 == 2 else "error",
                "amount_sek": None if i % 3 == 0 else Decimal("8930.05"),
            }
            for i in range(36)
        ],
        "repairs": [
            {"table": "ap_postings", "column": "supplier_ref", "kind": "normalised_or_token", "rows": 1204},
            {"table": "ap_postings", "column": "amount_sek", "kind": "excel_zero", "rows": 21880},
        ],
        "payments": payments,
        "payees": [
            {"payee_ref": ref, "payee_name": name, "org_no": ref}
            for ref, name in sorted({(r["payee_ref"], r["payee_name"]) for r in ranked})
        ],
        "payee_records": payee_records(ranked[0]["payee_ref"]),
        "payee_profile": payee_profile(ranked[0]["payee_ref"], MONTH),
        "evidence_rows": _evidence(ranked),
        "drift": _drift(),
        "runs": [
            {"run_id": "r-5f2c91", "month": MONTH, "measure": "in_sek", "value": "41200.00"},
            {"run_id": "r-5f2c91", "month": MONTH, "measure": "core_sek", "value": "41200.00"},
        ],
        "indicators": [
            {
                "code": code,
                "area": "internal" if code == "IN01" else "supplier_payments",
                "evidence_class": evidence_class,
                "family": family,
                "title_sv": title,
                "title_en": code,
                "means_sv": means,
                "means_en": code,
                "innocent_sv": innocent,
                "do_sv": do,
                "review_minutes": minutes,
                "parameters": json.dumps(parameters),
                "code_version": "9b1c44",
                "sql": f"SELECT '{code}' AS subject_key\nFROM core_payments",
            }
            for code, evidence_class, family, title, means, innocent, do, minutes, parameters in INDICATORS
        ],
    }
    special["innocent_sv"] = texts
    for name, rows in tables.items():
        kinds = schema(rows[0])
        if name == "runs":
            kinds["value"] = text
        _write(folder, name, rows, kinds)
    counts = {name: len(tables[name]) for name in ("ranked_payments", "flags", "quarantine")}
    text_out = json.dumps(_manifest(counts), ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text_out + "\n", "utf-8")
    return folder
