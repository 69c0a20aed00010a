"""The municipality as payer: units, the people who approve, its employees."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulation.calendar import Month
from simulation.identity import accounts, addresses, org_numbers, phones, public_hash
from simulation.parameters import Parameters, Scale
from simulation.settlement import days
from simulation.streams import stream

DEPARTMENTS = (
    "Kommunledning",
    "Samhällsbyggnad",
    "Utbildning",
    "Vård och omsorg",
    "Socialtjänst",
    "Kultur och fritid",
)
ROLES = ("clerk", "unit_manager", "area_manager", "director")
_UNIT_SHARE = (0.08, 0.16, 0.34, 0.26, 0.10, 0.06)
_ACCOUNT_SERIAL, _PHONE_SERIAL, _SIDE_JOB_SERIAL = 400_000, 500_000, 99_000


@dataclass
class Organisation:
    """Units by index: department, two clerks, a manager, an area manager, a director (employee indices)."""

    department: np.ndarray
    clerks: np.ndarray
    managers: np.ndarray  # units x 3: manager, area manager, director
    employees: int
    role: np.ndarray  # by employee
    hired: np.ndarray
    left: np.ndarray
    home_department: np.ndarray
    side_job: dict[int, str]
    same_account: dict[int, str]

    def user(self, index: np.ndarray) -> list[str]:
        """Return user ids of employee indices."""
        return [f"E{(int(n) * 7919 + 4211) % 1_000_003:06d}" for n in index]


def make_organisation(scale: Scale, p: Parameters, horizon: list[Month], seed: int) -> Organisation:
    """Return units and employees; about one unit per 1,200 inhabitants."""
    rng = stream(seed, "organisation")
    units = max(6, scale.inhabitants // 1200)
    department = np.sort(rng.choice(len(DEPARTMENTS), units, p=_UNIT_SHARE))
    department[:6] = np.arange(6)
    department = np.sort(department)
    count = max(units * 4, round(scale.inhabitants * p.ledger.employees_per_inhabitant))
    clerks = np.arange(2 * units).reshape(units, 2)
    area = np.arange(units) // 8
    manager = 2 * units + np.arange(units)
    managers = np.stack([manager, 3 * units + area, 3 * units + units // 8 + 1 + department], axis=1)
    role = np.zeros(count, np.int8)
    for level in range(3):
        role[managers[:, level]] = level + 1
    home = rng.choice(len(DEPARTMENTS), count, p=_UNIT_SHARE)
    home[clerks.ravel()], home[manager] = np.repeat(department, 2), department
    first, last = horizon[0].first, horizon[-1].last
    hired = first - rng.integers(30, 9000, count)
    left = np.where(rng.random(count) < 0.1, first + rng.integers(0, max(last - first, 1), count), last + 1)
    left[: int(managers.max()) + 1] = last + 1
    return Organisation(department, clerks, managers, count, role, hired, left, home, {}, {})


def employees_table(org: Organisation, horizon: list[Month], seed: int) -> pl.DataFrame:
    """Return `employees`; hashes are SHA-256 of letters and digits, so that supplier records can be matched."""
    rng = stream(seed, "employees")
    count = org.employees
    serial = _ACCOUNT_SERIAL + np.arange(count)
    account = accounts(np.full(count, "account"), serial)
    for employee, shared in org.same_account.items():
        account[employee] = shared
    side = stream(seed, "side jobs").random(count) < 0.01
    firms = org_numbers("limited", _SIDE_JOB_SERIAL + np.arange(1000))
    users = org.user(np.arange(count))
    return pl.DataFrame({
        "employee_ref": users, "department": [DEPARTMENTS[d] for d in org.home_department],
        "role": [ROLES[r] if r or n < org.clerks.size else "employee" for n, r in enumerate(org.role)],
        "hired": days(org.hired), "left": days(np.where(org.left > horizon[-1].last, 2**30, org.left)),
        "payee_account_hash": [public_hash(a) for a in account],
        "address_hash": [public_hash(a + str(n)) for n, a in enumerate(addresses(rng, count))],
        "phone_hash": [public_hash(a) for a in phones(_PHONE_SERIAL + np.arange(count))],
        "side_job_org_no": pl.Series(
            [org.side_job.get(n, firms[n % len(firms)] if side[n] else None) for n in range(count)], dtype=pl.String
        ),
    }).sort("employee_ref")  # fmt: skip
