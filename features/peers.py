"""Comparison with peers that is fair to the small: expressions to be used inside features.

A peer group is the rows of one month with the same main kind of purchase; with fewer than 20 of them, all rows of
the month.
"""

import polars as pl

GROUP = ("month", "peer_group")
ENOUGH = 20
MAD_TO_SD = 1.4826


def over_peers(within: pl.Expr) -> pl.Expr:
    """Return `within`, an expression written for one group, taken over the row's peers."""
    return pl.when(has_own_group()).then(within.over(GROUP)).otherwise(within.over("month"))


def has_own_group() -> pl.Expr:
    """Return whether the row's peers are those of its group, not all rows of the month."""
    return pl.len().over(GROUP) >= ENOUGH


def robust_z(value: pl.Expr) -> pl.Expr:
    """Return (x - median) / (1.4826 MAD) among the peers; zero where they do not spread."""
    deviation = value - value.median()
    spread = MAD_TO_SD * deviation.abs().median()
    return over_peers(pl.when(spread > 0).then(deviation / spread).when(spread == 0).then(0.0))


def shrunk_rate(hits: pl.Expr, exposure: pl.Expr, weight: float) -> pl.Expr:
    """Return the rate less the peers' rate, after adding `weight` units of exposure at the peers' rate.

    A payee with little exposure is pulled to its peers: the posterior mean under a Beta prior worth `weight`.
    """
    common = hits.sum() / exposure.sum()
    return over_peers((hits + weight * common) / (exposure + weight) - common)


def funnel_z(hits: pl.Expr, exposure: pl.Expr) -> pl.Expr:
    """Return how many standard deviations a rate lies from the peers' rate, allowing for over-dispersion.

    Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in Medicine 24: the rate
    on the arcsine scale with variance 1/4n, the naive z winsorised at 10 and 90 %, its mean square phi, and an
    additive variance between payees tau2 = max(0, (I phi - (I - 1)) / (sum w - sum w2 / sum w)), w = 4n.
    Zero where nobody or everybody has a hit.
    """
    weight = 4 * exposure.cast(pl.Float64)
    common = (hits.sum() / exposure.sum()).sqrt().arcsin()
    deviation = (hits / exposure).sqrt().arcsin() - common
    naive = deviation * weight.sqrt()
    low, high = naive.quantile(0.1), naive.quantile(0.9)
    phi = pl.min_horizontal(pl.max_horizontal(naive, low), high).pow(2).mean()
    spare = weight.sum() - weight.pow(2).sum() / weight.sum()
    between = ((pl.len() * phi - (pl.len() - 1)) / spare).clip(lower_bound=0)
    varies = (hits.sum() > 0) & (hits.sum() < exposure.sum())
    return over_peers(pl.when(varies & (spare > 0)).then(deviation / (1 / weight + between).sqrt()).otherwise(0.0))
