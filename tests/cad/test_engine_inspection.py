"""Hostile and clumsy checks in a real jail: none is taken for one that held."""

import engine_fixture
import pytest

from opendesign.cad.engine import Engine, Job, ended
from opendesign.cad.outcome import Outcome
from opendesign.core.inspection import read_results

HEAVY = "def check_light():\n    assert False, 'too heavy'\n"
HELD = '{"ok": true, "checks": [{"name": "check_light", "state": "held", "message": "", "seconds": 0}]}'
WRITE = (
    "import os, struct\nfor text in ({facts!r},):\n    os.write(4, struct.pack('<IQ', 0, len(text)) + text.encode())\n"
)


@pytest.fixture
def engine(request) -> Engine:
    return engine_fixture.shared(request, "namespaces")


def inspected(engine: Engine, text: str, seconds: float = 20, **files: str) -> Outcome:
    own = {"checks.py": text.encode()} | {f"{name}.py": content.encode() for name, content in files.items()}
    return ended(
        engine.inspect(["check_light"], {"bad.py": "does not build"}, Job("checks.py", own, (), seconds=seconds))
    )


def state(outcome: Outcome) -> tuple[str, str]:
    found = read_results(outcome.result["checks"], ["check_light"])["check_light"]
    return found["state"], found["message"]


def test_a_check_that_fails_or_is_no_function_says_so(engine) -> None:
    assert state(inspected(engine, HEAVY)) == ("failed", "too heavy")
    assert state(inspected(engine, "check_light = 3\n"))[0] == "error"
    assert state(inspected(engine, HEAVY.replace("assert False", "assert True"))) == ("held", "")


def test_one_that_never_ends_is_ended_and_named_in_the_log(engine) -> None:
    outcome = inspected(engine, "def check_light():\n    while True:\n        pass\n", seconds=1)
    assert outcome.kind == "time" and outcome.log.splitlines()[-1] == "check_light …"


def test_one_that_prints_without_end_loses_words_alone(engine) -> None:
    flood = "def check_light():\n    for _ in range(9000):\n        print('x' * 100)\n    assert False, 'too heavy'\n"
    outcome = inspected(engine, flood)
    assert state(outcome) == ("failed", "too heavy") and len(outcome.log) < 100_000


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("import os\ndef check_light():\n    os._exit(0)\n", "invalid"),
        ("import os\nos._exit(0)\n", "invalid"),
        ("import ctypes\ndef check_light():\n    ctypes.string_at(0)\n", "crash"),
        (f"{WRITE.format(facts=HELD)}{HEAVY}", "invalid"),
        ("import sys\nsys.exit(1)\n", "script"),
        ("def check_light():\n    return [0] * (1 << 34)\n", "ok"),
        ("def check_light(:\n", "syntax"),
    ],
)
def test_what_ends_before_its_time_holds_nothing(engine, text, kind) -> None:
    outcome = inspected(engine, text)
    assert (outcome.kind or "ok") == kind, (outcome, outcome.log)
    assert not outcome.ok or state(outcome)[0] == "error"


def test_what_forges_without_a_name_came_back_without_a_result(engine) -> None:
    forged = WRITE.format(facts='{"ok": true, "checks": []}')
    outcome = inspected(engine, f"{forged}os._exit(0)\n{HEAVY}")
    assert state(outcome) == ("error", "it came back without a result")


def test_the_script_of_a_part_does_not_run_beside_a_check(engine) -> None:
    """Bob's part forges what it likes; ada's check sees its shape and not its code."""
    forge = f"{WRITE.format(facts=HELD)}os._exit(0)\n"
    assert state(inspected(engine, "def check_light(parts):\n    parts['bad.py']\n", bad=forge))[0] == "error"
    assert state(inspected(engine, f"import bad\n{HEAVY}", bad=forge)) == ("held", ""), "so an import is said"
