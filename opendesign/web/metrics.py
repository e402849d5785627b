"""Metrics for Prometheus, at /metrics.

What each process counts (requests, bytes) goes through the client's multi-process mode: every process of the web has a
file of its own below `Settings.here`, and whichever answers adds all of them up. What the records know (jobs, builds,
storage) is asked of the database while answering, so that it is the same whoever answers. No label holds a name that
somebody chose: routes, methods, statuses and states are few.
"""

import hmac
import os
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from opendesign.actions.take_stock import Stock, take_stock
from opendesign.core.errors import NotFound
from opendesign.web.visit import house

pages = Blueprint("metrics", __name__)
METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")
LOOPBACK = ("127.", "::1", "::ffff:127.")

OWN = CollectorRegistry()
REQUESTS = Counter("opendesign_requests", "Requests answered.", ["route", "method", "status"], registry=OWN)
SECONDS = Histogram(
    "opendesign_request_seconds", "Until the first byte of the answer.", ["route"], buckets=BUCKETS, registry=OWN
)
GIT_BYTES = Counter("opendesign_git_bytes", "Bytes of fetches and pushes.", ["service", "direction"], registry=OWN)


def observe(route: str, method: str, status: int, seconds: float) -> None:
    """Counts a request."""
    REQUESTS.labels(route, method if method in METHODS else "other", status).inc()
    SECONDS.labels(route).observe(seconds)


def count_git(service: str, direction: str, size: int) -> None:
    """Counts bytes that went `in` or `out` over git."""
    GIT_BYTES.labels(service, direction).inc(size)


@pages.get("/metrics")
def metrics() -> Response:
    """Tells monitors on this machine, or with the token, how the service is doing."""
    need_monitor()
    registry = OWN
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    text = generate_latest(registry) + generate_latest(_Records(take_stock(house())))
    return Response(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def need_monitor() -> None:
    """Raises NotFound for whoever asks neither from this machine itself nor with the token.

    A proxy on this machine asks for others: what it forwards is not from here.
    """
    token = house().settings.metrics_token
    sent = request.authorization
    if token and sent and sent.type == "bearer" and hmac.compare_digest((sent.token or "").encode(), token.encode()):
        return
    here = (request.remote_addr or "").startswith(LOOPBACK) and not any(name in request.headers for name in FORWARDED)
    if not here:
        raise NotFound("There is no page at this address.")


class _Records:
    """What the records know, as Prometheus collects it."""

    def __init__(self, stock: Stock):
        self.stock = stock

    def collect(self) -> Iterator[Metric]:
        """Yields each family of figures."""
        stock = self.stock
        yield _gauge("people", "People who have joined.", stock.people)
        yield _gauge("designs", "Designs.", stock.designs)
        yield _gauge("queue_jobs", "Jobs in the queue.", stock.queued)
        yield _gauge("queue_age_seconds", "How long what waits the longest has been waiting.", stock.waited)
        yield _gauge("failed_jobs", "Jobs that failed and wait for an operator.", stock.mishaps)
        yield _gauge("open_reports", "Reports of abuse that wait for an operator.", stock.reports)
        yield _gauge("disk_free_bytes", "Free bytes where the data is.", stock.free)
        yield _gauge("process_memory_bytes", "Memory of the web's processes.", memory())
        yield _labelled("storage_bytes", "Bytes of all designs.", "kind", stock.storage)
        yield _labelled("database_connections", "Of the process that answers.", "state", stock.pool)
        yield from _made(stock)
        yield from _engine(stock.engine)


def _made(stock: Stock) -> Iterator[Metric]:
    family = GaugeMetricFamily("opendesign_made", "Builds and what is made of them.", labels=["kind", "state"])
    for kind, states in stock.states.items():
        for state in ("wanted", "making", "made", "failed"):
            family.add_metric([kind, state], states.get(state, 0))
    yield family
    count = CounterMetricFamily("opendesign_builds_ended", "Builds that have ended.", labels=["state"])
    seconds = CounterMetricFamily("opendesign_build_seconds", "Seconds these took.", labels=["state"])
    for state, (number, total) in stock.built.items():
        count.add_metric([state], number)
        seconds.add_metric([state], total)
    yield count
    yield seconds


def _engine(status: dict) -> Iterator[Metric]:
    yield _gauge("engine_open", "1 while parts can be built.", int(status["open"]))
    counts = {name: status[name] for name in ("slots", "running", "queued")}
    yield _labelled("engine", "Slots of the CAD engine, and jobs that run or wait in it.", "what", counts)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"opendesign_{name}", words, value=value)


def _labelled(name: str, words: str, label: str, values: dict) -> Metric:
    family = GaugeMetricFamily(f"opendesign_{name}", words, labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family


def memory() -> int:
    """Returns the bytes in memory of this process and, below gunicorn, of those beside it; 0 where nobody knows."""
    own, parent = os.getpid(), os.getppid()
    children = Path(f"/proc/{parent}/task/{parent}/children")
    beside = "PROMETHEUS_MULTIPROC_DIR" in os.environ and children.is_file()
    pids = {own, *map(int, children.read_text().split())} if beside else {own}
    return sum(map(_resident, pids))


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
