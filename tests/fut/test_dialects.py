"""Every shipped dialect on a small file of each layout it knows, and dialect files that are wrong."""

import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from core.payees import SUPPLIER_KEY
from fut.contract import contract, load_contracts
from fut.dialect import Dialect, dialect, load_dialects
from fut.errors import ConfigError
from fut.nearest import suggest_dialect
from tests.fut.inbox_tools import SPEC, Inbox, posting, spec_file
from tests.fut.test_care_clocks import LOCK as VISITS_LOCK
from tests.fut.test_care_clocks import TAG as VISITS_TAG

MakeInbox = Callable[[str], Inbox]
EVERY = ("buyer_id", "voucher_no", "supplier_name", "supplier_ref", "account_no", "amount_sek", "booking_date")
DAY = dt.date(2026, 3, 10)

LANKADEDATA = {
    "the 15 columns of 1.1": spec_file(posting(1, "100.50", leverantor_id="5560471234")),
    "12 columns, dates and amounts by other names": (
        "kopare_id;kopare;verifikationsnummer;leverantor;leverantor_id;konto_nr;konto_text;bokforingsdatum;forvaltning;"
        "fakturanummer;nettobelopp;kommun_id\n"
        "2120001355;Storstad;V1;Bolag 1 AB;5560471234;4010;Livsmedel;2026-03-10;Skola;F-1;100.50;1480\n"
    ),
    "13 columns, buyer as number and text": (
        "kopare,kopare_text,faktura_nr,leverantor,leverantor_id,forvaltning,konto_nr,konto_text,belopp,datum,grund,avtal,"
        "kommun_id\n2120001355,Storstad,V1,Bolag 1 AB,5560471234,Skola,4010,Livsmedel,100.5,2026-03-10,,,1480\n"
    ),
    "carriage returns alone": spec_file(posting(1, "100.50", leverantor_id="5560471234")).replace("\n", "\r"),
    "decimal comma in quotes, UTF-16": spec_file(posting(1, '"100,50"', leverantor_id="556047-1234")).encode("utf-16"),
    "semicolons, byte order mark, dates without dashes": (
        "\ufeff" + spec_file(posting(1, "100,5", leverantor_id="5560471234", datum="20260310")).replace(",", ";")
    ).replace("100;5", "100,5"),
}


@pytest.mark.parametrize("case", LANKADEDATA)
def test_lankadedata(case: str, inbox: Inbox) -> None:
    inbox.put("leverantorsreskontra.csv", LANKADEDATA[case])
    inbox.load()
    assert inbox.raw(*EVERY) == [("2120001355", "V1", "Bolag 1 AB", "556047-1234", "4010", Decimal("100.50"), DAY)]
    assert inbox.raw("buyer_name", "account_text", "department", "municipality_id") == [
        ("Storstad", "Livsmedel", "Skola", "1480")
    ]
    assert inbox.rows("SELECT unknown_headers, date_precision FROM deliveries") == [([], "day")]
    assert inbox.rules() == {}


def test_a_supplier_that_is_hidden_is_an_asterisk(inbox: Inbox) -> None:
    words = ["*", "***", "Maskerad uppgift", "SEKRETESS", "[innehåller personuppgifter]", "Skyddad identitet"]
    inbox.put("a.csv", spec_file(*(posting(i, leverantor=w, leverantor_id="*") for i, w in enumerate(words))))
    inbox.load()
    assert inbox.raw("supplier_name", "supplier_ref") == [("*", None)] * 6
    assert inbox.repairs() == {("supplier_name", "hidden"): 6}


NAMELESS = (
    "Engångsleverantör", "ENGÅNGSLEV. 2", "Privatperson", "enskild person", "Diverse leverantörer", "Avidentifierad",
    "Personuppgift", "Uppgift saknas", "Okänd", "XXX", "Maskerad (GDPR)",
)  # fmt: skip
NAMED = (
    "Engångsmaterial AB", "Engångsleverantör Anna Ek", "Enskild Firma Bo", "Anonyma Alkoholister", "Maskeradbutiken AB",
    "Skyddsrum AB", "Okända förlaget", "IL Recycling Sekretess AB",
)  # fmt: skip
NO_NUMBER = ("", "0", "000000-0000", "9999999999", "111111-1111", "-", "saknas", "Engång")


