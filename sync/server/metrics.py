"""What this worker has done since it started, in Prometheus' text format. Numbers only: no tenant, no till, no person.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final

BUCKETS_SECONDS: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """Counts and times, safe to use from any thread."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._seconds: Counter[tuple[str, float]] = Counter()
        self._seconds_sum: Counter[str] = Counter()
        self._facts: Counter[str] = Counter()
        self._runs_spread = 0
        self._waiting = 0
        self._waiting_upward: int | None = None

    def answered(self, route: str, status: int, seconds: float) -> None:
        with self._lock:
            self._requests[route, status] += 1
            for bucket in BUCKETS_SECONDS:
                if seconds <= bucket:
                    self._seconds[route, bucket] += 1
            self._seconds_sum[route] += round(seconds * 1_000_000)

    def took_in(self, statuses: Counter[str]) -> None:
        with self._lock:
            self._facts.update(statuses)

    def spread(self, runs: int, waiting: int) -> None:
        with self._lock:
            self._runs_spread += runs
            self._waiting = waiting

    def told_upward(self, waiting: int) -> None:
        """A hub's: how many batches are still to be told to the server above."""
        with self._lock:
            self._waiting_upward = waiting

    def text(self) -> str:
        with self._lock:
            return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> list[str]:
        own = f'worker="{self._worker}"'
        lines = ["# TYPE regulars_requests_total counter"]
        lines += [
            f'regulars_requests_total{{{own},route="{route}",status="{status}"}} {count}'
            for (route, status), count in sorted(self._requests.items())
        ]
        lines.append("# TYPE regulars_request_seconds histogram")
        for route in sorted({route for route, _ in self._requests}):
            total = sum(count for (one, _), count in self._requests.items() if one == route)
            lines += [
                f'regulars_request_seconds_bucket{{{own},route="{route}",le="{bucket}"}} {self._seconds[route, bucket]}'
                for bucket in BUCKETS_SECONDS
            ]
            lines.append(f'regulars_request_seconds_bucket{{{own},route="{route}",le="+Inf"}} {total}')
            micros = self._seconds_sum[route]
            lines.append(
                f'regulars_request_seconds_sum{{{own},route="{route}"}} {micros // 1_000_000}.{micros % 1_000_000:06d}'
            )
            lines.append(f'regulars_request_seconds_count{{{own},route="{route}"}} {total}')
        lines.append("# TYPE regulars_facts_total counter")
        lines += [
            f'regulars_facts_total{{{own},status="{status}"}} {count}'
            for status, count in sorted(self._facts.items())
        ]
        lines.append("# TYPE regulars_runs_spread_total counter")
        lines.append(f"regulars_runs_spread_total{{{own}}} {self._runs_spread}")
        lines.append("# TYPE regulars_runs_waiting gauge")
        lines.append(f"regulars_runs_waiting{{{own}}} {self._waiting}")
        if self._waiting_upward is not None:
            lines.append("# TYPE regulars_upward_waiting gauge")
            lines.append(f"regulars_upward_waiting{{{own}}} {self._waiting_upward}")
        return lines
