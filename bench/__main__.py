"""`python -m bench [--only NAME]`: prints the table and writes var/bench.json."""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from service import Service

from bench import building, comparing, lineage, load, pages, sliding
from bench.git_rows import rows as git_rows
from bench.git_service import git_service
from bench.row import Row

MEASURES = {
    "build-box": building.build_box,
    "build-enclosure": building.build_enclosure,
    "build-assembly": building.build_assembly,
    "build-throughput": load.throughput,
    "build-clients": load.clients,
    "engine-memory": load.memory,
    "slider-box": sliding.slider_box,
    "slider-enclosure": sliding.slider_enclosure,
    "slider-last": sliding.slider_last,
    "build-cached": building.cached,
    "difference": comparing.difference,
    "page-proposal": comparing.proposal_page,
    "lineage-index, sync-push, lineage-push": lineage.index,
    "fork-large": pages.fork_large,
    "service-clone, service-noop-fetch, service-push": git_service,
    "page-design": pages.design_page,
    "page-explore": pages.explore_page,
    "page-family": pages.family_page,
    "page-radar": pages.radar_page,
    "start": pages.second_start,
}


def measured(only: str, folder: Path) -> Iterator[Row]:
    """Starts one service and measures what was asked for, in order."""
    service = Service(folder / "data", "--no-demo", OPENDESIGN_BUILD_SECONDS="120").wait()
    try:
        person = service.join("bench")
        for name, measure in MEASURES.items():
            if only in name:
                yield from measure(service, person, folder)
    finally:
        service.stop()
    if not only or only.startswith("git"):
        yield from git_rows(only or None)


def main() -> None:
    """Measures, prints, writes."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", default="", help="measure only what has this in its name")
    only = parser.parse_args().only
    rows, start = [], time.monotonic()
    print(f"{'':<34}{'goal':>9}{'figure':>11}  ")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for row in measured(only, Path(folder)):
            rows.append(row)
            figure = "–" if row.figure is None else f"{row.figure:.2f} {row.unit}"
            print(f"{row.name:<34}{row.goal:>6g} {row.unit:<2}{figure:>11}  {row.verdict:<8}{row.note}", flush=True)
    path = Path("var/bench.json")
    path.parent.mkdir(exist_ok=True)
    rows_as_data = [asdict(row) | {"verdict": row.verdict} for row in rows]
    path.write_text(json.dumps({"seconds": round(time.monotonic() - start), "rows": rows_as_data}, indent=2))
    print(f"{time.monotonic() - start:.0f} s; written to {path}")


main()