@pytest.mark.parametrize("name", ["lankadedata-1.1", "goteborg", "umea", "orebro"])
def test_words_for_nobody_in_particular_are_no_supplier_and_names_like_them_are(name: str) -> None:
    hidden = dialect(name).hidden

    def is_hidden(column: str, text: str) -> bool:
        return any(re.fullmatch(pattern, text) for pattern in hidden[column])

    assert [word for word in NAMELESS if not is_hidden("supplier_name", word)] == []
    assert [word for word in NAMED if is_hidden("supplier_name", word)] == []
    assert [number for number in NO_NUMBER[1:] if not is_hidden("supplier_ref", number)] == []
    assert not is_hidden("supplier_ref", "556047-3521")


def test_payees_without_a_number_of_their_own_never_become_one(inbox: Inbox) -> None:
    words = [("Engångsleverantör", number) for number in NO_NUMBER] + [
        ("Anna Ek", "000000-0000"),
        ("Bo By", "0000000000"),
    ]
    rows = (posting(i, leverantor=payee, leverantor_id=number) for i, (payee, number) in enumerate(words))
    inbox.put("a.csv", spec_file(*rows))
    inbox.load()
    inbox.connection.execute(contract("core", "suppliers").ddl())
    found = inbox.rows(f"SELECT {SUPPLIER_KEY} FROM raw_ap_postings r")
    assert len(set(found)) == len(words)


def test_orebro(make_inbox: MakeInbox) -> None:
    inbox = make_inbox("orebro")
    inbox.put(
        "orebro_2026-03.csv",
        "forvaltning;leverantor;leverantor_id;fakturanr;konto_nr;konto_text;belopp\n"
        "Skola;Bolag 1 AB;556047-1234;F1;4010;Livsmedel;1\u00a0100,50\nSkola;Bolag 2 AB;;F2;4010;Livsmedel;-0,5\n",
    )
    inbox.load()
    first = dt.date(2026, 3, 1)
    assert inbox.raw(*EVERY) == [
        ("212000-1967", "F1", "Bolag 1 AB", "556047-1234", "4010", Decimal("1100.50"), first),
        ("212000-1967", "F2", "Bolag 2 AB", None, "4010", Decimal("-0.50"), first),
    ]
    assert inbox.rows("SELECT month, date_precision FROM deliveries") == [("2026-03", "month")]
    assert inbox.rules() == {}


def test_goteborg_without_dates_and_with(make_inbox: MakeInbox) -> None:
    inbox = make_inbox("goteborg")
    inbox.put(
        "leverantorsfakturor-202603.csv",
        "Förvaltning;Leverantör;Organisationsnummer;Fakturanummer;Konto;Kontotext;Belopp\n"
        "Skola;Bolag 1 AB;5560471234;F1;4010;Livsmedel;1 100,50\nSkola;Bolag 2 AB;SAKNAS;;4010;Livsmedel;2,00\n",
    )
    inbox.put("leverantorsfaktura 2026-04.csv", spec_file(posting(3, '"3270,50"', datum="2026-04-02")).encode("utf-16"))
    inbox.load()
    rows = inbox.raw(*EVERY)
    assert rows[0] == ("2120001355", "V3", "Bolag 0 AB", "556040-1234", "4010", Decimal("3270.50"), dt.date(2026, 4, 2))
    assert rows[1][:6] == ("212000-1355", "F1", "Bolag 1 AB", "556047-1234", "4010", Decimal("1100.50"))
    assert (rows[2][1][:4], rows[2][3], rows[2][6]) == ("row-", None, dt.date(2026, 3, 1))
    assert inbox.rows("SELECT month, date_precision FROM deliveries ORDER BY 1") == [
        ("2026-03", "month"), ("2026-04", "day"),
    ]  # fmt: skip
    assert inbox.rules() == {}


