"""Red flags: one asset per indicator, one op per risk area; any of them may be run alone."""

from collections.abc import Iterator

import dagster as dg

from fut.indicator import Indicator
from pipelines import steps
from pipelines.defs.figures import keyed, listed, picture
from pipelines.defs.house import OFFICER_TEAM, House, step
from reporting.documents.indicators import CLASSES
from reporting.words import filled


def indicator_assets(house: House) -> list[dg.AssetsDefinition]:
    """Return the assets of every risk area whose indicators the municipality runs."""
    areas: dict[str, list[Indicator]] = {}
    for indicator in steps.active_library(house.settings).values():
        areas.setdefault(indicator.area, []).append(indicator)
    return [_area(house, area, found) for area, found in sorted(areas.items())]


def _area(house: House, area: str, found: list[Indicator]) -> dg.AssetsDefinition:
    specs = [_spec(house, indicator) for indicator in found]

    @dg.multi_asset(name=f"indicators_{area}", specs=specs, can_subset=True, **house.partitioned())
    def flags(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        """Flag the months' subjects and count what could and could not be tested."""
        codes = [key.to_user_string() for key in context.selected_asset_keys]
        with step(house) as connection:
            # a month without payments is no known month, here as in `fut run`: a run's id tells which months are
            months = steps.chosen_months(connection, context.partition_keys)
            steps.flag(connection, house.settings, months, codes)
            rows = connection.execute(
                "SELECT indicator, month, status, rows_tested, rows_untested, sek_tested::DOUBLE, sek_untested::DOUBLE,"
                f" fire_rate, alarm FROM out_coverage WHERE indicator IN ({listed(codes)}) AND month IN "
                f"({listed(months)})"
            ).fetchall()
            flagged = {
                code: keyed(
                    connection,
                    f"SELECT service_month, count(*) FROM out_flags WHERE indicator IN ({listed([code])}) GROUP BY 1",
                )
                for code in sorted(codes)
            }
        names = ("status", "rows_tested", "rows_untested", "sek_tested", "sek_untested", "fire_rate", "alarm")
        for code, month, *values in rows:
            said = {name: value for name, value in zip(names, values, strict=True) if value is not None}
            said["flags"] = int(flagged[code].get(month, (0,))[0])
            context.add_asset_metadata(said, code, month)
        for code in sorted(codes):
            status = sorted({row[2] for row in rows if row[0] == code})
            if "error" in status:
                raise dg.Failure(description=f"indicator {code} could not run", allow_retries=False)
            # a picture is repeated in the event of every month of a range, so only short runs carry one
            drawn = picture("Urvalsträffar", {m: v[0] for m, v in flagged[code].items()}) if len(months) < 4 else {}
            yield dg.MaterializeResult(code, metadata={"statuses": ", ".join(status) or "no payments", **drawn})

    return flags


def _spec(house: House, indicator: Indicator) -> dg.AssetSpec:
    values = indicator.parameters(house.settings.indicators.get(indicator.code))
    lines = [
        f"**{indicator.title.sv}** ({indicator.title.en})",
        filled(indicator.means.sv, values, house.settings.currency),
        filled(indicator.means.en, values, house.settings.currency),
        f"Evidence class {indicator.evidence_class}: {CLASSES[indicator.evidence_class].en}. Family {indicator.family}.",
    ]
    return dg.AssetSpec(
        indicator.code,
        deps=sorted(indicator.tables()),
        description="\n\n".join(lines),
        group_name=indicator.area,
        kinds={"duckdb"},
        owners=[OFFICER_TEAM],
        code_version=indicator.digest,
        tags={"family": indicator.family, "evidence_class": indicator.evidence_class},
    )
