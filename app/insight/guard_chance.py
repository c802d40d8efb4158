"""How likely a share is by chance: the tail of the binomial distribution, from logarithms so that large counts do not overflow."""

from __future__ import annotations

from math import exp, lgamma, log


def at_least(successes: int, trials: int, share: float) -> float:
    """P(X ≥ successes) for X ~ Binomial(trials, share)."""
    assert 0 <= successes <= trials
    if successes == 0 or share >= 1.0:
        return 1.0
    if share <= 0.0:
        return 0.0
    return min(1.0, sum(exp(_log_chance(count, trials, share)) for count in range(successes, trials + 1)))


def _log_chance(count: int, trials: int, share: float) -> float:
    ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
    return ways + count * log(share) + (trials - count) * log(1.0 - share)