def test_umea_and_its_anonymous_payees_stay_apart(make_inbox: MakeInbox) -> None:
    inbox = make_inbox("umea")
    rows = ["202603;Skola;Bolag 1 AB;556047-1234;4010;Mat;1 100,50;F1", "202603;Vård;*;*;5010;Stöd;2,00;*",
            "202603;Vård;*;*;5010;Stöd;3,00;*"]  # fmt: skip
    header = "Datum;Förvaltning;Leverantör;Organisationsnummer;Konto;Kontotext;Belopp;Fakturanummer"
    inbox.put("leverantorsfakturor-2026.csv", "\n".join([header, *rows]))
    inbox.load()
    assert inbox.reconciled() == {"leverantorsfakturor-2026.csv": (3, Decimal("1105.50"))}
    assert inbox.raw(*EVERY)[0] == (
        "212000-2627", "F1", "Bolag 1 AB", "556047-1234", "4010", Decimal("1100.50"), dt.date(2026, 3, 1),
    )  # fmt: skip
    assert inbox.raw("supplier_name", "supplier_ref", "invoice_no")[1:] == [("*", None, None)] * 2
    assert inbox.rows("SELECT count(DISTINCT entity_key) FROM core_payments WHERE is_redacted") == [(2,)]
    assert inbox.rows("SELECT date_precision FROM deliveries") == [("month",)]


DEVON = (
    "Body,Name of Body,Date,Transaction Number,Invoice Number,Amount,Supplier Name,Supplier ID,{vat},Expense Area,"
    "Expense Type,Expense Code,Creditor Type"
)
DEVON_HEADERS = {
    "VAT": DEVON.format(vat="VAT Reg no"),
    "Vat": DEVON.format(vat="Vat Reg No"),
    "two blanks": DEVON.format(vat="VAT Reg no").replace("of Body", "of  Body"),
    "byte order mark": "\ufeff" + DEVON.format(vat="VAT Reg no"),
    "trailing blank": DEVON.format(vat="VAT Reg no ") + " ",
}


@pytest.mark.parametrize("header", DEVON_HEADERS)
def test_devon(header: str, make_inbox: MakeInbox) -> None:
    inbox = make_inbox("devon")
    for month, day, encoding in [
        ("01", "10/01/2016", "utf-8"), ("02", "2016-02-10 00:00:00", "utf-8"), ("03", "2016-03-10", "cp1252"),
    ]:  # fmt: skip
        rows = [
            f'E1,County,{day},T1,I1,"1,234.50",Café,S1,,Area,Type,4010,C', "E1,County,,,,,,,,,,,", ",,,,,,,,,,,,",
            f"E1,County,{day},T2,REDACTED DATA,-5,*** Redacted ***,S2,,Area,Type,4010,C",
        ]  # fmt: skip
        text = "\r\n".join([DEVON_HEADERS[header].removeprefix("\ufeff" * (encoding == "cp1252")), *rows])
        inbox.put(f"DCCSpendingOver500_2016{month}.csv", text, encoding)
    inbox.load()
    assert set(inbox.reconciled().values()) == {(2, Decimal("1229.50"))}
    assert inbox.raw("supplier_name", "invoice_no", "amount_sek", "booking_date", "currency") == [
        row
        for month in (1, 2, 3)
        for row in [
            ("Café", "I1", Decimal("1234.50"), dt.date(2016, month, 10), "GBP"),
            ("*", None, Decimal("-5.00"), dt.date(2016, month, 10), "GBP"),
        ]
    ]
    assert inbox.rows("SELECT blank_rows, unknown_headers FROM deliveries") == [(2, [])] * 3


