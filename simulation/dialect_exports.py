"""Visits as three systems export them: Swedish headers, semicolons, cp1252, clock times in the system's own way.

They are copies of the canonical visits, written outside the inbox under `dialects/<system>/`, so that a loader's
result can be compared with the canonical table. Traps on purpose: 24:00, end before start past midnight, hh.mm that
looks like decimal hours (and decimal hours in some provider-months), total rows, months one below the other with
their own headers, a header renamed every July, an encoding changed every July.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from simulation.calendar import Month
from simulation.streams import stream
from simulation.world import World

SERVICES_SV = {
    "care": "Omvårdnad", "domestic": "Service", "delegated_nursing": "Delegerad HSL", "escort": "Ledsagning",
    "respite": "Avlösning", "night": "Natt", "alarm": "Larm",
}  # fmt: skip
TASKS_SV = {
    "morning_care": "Morgonomvårdnad",
    "supervision": "Tillsyn",
    "meal": "Måltid",
    "evening_care": "Kvällsomvårdnad",
    "shower": "Dusch",
    "cleaning": "Städ",
    "shopping": "Inköp",
    "laundry": "Tvätt",
    "walk": "Promenad",
    "escort": "Ledsagning",
    "respite": "Avlösning",
    "medication": "Läkemedel",
    "night_round": "Nattillsyn",
    "alarm": "Larm",
}
STATUS_SV = {
    "performed": "Utfört",
    "declined": "Avböjt",
    "cancelled": "Inställt",
    "blank": "Bomkörning",
    "absent": "Frånvarande",
}
METHODS_SV = {
    "lock": "Lås",
    "tag": "NFC",
    "qr": "QR",
    "gps": "GPS",
    "phone": "Telefon",
    "manual": "Manuell",
    "edited": "Redigerad",
}
REASONS_SV = {
    "forgot": "Glömt registrera",
    "phone_dead": "Telefon urladdad",
    "tag_missing": "Tagg saknas",
    "new_client": "Ny kund",
    "new_lock": "Nytt lås",
    "technical": "Teknikfel",
    "no_coverage": "Ingen täckning",
    "changed_visit": "Ändrat besök",
    "outside_home": "Utanför bostad",
    "other": "Annat",
}
_MONTHS_SV = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
              "november", "december")  # fmt: skip
_BEGIN, _MINUTES = (
    pl.coalesce("actual_start", "planned_start"),
    (pl.col("actual_end") - pl.col("actual_start")).dt.total_minutes(),
)


@dataclass
class Exports:
    """Writes the three exports month by month; the planning system's file holds a quarter."""

    world: World
    folder: Path
    _quarter: list[str] = field(default_factory=list)

    def month(self, month: Month, visits: pl.DataFrame) -> None:
        """Export the visits delivered in a month, each provider's by its own system."""
        providers = self.world.providers
        names = np.array(providers.ids)
        for number, (system, write) in enumerate(
            (("lock_system", self._lock), ("tag_app", self._app), ("planning", self._plan))
        ):
            (self.folder / system).mkdir(parents=True, exist_ok=True)
            mine = names[providers.system == number].tolist()
            write(self.folder / system, month, visits.filter(pl.col("provider_id").is_in(mine)))

    def _lock(self, folder: Path, month: Month, visits: pl.DataFrame) -> None:
        client = "Kund" if month.number >= 7 else "Brukare"
        rows = visits.select(
            pl.col("visit_id").alias("BesökID"),
            pl.col("provider_id").alias("Utförare"),
            pl.col("client_ref").alias(client),
            pl.col("carer_ref").alias("Personal"),
            _swedish("service", SERVICES_SV).alias("Insats"),
            _swedish("task", TASKS_SV).alias("Moment"),
            _BEGIN.dt.date().dt.to_string("%Y-%m-%d").alias("Datum"),
            _clock("planned_start", ":").alias("Planerad start"),
            _end_clock("planned_end", "planned_start").alias("Planerad slut"),
            _clock("actual_start", ":").alias("Starttid"),
            _end_clock("actual_end", "actual_start").alias("Sluttid"),
            _duration(_MINUTES, ":").alias("Utförd tid"),
            _swedish("start_method", METHODS_SV).alias("Registreringssätt start"),
            _swedish("end_method", METHODS_SV).alias("Registreringssätt stopp"),
            _swedish("manual_reason", REASONS_SV).alias("Orsak"),
            _swedish("status", STATUS_SV).alias("Status"),
            _moment("registered_at").alias("Registrerad"),
            _moment("edited_at").alias("Ändrad"),
            pl.col("edited_by").alias("Ändrad av"),
            pl.col("device_ref").alias("Telefon"),
            pl.when("double_staffed").then(pl.lit("Ja")).otherwise(pl.lit("Nej")).alias("Dubbelbemanning"),
            pl.col("pair_visit_id").alias("Parbesök"),
            pl.col("decision_id").alias("Beslut"),
            _moment("approved_at").alias("Godkänd"),
            pl.col("approved_by").alias("Attesterad av"),
        )
        total = _total(rows, "BesökID", "Summa", {"Utförd tid": _sum_clock(visits, ":")})
        _save(folder / f"besok_{month.name}.csv", [*_lines(rows), total], "cp1252")

    def _app(self, folder: Path, month: Month, visits: pl.DataFrame) -> None:
        mixed = self._mixed(month, visits)
        decimal_hours = pl.col("provider_id").is_in(mixed)
        length = pl.when(decimal_hours).then(_decimal(_MINUTES / 60)).otherwise(_duration(_MINUTES, "."))
        rows = visits.select(
            pl.col("visit_id").alias("Besöksnr"),
            pl.col("provider_id").alias("Enhet"),
            pl.col("client_ref").alias("Vårdtagare"),
            pl.col("carer_ref").alias("Anställningsnr"),
            _swedish("service", SERVICES_SV).alias("Insatskategori"),
            _swedish("task", TASKS_SV).alias("Insats"),
            _moment("planned_start", ".").alias("Planerad ankomst"),
            _moment("planned_end", ".").alias("Planerad avfärd"),
            _moment("actual_start", ".").alias("Ankomst"),
            _moment("actual_end", ".").alias("Avfärd"),
            length.alias("Utförd tid"),
            _swedish("start_method", METHODS_SV).alias("Kvittens in"),
            _swedish("end_method", METHODS_SV).alias("Kvittens ut"),
            _swedish("manual_reason", REASONS_SV).alias("Avvikelseorsak"),
            _swedish("status", STATUS_SV).alias("Besöksstatus"),
            _decimal(pl.col("distance_start_m")).alias("Avstånd in (m)"),
            _decimal(pl.col("distance_end_m")).alias("Avstånd ut (m)"),
            pl.col("start_x_m").alias("Position X"),
            pl.col("start_y_m").alias("Position Y"),
            pl.col("device_ref").alias("Enhets-ID"),
            _moment("registered_at", ".").alias("Inkommet"),
            _moment("edited_at", ".").alias("Ändringsdatum"),
            pl.col("edited_by").alias("Ändrad av"),
            pl.col("pair_visit_id").alias("Dubbelbesök"),
            pl.col("planned_carer_ref").alias("Planerad personal"),
        )
        encoding = "utf-8-sig" if month.number >= 7 else "cp1252"
        _save(folder / f"kvittenser_{month.name.replace('-', '')}.csv", _lines(rows), encoding)

    def _plan(self, folder: Path, month: Month, visits: pl.DataFrame) -> None:
        rows = visits.select(
            pl.col("visit_id").alias("Besök"),
            pl.col("provider_id").alias("Utförare"),
            pl.col("client_ref").alias("Kund"),
            pl.col("carer_ref").alias("Signatur"),
            pl.col("planned_carer_ref").alias("Planerad signatur"),
            _swedish("service", SERVICES_SV).alias("Insats"),
            _swedish("task", TASKS_SV).alias("Aktivitet"),
            _BEGIN.dt.to_string("%d/%m/%Y").alias("Datum"),
            _clock("planned_start", ".").alias("Planerad start"),
            _end_clock("planned_end", "planned_start", ".").alias("Planerad slut"),
            _clock("actual_start", ".").alias("Utförd start"),
            _end_clock("actual_end", "actual_start", ".").alias("Utförd slut"),
            _decimal((pl.col("planned_end") - pl.col("planned_start")).dt.total_minutes() / 60).alias(
                "Planerad tid (tim)"
            ),
            _decimal(_MINUTES / 60).alias("Utförd tid (tim)"),
            _swedish("status", STATUS_SV).alias("Status"),
            _swedish("start_method", METHODS_SV).alias("Registrering"),
            _swedish("manual_reason", REASONS_SV).alias("Orsak"),
            pl.col("decision_id").alias("Ärendenr"),
        )
        hours = f"{float(visits.select(_MINUTES.sum()).item() or 0) / 60:.2f}".replace(".", ",")
        total = _total(rows, "Besök", "Totalt", {"Utförd tid (tim)": hours})
        self._quarter += [f"Månad: {_MONTHS_SV[month.number - 1]} {month.name[:4]}", *_lines(rows), total, ""]
        if month.number % 3 == 0 or month.index == len(self.world.horizon) - 1:
            _save(folder / f"utfall_{month.name[:4]}_kv{(month.number + 2) // 3}.csv", self._quarter, "cp1252")
            self._quarter = []

    def _mixed(self, month: Month, visits: pl.DataFrame) -> list[str]:
        """Return providers whose hours are decimal in this file although the others' are hh.mm."""
        if not self.world.errors:
            return []
        rng = stream(self.world.seed, "hour mix", month.key)
        providers = self.world.providers.ids
        chosen = rng.random(len(providers)) < self.world.p.visit_errors.hour_minute_mix
        return [p for p, hit in zip(providers, chosen.tolist(), strict=True) if hit]


