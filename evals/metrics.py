"""Rates with their intervals, from scores; the statistics are scipy's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.scorers import Score


@dataclass(frozen=True, slots=True)
class Rate:
    """``passed`` of ``total`` with the 95 % Wilson interval; without cases ``value`` and interval are None."""

    passed: int
    total: int
    low: float | None
    high: float | None

    @property
    def value(self) -> float | None:
        return self.passed / self.total if self.total else None

    def as_json(self) -> dict[str, float | int | None]:
        return {"passed": self.passed, "total": self.total, "rate": self.value, "low": self.low, "high": self.high}


def rate(passed: int, total: int) -> Rate:
    if not total:
        return Rate(0, 0, None, None)
    from scipy.stats import binomtest

    interval = binomtest(passed, total).proportion_ci(confidence_level=0.95, method="wilson")
    return Rate(passed, total, float(interval.low), float(interval.high))


def rate_of(scores: Iterable[Score]) -> Rate:
    """Over the scores that apply (value not None)."""
    values = [score.value for score in scores if score.value is not None]
    return rate(sum(values), len(values))


def rates_by_scorer(scored: Sequence[Mapping[str, Score]]) -> dict[str, Rate]:
    """One rate per scorer over cases; scorers with parts have a second one, over the parts ("facts stated, each")."""
    rates: dict[str, Rate] = {}
    for name in scored[0] if scored else ():
        column = [row[name] for row in scored]
        rates[name] = rate_of(column)
        parts = [s.part for s in column if s.part is not None]
        if parts:
            rates[f"{name}, each"] = rate(sum(p for p, _ in parts), sum(n for _, n in parts))
    return rates


def quantile(values: Sequence[float], q: float) -> float | None:
    if not values:
        return None
    import numpy

    return float(numpy.quantile(values, q))


def mcnemar_p(worse: int, better: int) -> float | None:
    """Two-sided exact McNemar test: are flips to the worse and to the better equally likely? None without a flip."""
    if not worse + better:
        return None
    from scipy.stats import binomtest

    return float(binomtest(worse, worse + better, 0.5).pvalue)
