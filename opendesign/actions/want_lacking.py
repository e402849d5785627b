"""What was made and whose files are gone from the shelf is wanted again."""

from opendesign.actions.house import House
from opendesign.records.build import Build, Comparison, made
from opendesign.records.design import shown_builds

SHOWN = 1  # priority: what designs show is made again before the rest


def want_lacking(house: House) -> int:
    """Wants again each build and comparison that has not all of its files; returns how many. Raises Away."""
    wanted = 0
    with house.reading() as work:
        sizes = {build.key: build.files or {} for build in made(work.session, Build)}
        sizes |= {each.key: each.files or {} for each in made(work.session, Comparison)}
    lacking = house.shelf.lacking(sizes)
    with house.writing() as work:
        shown = shown_builds(work.session)
        for build in made(work.session, Build):
            if build.key in lacking:
                build.state, build.exported_at = "wanted", None
                build.priority = SHOWN if build.key in shown else build.priority
                wanted += 1
        for comparison in made(work.session, Comparison):
            if comparison.key in lacking:
                comparison.state = "wanted"
                wanted += 1
    return wanted