def _swedish(column: str, words: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(words, default=None, return_dtype=pl.String)


def _clock(column: str, sign: str) -> pl.Expr:
    return pl.col(column).dt.to_string(f"%H{sign}%M")


def _end_clock(column: str, start: str, sign: str = ":") -> pl.Expr:
    """Return the clock time of an end; midnight at the end of the start's day is 24:00."""
    midnight = (pl.col(column).dt.time() == pl.time(0, 0)) & (pl.col(column).dt.date() > pl.col(start).dt.date())
    return pl.when(midnight).then(pl.lit(f"24{sign}00")).otherwise(_clock(column, sign))


def _moment(column: str, sign: str = ":") -> pl.Expr:
    return pl.col(column).dt.to_string(f"%Y-%m-%d %H{sign}%M")


def _duration(minutes: pl.Expr, sign: str) -> pl.Expr:
    hours = (minutes // 60).cast(pl.String)
    return hours + pl.lit(sign) + (minutes % 60).cast(pl.String).str.zfill(2)


def _decimal(number: pl.Expr) -> pl.Expr:
    text = number.cast(pl.Float64).round(2).cast(pl.String)
    return text.str.replace(".", ",", literal=True)


def _sum_clock(visits: pl.DataFrame, sign: str) -> str:
    total = int(visits.select(_MINUTES.sum()).item() or 0)
    return f"{total // 60}{sign}{total % 60:02d}"


def _total(rows: pl.DataFrame, first: str, word: str, values: dict[str, str]) -> str:
    return ";".join({first: word, **values}.get(name, "") for name in rows.columns)


def _lines(rows: pl.DataFrame) -> list[str]:
    """Return header and rows as text lines."""
    return rows.write_csv(separator=";", null_value="", line_terminator="\n").splitlines()


def _save(path: Path, lines: list[str], encoding: str) -> None:
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