OXFORD = [
    "Body Name,Organisational Unit,Expenditure Category,Expenditure Code,Paid Date,Trans No,Amount,Type,Supplier ID,"
    "Supplier Name",
    "Body Name,Organisatonal Unit,Expenditure Category,Expenditure Code,Paid Date,Trans No,Amount,Type,Supplier ID,"
    "Supplier Name",
    "body_name,organisational_unit,expenditure_category,expenditure_code,paid_date,trans_no,amount,type,supplier_id,"
    "supplier_name",
    "Service Area,Expenditure Category,Expenditure Code,Paid Date,Trans No,Amount,Type,Supplier ID,Supplier Name",
    "body_name,organisational_unit,expenditure_category,expenditure_code,paid_date,trans_no,amount,caporrev,"
    "supplier_id,supplier_name",
    "Organisation,Service Area,Expenditure Unit,Expenditure Code,Paid Date,Trans No,Amount,caporrev,Supplier ID,"
    "Supplier Name",
    "Service Area,Expenditure Catergory,Expenditure Code,Paid Date,Trans No,Amount,Type of Expenditure,Supplier ID,"
    "Supplier Name",
    "Client,Service Area,Expenditure Catergory,Expenditure Code,Paid Date,Trans No,Amount,Type of Expenditure,"
    "Supplier ID,Supplier Name",
    "Body Name,Organisational Unit,Expenditure Category,Expenditure Code,Paid Date,Trans No,Amount,Type,Supplier ID,"
    "Supplier Name ",
    "Body Name,Organisational Unit,Expenditure Category,Expenditure Code,Paid Date,Trans No,Amount,"
    "Capital or Revenue,Supplier ID,Supplier Name",
    "Client,Service Area,Expenditure Code,Paid Date,Trans No,Amount,Type of Expenditure,Supplier ID,Supplier Name",
    "body_name,organisational_unit,expenditure_category,expenditure_code,paid_date,trans_no,amount,Type,supplier_id,"
    "supplier_name",
    "Body_Name,Organisational Unit,Expenditure Category,Expenditure Code,Paid Date,Trans No,Amount,"
    "Capital or Revenue,Supplier ID,Supplier Name",
    "Client,Service Area,Expenditure Category,Expenditure Code,Paid Date,Trans No,Amount,Type of Expenditure,"
    "Supplier ID,Supplier Name",
]
OXFORD_CELLS = {
    "amount": '"1,234.50"', "paid": "{day}", "trans": "5100_a", "supplier_id": "S1", "supplier_name": "TOTAL GAS LTD",
    "code": "L4015",
}  # fmt: skip


def test_oxford_in_all_its_headers_and_dates(make_inbox: MakeInbox) -> None:
    inbox = make_inbox("oxford")
    quarters = [
        (a, b, y)
        for y in range(2014, 2018)
        for a, b in (("jan", "mar"), ("apr", "jun"), ("jul", "sep"), ("oct", "dec"))
    ]
    forms = ["%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d-%b-%y", "%d-%b-%Y", "%d.%m.%Y"]
    days = []
    for i, header in enumerate(OXFORD):
        first, last, year = quarters[i]
        days.append(dt.date(year, 3 * (i % 4) + 2, 3))
        cells = OXFORD_CELLS | {"paid": days[-1].strftime(forms[i % 6])}
        row = [
            next((v for k, v in cells.items() if k in name.lower().replace(" ", "_")), "x")
            for name in header.split(",")
        ]
        inbox.put(f"expenditure-over-500-{first}-{last}-{year}.csv", "\n".join([header, ",".join(row)]))
    inbox.load()
    assert set(inbox.reconciled().values()) == {(1, Decimal("1234.50"))}
    assert sorted(inbox.raw("booking_date")) == sorted((day,) for day in days)
    wanted = [("oxford", "5100", "TOTAL GAS LTD", "S1", "L4015", Decimal("1234.50"), "GBP")] * 14
    assert inbox.raw(*EVERY[:6], "currency") == wanted
    assert inbox.repairs() == {}
    assert inbox.rows("SELECT DISTINCT unknown_headers, total_rows FROM deliveries") == [([], 0)]


