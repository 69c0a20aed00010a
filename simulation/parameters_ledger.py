"""Parameters of the supplier ledger: categories of suppliers, invoices, honest errors.

Sources: [domain 3] ledger facts and limits, Kommun-Bas account groups, [detection] base rate of true duplicates;
the rest [assumed].
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """One kind of purchase. `kind`: regular, fixed (same amount monthly), hours (price list), project."""

    name: str
    account_no: str
    account_text: str
    department: str
    kind: str
    supplier_share: float
    weight: float  # invoices per supplier, relative
    median_sek: float  # invoice net of VAT
    sigma: float
    vat_share: float
    postings: float  # mean postings per invoice
    contract_share: float  # suppliers on a contract
    words: tuple[str, ...]


CATEGORIES = (
    Category("Lokalhyra", "6010", "Lokalhyror", "Samhällsbyggnad", "fixed", 0.07, 1.2, 19_000, 1.0, 0.25, 1.6,
             0.85, ("Fastigheter", "Lokaler")),
    Category("Abonnemang och licenser", "6850", "Licenser och abonnemang", "Kommunledning", "fixed", 0.11, 1.0,
             2_400, 1.1, 0.25, 1.3, 0.3, ("Data", "System", "Media")),
    Category("Livsmedel", "6430", "Livsmedel", "Utbildning", "regular", 0.03, 9.0, 2_600, 1.0, 0.12, 2.8, 0.8,
             ("Livs", "Grossist", "Bageri")),
    Category("Förbrukningsmaterial", "6420", "Förbrukningsmaterial", "Vård och omsorg", "regular", 0.14, 2.5,
             1_400, 1.15, 0.25, 2.4, 0.45, ("Handel", "Material", "Papper")),
    Category("El och värme", "6210", "El, värme, vatten", "Samhällsbyggnad", "regular", 0.02, 4.0, 6_500, 1.2,
             0.25, 3.4, 0.7, ("Energi", "Värme")),
    Category("Bygg och underhåll", "6610", "Reparation och underhåll", "Samhällsbyggnad", "regular", 0.17, 1.6,
             5_200, 1.3, 0.25, 2.2, 0.5, ("Bygg", "Rör", "El", "Måleri")),
    Category("Entreprenad", "6160", "Entreprenader", "Samhällsbyggnad", "project", 0.04, 0.7, 48_000, 1.3, 0.25,
             2.0, 0.8, ("Entreprenad", "Anläggning", "Mark")),
    Category("Konsulter", "7430", "Konsulttjänster", "Kommunledning", "hours", 0.09, 0.8, 27_000, 0.8, 0.25, 1.5,
             0.6, ("Konsult", "Teknik", "Arkitekter")),
    Category("Bemanning", "7440", "Inhyrd personal", "Vård och omsorg", "hours", 0.02, 2.2, 30_000, 0.8, 0.25,
             1.8, 0.85, ("Bemanning", "Personal")),
    Category("Skola och förskola", "4620", "Köp av verksamhet, utbildning", "Utbildning", "fixed", 0.025, 1.0,
             140_000, 0.8, 0.0, 1.8, 0.2, ("Friskola", "Förskola")),
    Category("Placeringar", "4640", "Köp av vård, placeringar", "Socialtjänst", "regular", 0.035, 1.3, 50_000,
             0.7, 0.0, 1.3, 0.5, ("Vård", "Behandling", "Familjehem")),
    Category("Transporter", "7010", "Transporter och skolskjuts", "Utbildning", "regular", 0.04, 2.0, 5_200, 1.2,
             0.06, 2.4, 0.6, ("Buss", "Taxi", "Åkeri")),
    Category("Utbildning och konferens", "7310", "Kurser och konferenser", "Kommunledning", "regular", 0.13, 0.5,
             5_600, 0.9, 0.25, 1.4, 0.05, ("Kurs", "Konferens", "Hotell")),
    Category("Kultur och fritid", "7220", "Arrangemang", "Kultur och fritid", "regular", 0.08, 0.5, 4_900, 1.0,
             0.06, 1.3, 0.05, ("Scen", "Event", "Förlag")),
)  # fmt: skip


@dataclass(frozen=True)
class SupplierLedger:
    """Size and habits of the ledger; the first categories' shares above are of all suppliers."""

    categories: tuple[Category, ...] = CATEGORIES
    suppliers_per_inhabitant: float = 0.09
    one_time_share: float = 0.35
    new_per_year: float = 0.08  # suppliers that appear within a year
    zipf: float = 0.85
    postings_per_invoice: float = 2.15  # mean over all invoices
    month_factor: tuple[float, ...] = (1.02, 0.95, 1.02, 0.98, 1.0, 1.05, 0.75, 0.88, 1.0, 1.03, 1.05, 1.6)
    last_week_december: float = 2.0
    weekend_entry: float = 0.01
    terms_days: tuple[tuple[int, float], ...] = ((30, 0.86), (20, 0.06), (10, 0.05), (60, 0.03))
    payment_weekdays: tuple[int, int] = (1, 3)  # Tuesday, Thursday
    channels: tuple[tuple[str, float], ...] = (
        ("e_invoice", 0.82), ("scan", 0.10), ("pdf", 0.06), ("manual", 0.02),
    )  # fmt: skip
    account_kinds: tuple[tuple[str, float], ...] = (
        ("bankgiro", 0.86), ("plusgiro", 0.07), ("account", 0.05), ("iban", 0.02),
    )  # fmt: skip
    association_share: float = 0.04  # suppliers that are associations or foundations
    partnership_share: float = 0.03
    limits: tuple[tuple[str, str | None, int, str], ...] = (
        ("direct_award", None, 700_000, "2022-01-01"),
        ("documentation", None, 100_000, "2022-01-01"),
        ("approval", "unit_manager", 50_000, "2020-01-01"),
        ("approval", "area_manager", 250_000, "2020-01-01"),
        ("approval", "director", 1_000_000, "2020-01-01"),
    )
    index_share: tuple[float, float] = (0.01, 0.04)  # yearly rise of fixed fees
    hourly_price_sek: tuple[float, float] = (620.0, 1_280.0)  # consultants and staffing
    price_point_share: float = 0.05  # suppliers whose fee lies just under a limit for lawful reasons
    employees_per_inhabitant: float = 0.06


@dataclass(frozen=True)
class LedgerErrors:
    """Honest errors and look-alikes, share of invoices unless noted [spec 11.6, detection base rates]."""

    duplicate_paid: float = 0.0002
    cancelled_rebooked: float = 0.0020
    instalments: float = 0.0015  # equal amounts, same day, lawful
    credit_note: float = 0.03
    credit_days: tuple[int, int] = (5, 70)
    credited_duplicate: float = 0.25  # of true duplicates: later credited back
    wrong_account: float = 0.02
    wrong_vat: float = 0.001
    digit_slip: float = 0.0003  # amount with a shifted or doubled digit
    bad_org_no: float = 0.08  # suppliers
    twins: float = 0.06  # suppliers
    factoring: float = 0.02  # suppliers
    factors: int = 3
    bank_change_year: float = 0.04  # suppliers
    master_change_year: float = 0.06  # address, phone, name
    no_order: float = 0.65
    substitute: float = 0.06
    same_approver: float = 0.004
    no_f_tax: float = 0.006  # suppliers
    bankrupt: float = 0.004
