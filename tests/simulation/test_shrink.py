"""A long story becomes the few steps that matter, and the others stay as they were."""

from __future__ import annotations

from app.simulation.plan import Deed, Fault, Plan, Step, make_plan
from app.simulation.shrink import shrink


def a_plan(*deeds: Deed) -> Plan:
    steps = tuple(Step(number, number * 1_000, deed, 0, number * 7) for number, deed in enumerate(deeds, 1))
    return Plan(1, steps, dict.fromkeys(Fault, 0.1))


def restores_after_an_image(plan: Plan) -> bool:
    """The planted bug: it shows when a disk is put back after it was copied, and only on a line that loses answers."""
    deeds = [step.deed for step in plan.steps]
    if not plan.faults[Fault.ANSWER_LOST] or Deed.IMAGE not in deeds:
        return False
    return Deed.RESTORE in deeds[deeds.index(Deed.IMAGE) :]


def test_only_the_steps_and_the_faults_that_matter_are_left() -> None:
    noise = [Deed.SALE, Deed.SYNC] * 40
    plan = a_plan(*noise, Deed.IMAGE, *noise, Deed.RESTORE, *noise)
    shorter = shrink(plan, restores_after_an_image)
    assert [step.deed for step in shorter.steps] == [Deed.IMAGE, Deed.RESTORE]
    assert [step.number for step in shorter.steps] == [81, 162]
    assert [fault for fault, chance in shorter.faults.items() if chance] == [Fault.ANSWER_LOST]


def test_a_bound_on_the_tries_leaves_a_story_that_still_breaks() -> None:
    plan = a_plan(*[Deed.SALE] * 50, Deed.IMAGE, Deed.RESTORE)
    shorter = shrink(plan, restores_after_an_image, tries_max=3)
    assert restores_after_an_image(shorter)


def test_a_plan_follows_from_its_seed_alone() -> None:
    assert make_plan(7, 200) == make_plan(7, 200)
    assert make_plan(7, 200) != make_plan(8, 200)
    assert len(make_plan(7, 200).steps) == 200


def test_what_is_wanted_happens() -> None:
    for seed in range(5):
        plan = make_plan(seed, 300, (Deed.SERVER_RESTORE, Fault.PORTAL))
        assert plan.faults[Fault.PORTAL] > 0
        assert any(step.deed is Deed.SERVER_RESTORE for step in plan.steps)


def test_most_seeds_lack_most_of_what_can_go_wrong() -> None:
    plans = [make_plan(seed, 10) for seed in range(200)]
    calm = sum(not chance for plan in plans for chance in plan.faults.values())
    assert 0.4 < calm / (len(plans) * len(Fault)) < 0.8