def test_oxford_dates_without_a_date_come_from_the_quarter(make_inbox: MakeInbox) -> None:
    inbox = make_inbox("oxford")
    row = "x,x,x,L4015,00:00:00,5100_a,10,x,20000000_1,One-time Ltd"
    inbox.put("expenditure-over-500-apr-jun-2014.csv", f"{OXFORD[0]}\n{row}\n")
    inbox.load()
    assert inbox.raw("booking_date", "supplier_id") == [(dt.date(2014, 6, 30), "one-time")]
    assert inbox.repairs() == {("booking_date", "from_period"): 1}


def _value(name: str, kind: str, values: list[str] | None) -> object:
    if values:
        return values[0]
    if name.endswith("month") and kind == "VARCHAR":
        return "2026-03"
    if name in ("from_time", "to_time"):
        return "06:30"
    if ("share" in name or name.endswith("factor")) and kind.startswith("DECIMAL"):
        return Decimal("1.0000")
    typed = {
        "DATE": dt.date(2026, 3, 10), "TIMESTAMP": dt.datetime.fromisoformat("2026-03-10 07:30:15"), "BOOLEAN": True, "INTEGER": 3, "DOUBLE": 0.75,
        "DECIMAL(14,2)": Decimal("12.50"), "DECIMAL(18,4)": Decimal("12.5000"),
    }  # fmt: skip
    return typed.get(kind, f'{name}, "x" å')


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_canonical_files_of_every_raw_table(form: str, make_inbox: MakeInbox) -> None:
    inbox = make_inbox("canonical")
    sent = {}
    for table, stated in load_contracts("raw").items():
        cells = {
            c.name: _value(c.name, c.physical_type, c.said("values")) for c in stated.columns if not c.said("pseudonym")
        }
        cells |= {c.name: "556047-1234" for c in stated.columns if c.said("pseudonym")}
        cells |= {c.name: c.said("grid") for c in stated.columns if c.said("grid")}
        if table == "limits":
            cells |= {"hours": None, "share": None}  # a sum's kind has none
        sent[table] = cells
        frame = pl.DataFrame([cells, cells])
        stream = io.BytesIO()
        frame.write_csv(stream) if form == "csv" else frame.write_parquet(stream)
        inbox.put(f"{table}_2026-03.{form}", stream.getvalue())
    inbox.load()
    for table, cells in sent.items():
        plain = [c.name for c in load_contracts("raw")[table].columns if not c.said("pseudonym")]
        chosen = ", ".join(f'"{name}"' for name in plain)
        assert inbox.rows(f"SELECT {chosen} FROM raw_{table}") == [tuple(cells[name] for name in plain)] * 2, table
    assert inbox.rules() == {}
    assert inbox.rows("SELECT DISTINCT rows_in, month FROM deliveries") == [(2, "2026-03")]


def test_periods_in_file_names() -> None:
    def period(name: str, file: str) -> tuple[str, str] | None:
        found = dialect(name).period(file)
        return (found.first, found.last) if found else None

    assert period("goteborg", "leverantorsfakturor-202001.csv") == ("2020-01", "2020-01")
    assert period("goteborg", "Leverantörsfaktura 2026-07 ver2.csv.gz") == ("2026-07", "2026-07")
    assert period("goteborg", "faktura 20160301.csv") is None
    assert period("goteborg", "faktura 202613.csv") is None
    assert period("orebro", "Orebro.2016-03.xlsx") == ("2016-03", "2016-03")
    assert period("orebro", "Orebro.2016.xlsx") is None
    assert period("oxford", "expenditure-over-500-oct-dec-2015.csv.gz") == ("2015-10", "2015-12")
    assert period("canonical", "ap_postings_2026-10.parquet") == ("2026-10", "2026-10")
    assert period("canonical", "ap_postings.csv") is None
    assert period("lankadedata-1.1", "reskontra 2026-10.csv") is None


