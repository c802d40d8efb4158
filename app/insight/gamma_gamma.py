"""Gamma-Gamma: what a member's visits are worth on average, shrunk towards the shop where there are few of them.

Only members with repeat visits teach the model, and it assumes that how much somebody spends says nothing of how often they come: look
at ``correlation`` before believing it.

Fader, Hardie & Lee 2005, J. Marketing Research 42(4) 415; brucehardie.com, note 025.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from app.insight.columns import Floats, Ints, frozen
from app.insight.fitting import Fit, fit
from app.insight.gamma_functions import digamma, log_gamma
from app.insight.values import Period, TooLittle

REPEATERS_MIN: Final = 100


@dataclass(frozen=True, slots=True, eq=False)
class GammaGamma:
    """p, q and v of the shop, v in the unit of the money given. ``correlation``: between visits and spend; near 0 is as it should be."""

    period: Period
    n: int
    p: float
    q: float
    v: float
    correlation: float
    log_likelihood: float
    fit: Fit = field(repr=False)

    @property
    def shop_mean(self) -> float:
        """What a visit of a member nothing is known of is worth."""
        return self.p * self.v / (self.q - 1)


def fit_gamma_gamma(x: Ints, mean_spend: Floats, period: Period) -> GammaGamma | TooLittle:
    """From repeat visits and their mean spend; members without either are passed over. Too little under 100 others."""
    taught = (x > 0) & (mean_spend > 0)
    n = int(taught.sum())
    if n < REPEATERS_MIN:
        return TooLittle("repeat_buyers", n, REPEATERS_MIN)
    visits, spend = x[taught].astype(np.float64), mean_spend[taught]
    scale = float(spend.mean())
    found = fit(_Likelihood(visits, spend / scale), 3)
    p, q, v = (float(value) for value in found.parameters)
    if not found.is_settled or q <= 1:
        return TooLittle("settled_parameters", 0, 3)
    is_varied = visits.std() > 0 and spend.std() > 0
    correlation = float(np.corrcoef(visits, spend)[0, 1]) if is_varied else 0.0
    likelihood = found.log_likelihood - n * float(np.log(scale))
    return GammaGamma(period, n, p, q, v * scale, correlation, likelihood, found)


def expected_spend(model: GammaGamma, x: Ints, mean_spend: Floats) -> Floats:
    """E[a visit's spend] of each member: their own mean, the more trusted the more visits; the shop's where there are none."""
    known = (x > 0) & (mean_spend > 0)
    seen = np.where(known, x, 0) * model.p
    own = np.where(known, mean_spend, 0.0)
    result: Floats = (model.p * model.v + seen * own) / (seen + model.q - 1)
    return frozen(result)


class _Likelihood:
    """ln L and its slope; gamma functions once for each number of visits."""

    def __init__(self, x: Floats, spend: Floats) -> None:
        self._x, self._spend = x, spend
        self._distinct, self._weight = np.unique(x, return_counts=True)
        self._log_spend, self._log_x = np.log(spend), np.log(x)

    def __call__(self, parameters: Floats) -> tuple[float, Floats]:
        p, q, v = (float(value) for value in parameters)
        x, n = self._x, len(self._x)
        shape, weight = p * self._distinct, self._weight
        total = x * self._spend + v
        log_total = np.log(total)
        value = float(
            weight @ (log_gamma(shape + q) - log_gamma(shape))
            + n * (q * np.log(v) - log_gamma([q])[0])
            + ((p * x - 1) * self._log_spend + p * x * self._log_x - (p * x + q) * log_total).sum()
        )
        slope_shape = digamma(shape + q)
        by_p = weight @ (self._distinct * (slope_shape - digamma(shape))) + float(
            x @ (self._log_spend + self._log_x - log_total)
        )
        by_q = weight @ slope_shape + n * (np.log(v) - digamma([q])[0]) - log_total.sum()
        by_v = n * q / v - ((p * x + q) / total).sum()
        return value, np.array([float(by_p), float(by_q), float(by_v)])
