"""A made-up ledger in Devon's shape for tests that need real files: seeded, a few hundred rows a month."""

import gzip
import random
from pathlib import Path

HEADER = [
    "Body",
    "Name of Body",
    "Date",
    "Transaction Number",
    "Invoice Number",
    "Amount",
    "Supplier Name",
    "Supplier ID",
    "VAT Reg no",
    "Expense Area",
    "Expense Type",
    "Expense Code",
    "Creditor Type",
]
AREAS = ("Highways", "Schools", "Adult care", "Libraries")
TYPES = (("Agency staff", "310"), ("Transport", "420"), ("Premises", "510"), ("Equipment", "640"))
SETTINGS = """
municipality: {id: testby, name: Testby}
currency: GBP
is_demo: true
inbox: inbox
var: var
sources:
  - {name: ledger, dialect: devon, files: "DCCSpendingOver500_*"}
"""


def rows_of(month: str, count: int = 240, seed: int = 1) -> list[list[str]]:
    """Return a month's rows: forty payees with prices of their own, and one invoice paid twice."""
    draw = random.Random(f"{seed}:{month}")
    rows = []
    for number in range(count):
        payee = draw.randrange(40)
        kind, code = TYPES[payee % len(TYPES)]
        amount = round(draw.lognormvariate(6.5 + payee % 5 / 4, 0.5) + 500, 2)
        rows.append(
            [
                "E1", "Testby", f"{draw.randint(1, 28):02d}/{month[5:]}/{month[:4]}", f"T{month[2:4]}{month[5:]}{number:04d}",
                f"{payee:02d}{month[2:4]}{month[5:]}{number:03d}", f"{amount:.2f}", f"Payee {payee:02d} Ltd", f"{1000 + payee}",
                "", AREAS[payee % 4], kind, code, "Company",
            ]
        )  # fmt: skip
    rows.append([*rows[0][:3], f"T{month[2:4]}{month[5:]}9999", *rows[0][4:]])
    return rows


def write_month(inbox: Path, month: str, rows: list[list[str]] | None = None) -> Path:
    """Write one month's file, gzip without a clock in it."""
    inbox.mkdir(parents=True, exist_ok=True)
    path = inbox / f"DCCSpendingOver500_{month.replace('-', '')}.csv.gz"
    with path.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
        text = [HEADER, *(rows if rows is not None else rows_of(month))]
        packed.write("\r\n".join(",".join(_quoted(row)) for row in text).encode("utf-8-sig"))
    return path


def _quoted(row: list[str]) -> list[str]:
    return [f'"{cell}"' if "," in cell else cell for cell in row]


def make(folder: Path, months: list[str], settings: str = SETTINGS) -> Path:
    """Write inbox and settings of a test municipality; returns the settings' path."""
    folder.mkdir(parents=True, exist_ok=True)
    for month in months:
        write_month(folder / "inbox", month)
    path = folder / "municipality.yaml"
    path.write_text(settings, encoding="utf-8")
    return path