def test_each_dialect_is_proposed_for_its_own_layout(tmp_path: Path) -> None:
    headers = {
        "lankadedata-1.1": SPEC, "devon": DEVON.format(vat="VAT Reg no"), "oxford": OXFORD[0],
        "orebro": "Förvaltning;Leverantör;Organisationsnummer;Fakturanummer;Konto;Belopp exkl. moms",
        "umea": "Datum;Förvaltning;Leverantör;Organisationsnummer;konto_nr;konto_text;Belopp;Fakturanummer",
        "goteborg": "Förvaltning;Leverantör;Organisationsnummer;Fakturanummer;Kontonummer;Kontotext;Belopp",
        "canonical": ",".join(EVERY), "visits-lock": VISITS_LOCK, "visits-tag": VISITS_TAG,
        "visits-planning": "Besök;Utförare;Kund;Signatur;Insats;Datum;Utförd start;Utförd slut;Status;Registrering",
    }  # fmt: skip
    assert set(headers) == set(load_dialects())
    for name, header in headers.items():
        path = tmp_path / ("ap_postings.csv" if name == "canonical" else "file.csv")
        path.write_text(header + "\n", encoding="utf-8")
        fits = suggest_dialect(path)
        assert name in [fit for fit, _, missing in fits if not missing]
        assert fits[0][2] == []
    path.write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    assert suggest_dialect(path) == []


WRONG = {
    "unknown key": ("delimeter: ';'", "new.yaml: unknown key 'delimeter', did you mean 'delimiter'?"),
    "key twice": ("title: again", "new.yaml line 4: key 'title' stands twice"),
    "no such column": (
        "columns: {suplier_name: [A]}",
        "new.yaml: raw_ap_postings: no column 'suplier_name', did you mean",
    ),
    "no such table": (
        "table: ap_posting",
        "new.yaml: no contract for table 'ap_posting' in raw, did you mean 'ap_postings'?",
    ),
    "broken pattern": ("table: ap_postings\none_time: '('", "new.yaml: pattern '(' is not valid"),
    "broken hidden": ("hidden: {supplier_name: ['[']}", "new.yaml: pattern '[' is not valid"),
    "no such encoding": ("encodings: [utf-9]", "new.yaml: encoding 'utf-9' is not known"),
    "wrong decimal": ("decimal: ';'", "new.yaml.decimal: unknown value ';'"),
    "wrong thousands": ("thousands: x", "new.yaml: thousands sign 'x' is not"),
    "split of nothing": (
        "table: ap_postings\nsplit: {account: '(?P<account_no>.*)'}",
        "new.yaml: split 'account' has no",
    ),
    "text for a list": ("encodings: utf-8", "new.yaml.encodings: expected a list, found str"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_dialect_file_that_is_wrong_says_where(case: str, tmp_path: Path) -> None:
    line, expected = WRONG[case]
    table = "" if "table:" in line else "table: ap_postings\n"
    (tmp_path / "new.yaml").write_text(f"dialect: new\ntitle: New\n{table}{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_dialects(tmp_path)
    assert str(caught.value).startswith(expected)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 4


def test_a_dialect_must_be_named_as_its_file_and_asked_for_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text("dialect: old\ntitle: New\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="must be named as its file"):
        load_dialects(tmp_path)
    with pytest.raises(ConfigError, match=r"no dialect 'umeå', did you mean 'umea'\?"):
        dialect("umeå")


def test_a_header_may_serve_two_columns_and_the_first_alias_wins() -> None:
    spoken = Dialect(
        "d", "", {"buyer_id": ("kopare_id", "kopare"), "buyer_name": ("kopare_text", "kopare")}, "ap_postings"
    )
    target = contract("raw", "ap_postings")
    assert spoken.map_header(["kopare", "kopare_id"], target) == {"buyer_id": 1, "buyer_name": 0}
    assert spoken.map_header(["kopare", "kopare_text"], target) == {"buyer_id": 0, "buyer_name": 1}
    assert spoken.map_header(["kopare"], target) == {"buyer_id": 0, "buyer_name": 0}
