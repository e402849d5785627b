"""A job says that one more thing is wanted; which is made next, fairness decides."""

from opendesign.actions.build import make_claimed_build, patience
from opendesign.actions.house import House
from opendesign.actions.inspect_design import make_claimed_inspection
from opendesign.actions.make_comparison import PATIENCE, make_claimed_comparison
from opendesign.actions.pin import PATIENCE as SPOT_PATIENCE
from opendesign.actions.pin import make_claimed_spot
from opendesign.actions.release_claimed import released_when_away
from opendesign.cad.shelf import MAKING
from opendesign.records.build import Build, Comparison, Kind
from opendesign.records.challenge import challenges_awaiting
from opendesign.records.inspection import Inspection
from opendesign.records.spot import Spot
from opendesign.records.turn import take_turn

JUDGING = 5  # priority: a look at the records, for which nothing is made


def make_wanted(house: House, key: str = "") -> str:
    """Makes what is wanted and whose turn it is, and returns its state; `key` is what the job was put in for.

    Every wish puts one job in the queue and every job makes one thing, so all of them are made, and a thousand wishes
    of one person do not stand before the next person's. Raises Unbuildable when the engine is off, Away when nothing
    that is made can be kept.
    """
    house.shelf.ask()
    with house.noting() as work:
        usual = patience(house)
        wanted: dict[Kind, float] = {Build: usual, Comparison: PATIENCE, Inspection: usual, Spot: SPOT_PATIENCE}
        turn = take_turn(work.session, wanted)
    if turn is None:
        return "nothing"
    state = _make(house, *turn)
    with house.reading() as work:
        judging = challenges_awaiting(work.session, turn[1])
    for challenge in judging:
        house.queue.put("challenge", str(challenge), JUDGING)
    return state


def _make(house: House, kind: Kind, chosen: str) -> str:
    with house.shelf.alone(chosen, MAKING), released_when_away(house, kind, chosen):
        if kind is Build:
            return make_claimed_build(house, chosen, background=True)
        if kind is Inspection:
            return make_claimed_inspection(house, chosen, background=True)
        return make_claimed_spot(house, chosen) if kind is Spot else make_claimed_comparison(house, chosen)
