"""Who may work here and who may approve: no wrong PIN is forgiven, and no two people are the same person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.domain.authority import Operator, Right, Role
from app.domain.errors import ApprovalNeeded, Refused
from app.domain.ids import Uuid7Source
from app.domain.pin import check_new_pin, lock_seconds
from app.domain.transaction import TransactionKind
from app.service.authority import Authority
from app.service.pin_hash import PinCost, PinHasher
from app.service.ports import OperatorSecret
from app.service.session import Session
from app.service.shop import ShopSettings, load_limits
from db.store import SqliteStore, create_store, open_store
from tests.builders import CASHIER, MANAGER, OWNER, SUPERVISOR, a_control, a_header
from tests.fakes import FakeClock, seeded_ids

KEY = bytes(range(32))
PEPPER = b"pepper of the tests"
QUICK = PinCost(memory_kib=8, passes=1)
PINS = {CASHIER.id: "246813", SUPERVISOR.id: "135792", MANAGER.id: "975310", OWNER.id: "864209"}


@dataclass
class Desk:
    path: Path
    clock: FakeClock
    ids: Uuid7Source
    store: SqliteStore
    session: Session
    authority: Authority

    def secret(self, operator: Operator) -> OperatorSecret:
        secret = self.store.people.by_number(operator.number)
        assert secret is not None
        return secret

    def fail(self, operator: Operator, times: int = 1) -> str:
        """Wrong PINs in a row; the code of the last refusal."""
        code = ""
        for _ in range(times):
            with pytest.raises(Refused) as refused:
                self.authority.sign_on(operator.number, "111112")
            code = refused.value.code
        return code

    def events(self) -> list[str]:
        with self.store.engines.reading() as cursor:
            return [
                kind for (kind,) in cursor.execute("SELECT kind FROM audit_event ORDER BY seq").fetchall()
            ]

    def restarted(self) -> Desk:
        self.store.close()
        self.store = open_store(self.path, KEY, self.clock, self.ids)
        self.session = Session(ShopSettings())
        self.authority = Authority(self.store, self.session, self.clock, self.ids, pepper=PEPPER, cost=QUICK)
        return self


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = FakeClock()
    ids = seeded_ids(clock)
    store = create_store(tmp_path / "till.db", KEY, store_code="01", till_code="1", clock=clock, ids=ids)
    session = Session(ShopSettings())
    authority = Authority(store, session, clock, ids, pepper=PEPPER, cost=QUICK)
    for operator in (OWNER, MANAGER, SUPERVISOR, CASHIER):
        authority.add_operator(operator, PINS[operator.id], badge=f"BADGE-{operator.number}")
    opened = Desk(tmp_path / "till.db", clock, ids, store, session, authority)
    yield opened
    opened.store.close()


# --- signing on -------------------------------------------------------------------------------------------------------


def test_the_right_pin_signs_on(desk: Desk) -> None:
    assert desk.authority.sign_on("11", PINS[CASHIER.id]) == CASHIER
    assert desk.session.operator == CASHIER
    assert desk.events()[-1] == "sign_on"


@pytest.mark.parametrize(
    ("number", "pin"),
    [("11", "246814"), ("99", "246813"), ("", ""), ("11", ""), ("11", "24681"), ("11", "２４６８１３")],
)
def test_a_wrong_number_and_a_wrong_pin_are_refused_alike(desk: Desk, number: str, pin: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.authority.sign_on(number, pin)
    assert refused.value.code == "sign_on_failed"
    assert refused.value.fields == {}
    assert desk.session.operator is None


def test_somebody_who_left_cannot_sign_on(desk: Desk) -> None:
    desk.authority.sign_on("41", PINS[OWNER.id])
    desk.authority.change_operator(replace(CASHIER, is_active=False))
    with pytest.raises(Refused) as refused:
        desk.authority.sign_on("11", PINS[CASHIER.id])
    assert refused.value.code == "sign_on_failed"
    with pytest.raises(Refused):
        desk.authority.sign_on_badge("BADGE-11")


def test_a_badge_signs_on_and_an_unknown_one_does_not(desk: Desk) -> None:
    assert desk.authority.sign_on_badge(" BADGE-31 ") == MANAGER
    for badge in ("BADGE-99", "", "  "):
        with pytest.raises(Refused) as refused:
            desk.authority.sign_on_badge(badge)
        assert refused.value.code == "badge_unknown"


def test_an_operator_without_a_badge_is_not_found_by_an_empty_one(desk: Desk) -> None:
    desk.authority.sign_on("41", PINS[OWNER.id])
    desk.authority.change_operator(CASHIER, badge="")
    assert desk.secret(CASHIER).badge_hash == ""
    with pytest.raises(Refused):
        desk.authority.sign_on_badge("BADGE-11")


def test_changing_the_operator_signs_the_former_one_off(desk: Desk) -> None:
    desk.authority.sign_on("11", PINS[CASHIER.id])
    desk.authority.sign_on("21", PINS[SUPERVISOR.id])
    assert desk.session.operator == SUPERVISOR
    assert desk.events()[-3:] == ["sign_on", "sign_off", "sign_on"]


def test_locking_leaves_nobody_at_the_till(desk: Desk) -> None:
    desk.authority.sign_on("11", PINS[CASHIER.id])
    desk.authority.lock()
    assert desk.session.operator is None
    assert desk.events()[-1] == "lock"
    desk.authority.sign_off()
    assert desk.events()[-1] == "lock"


# --- wrong PINs -------------------------------------------------------------------------------------------------------


def test_the_fifth_wrong_pin_locks_even_against_the_right_one(desk: Desk) -> None:
    assert desk.fail(CASHIER, 4) == "sign_on_failed"
    with pytest.raises(Refused) as refused:
        desk.authority.sign_on("11", "111112")
    assert refused.value.fields == {"seconds": 30}
    with pytest.raises(Refused) as refused:
        desk.authority.sign_on("11", PINS[CASHIER.id])
    assert refused.value.code == "operator_locked"
    desk.clock.forward(seconds=30)
    assert desk.authority.sign_on("11", PINS[CASHIER.id]) == CASHIER
    assert desk.secret(CASHIER).failures == 0


def test_each_further_wrong_pin_doubles_the_wait_up_to_a_quarter_of_an_hour(desk: Desk) -> None:
    desk.fail(CASHIER, 5)
    waits = []
    for _ in range(7):
        desk.clock.forward(minutes=15)
        with pytest.raises(Refused) as refused:
            desk.authority.sign_on("11", "111112")
        waits.append(refused.value.fields["seconds"])
    assert waits == [60, 120, 240, 480, 900, 900, 900]
    assert lock_seconds(10**6) == 900


def test_a_restart_forgives_no_wrong_pin(desk: Desk) -> None:
    desk.fail(CASHIER, 5)
    again = desk.restarted()
    with pytest.raises(Refused) as refused:
        again.authority.sign_on("11", PINS[CASHIER.id])
    assert refused.value.code == "operator_locked"


def test_a_wrong_pin_is_on_disk_before_it_is_checked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(PinHasher, "matches", power_cut)
    with pytest.raises(KeyboardInterrupt):
        desk.authority.sign_on("11", "111112")
    assert desk.secret(CASHIER).failures == 1


def test_the_right_pin_takes_the_failures_away(desk: Desk) -> None:
    desk.fail(CASHIER, 4)
    desk.authority.sign_on("11", PINS[CASHIER.id])
    assert desk.fail(CASHIER, 4) == "sign_on_failed"


def test_a_lock_out_touches_nobody_else_and_not_the_badge(desk: Desk) -> None:
    desk.fail(CASHIER, 5)
    assert desk.authority.sign_on("21", PINS[SUPERVISOR.id]) == SUPERVISOR
    assert desk.authority.sign_on_badge("BADGE-11") == CASHIER


def test_a_clock_that_went_back_does_not_lock_somebody_out_for_days(desk: Desk) -> None:
    desk.fail(CASHIER, 5)
    desk.clock.forward(days=-2)
    with pytest.raises(Refused) as refused:
        desk.authority.sign_on("11", PINS[CASHIER.id])
    assert refused.value.fields == {"seconds": 30}
    desk.clock.forward(seconds=30)
    assert desk.authority.sign_on("11", PINS[CASHIER.id]) == CASHIER


def test_an_unknown_number_costs_the_same_work(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    real = PinHasher.matches
    monkeypatch.setattr(
        PinHasher, "matches", lambda hasher, encoded, pin: checked.append(pin) or real(hasher, encoded, pin)
    )
    for number in ("11", "99"):
        with pytest.raises(Refused):
            desk.authority.sign_on(number, "111112")
    assert checked == ["111112", "111112"]
    cost = PinCost(memory_kib=16, passes=3)
    assert not PinHasher(PEPPER, cost).needs_rehash(PinHasher(PEPPER, cost)._nobody())


def test_the_log_of_failures_names_the_person_and_never_what_was_keyed(desk: Desk) -> None:
    desk.fail(CASHIER)
    with pytest.raises(Refused):
        desk.authority.sign_on("246813", "11")
    assert desk.events()[-2:] == ["sign_on_failed", "sign_on_failed"]
    with desk.store.engines.reading() as cursor:
        bodies = b"".join(body for (body,) in cursor.execute("SELECT body FROM fact").fetchall())
    for secret in (b"111112", b"246813"):
        assert secret not in bodies


# --- approval ---------------------------------------------------------------------------------------------------------


def test_within_the_limit_nobody_is_asked(desk: Desk) -> None:
    desk.authority.sign_on("11", PINS[CASHIER.id])
    desk.authority.require(Right.LINE_DISCOUNT, 1000)


def test_over_the_limit_a_second_person_grants_it_once(desk: Desk) -> None:
    desk.authority.sign_on("11", PINS[CASHIER.id])
    with pytest.raises(ApprovalNeeded) as needed:
        desk.authority.require(Right.LINE_DISCOUNT, 2500)
    assert needed.value.fields == {"right": "line_discount", "amount": 2500, "limit": 1000}
    grant = desk.authority.approve(Right.LINE_DISCOUNT, 2500, "21", PINS[SUPERVISOR.id], " 瑕疵品 ")
    desk.authority.require(Right.LINE_DISCOUNT, 2500, grant)
    assert (grant.operator_id, grant.approved_by, grant.reason) == (CASHIER.id, SUPERVISOR.id, "瑕疵品")
    assert desk.session.operator == CASHIER
    with pytest.raises(ApprovalNeeded):
        desk.authority.require(Right.LINE_DISCOUNT, 2600, grant)
    with pytest.raises(ApprovalNeeded):
        desk.authority.require(Right.BASKET_DISCOUNT, 2500, grant)


def test_an_approval_is_kept_with_both_people_and_the_reason(desk: Desk) -> None:
    desk.authority.sign_on("11", PINS[CASHIER.id])
    desk.authority.approve_badge(Right.POST_VOID, 500, "BADGE-31", "刷錯商品")
    with desk.store.engines.reading() as cursor:
        row = cursor.execute(
            "SELECT kind, operator_id, approved_by FROM audit_event ORDER BY seq DESC LIMIT 1"
        ).fetchone()
    assert row == ("approval_granted", CASHIER.id.bytes, MANAGER.id.bytes)


def test_nobody_approves_their_own_request(desk: Desk) -> None:
    desk.authority.sign_on("21", PINS[SUPERVISOR.id])
    for attempt in (
        lambda: desk.authority.approve(Right.POST_VOID, 500, "21", PINS[SUPERVISOR.id], "急"),
        lambda: desk.authority.approve_badge(Right.POST_VOID, 500, "BADGE-21", "急"),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "approval_same_person"


def test_a_role_that_may_not_do_it_may_not_approve_it(desk: Desk) -> None:
    desk.authority.sign_on("11", PINS[CASHIER.id])
    with pytest.raises(Refused) as refused:
        desk.authority.approve(Right.POST_VOID, 9000, "21", PINS[SUPERVISOR.id], "刷錯")
    assert refused.value.code == "approval_not_allowed"
    assert refused.value.fields == {"name": SUPERVISOR.name}
    assert desk.events()[-1] == "approval_denied"


def test_an_approval_needs_a_reason(desk: Desk) -> None:
    desk.authority.sign_on("11", PINS[CASHIER.id])
    with pytest.raises(Refused) as refused:
        desk.authority.approve(Right.NO_SALE, 1, "21", PINS[SUPERVISOR.id], "  ")
    assert refused.value.code == "reason_needed"


def test_wrong_pins_at_an_approval_lock_the_approver_out(desk: Desk) -> None:
    desk.authority.sign_on("11", PINS[CASHIER.id])
    for _ in range(5):
        with pytest.raises(Refused) as refused:
            desk.authority.approve(Right.NO_SALE, 1, "21", "111112", "開櫃")
    assert refused.value.code == "operator_locked"
    assert desk.events()[-1] == "approval_failed"


def test_the_shops_own_limits_are_laid_over_the_defaults(desk: Desk) -> None:
    with desk.store.begin() as work:
        work.put_setting("limits", {"cashier": {"line_discount": 5000, "no_sale": None}})
        work.commit()
    desk.session.limits = load_limits(desk.store.desk.settings())
    desk.authority.sign_on("11", PINS[CASHIER.id])
    desk.authority.require(Right.LINE_DISCOUNT, 5000)
    with pytest.raises(ApprovalNeeded):
        desk.authority.require(Right.BASKET_DISCOUNT, 501)


# --- people -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("12345", "pin_format"),
        ("12345a", "pin_format"),
        ("１２３４５６", "pin_format"),
        ("000000", "pin_too_simple"),
        ("777777", "pin_too_simple"),
        ("123456", "pin_too_simple"),
        ("654321", "pin_too_simple"),
        ("789012", "pin_too_simple"),
        ("100045", "pin_too_simple"),
    ],
)
def test_a_pin_that_everybody_tries_first_is_refused(pin: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_new_pin(pin, "100045")
    assert refused.value.code == code


def test_two_people_may_have_the_same_pin(desk: Desk) -> None:
    desk.authority.sign_on("41", PINS[OWNER.id])
    twin = desk.authority.new_operator("12", "林小明", Role.CASHIER)
    desk.authority.add_operator(twin, PINS[CASHIER.id])
    assert desk.secret(twin).pin_hash != desk.secret(CASHIER).pin_hash
    assert desk.authority.sign_on("12", PINS[CASHIER.id]) == twin


def test_the_same_pin_under_another_pepper_opens_nothing(desk: Desk) -> None:
    stolen = desk.secret(CASHIER).pin_hash
    assert PinHasher(PEPPER, QUICK).matches(stolen, PINS[CASHIER.id])
    assert not PinHasher(b"another pepper entirely", QUICK).matches(stolen, PINS[CASHIER.id])
    assert not PinHasher(PEPPER, QUICK).matches("damaged", PINS[CASHIER.id])


def test_a_pin_is_hashed_again_when_the_cost_was_raised(desk: Desk) -> None:
    before = desk.secret(CASHIER).pin_hash
    dearer = PinCost(memory_kib=16, passes=2)
    Authority(desk.store, desk.session, desk.clock, desk.ids, pepper=PEPPER, cost=dearer).sign_on(
        "11", PINS[CASHIER.id]
    )
    assert desk.secret(CASHIER).pin_hash != before
    assert desk.authority.sign_on("11", PINS[CASHIER.id]) == CASHIER


def test_a_new_pin_lifts_the_lock_out(desk: Desk) -> None:
    desk.fail(CASHIER, 5)
    desk.authority.sign_on("31", PINS[MANAGER.id])
    desk.authority.change_operator(CASHIER, pin="592837")
    assert desk.authority.sign_on("11", "592837") == CASHIER


def test_an_operator_changes_their_own_pin_with_the_old_one(desk: Desk) -> None:
    desk.authority.sign_on("11", PINS[CASHIER.id])
    with pytest.raises(Refused):
        desk.authority.change_own_pin("111112", "592837")
    desk.authority.change_own_pin(PINS[CASHIER.id], "592837")
    assert desk.authority.sign_on("11", "592837") == CASHIER


def test_a_cashier_cannot_change_people(desk: Desk) -> None:
    desk.authority.sign_on("11", PINS[CASHIER.id])
    with pytest.raises(ApprovalNeeded):
        desk.authority.change_operator(replace(CASHIER, role=Role.OWNER))


def test_nobody_gives_or_changes_a_role_above_their_own(desk: Desk) -> None:
    desk.authority.sign_on("31", PINS[MANAGER.id])
    for changed in (replace(MANAGER, role=Role.OWNER), replace(OWNER, role=Role.CASHIER)):
        with pytest.raises(Refused) as refused:
            desk.authority.change_operator(changed, pin="592837")
        assert refused.value.code == "role_too_high"


def test_the_last_owner_stays(desk: Desk) -> None:
    desk.authority.sign_on("41", PINS[OWNER.id])
    for changed in (replace(OWNER, role=Role.MANAGER), replace(OWNER, is_active=False)):
        with pytest.raises(Refused) as refused:
            desk.authority.change_operator(changed)
        assert refused.value.code == "last_owner"


@pytest.mark.parametrize(
    ("number", "name", "code"),
    [
        ("11", "新同事", "operator_number_taken"),
        ("", "新同事", "operator_number_invalid"),
        ("123456789", "新同事", "operator_number_invalid"),
        ("一號", "新同事", "operator_number_invalid"),
        ("55", " ", "operator_name_needed"),
    ],
)
def test_a_person_needs_a_number_of_their_own_and_a_name(
    desk: Desk, number: str, name: str, code: str
) -> None:
    desk.authority.sign_on("41", PINS[OWNER.id])
    with pytest.raises(Refused) as refused:
        desk.authority.add_operator(desk.authority.new_operator(number, name, Role.CASHIER), "592837")
    assert refused.value.code == code


def test_a_badge_belongs_to_one_person(desk: Desk) -> None:
    desk.authority.sign_on("41", PINS[OWNER.id])
    with pytest.raises(Refused) as refused:
        desk.authority.change_operator(CASHIER, badge="BADGE-31")
    assert refused.value.code == "badge_taken"


def test_nobody_lets_themselves_in_once_the_till_has_worked(desk: Desk) -> None:
    with desk.store.begin() as work:
        number = work.next_receipt_number()
        header = replace(
            a_header(TransactionKind.NO_SALE), receipt_number=number.text, counter=number.counter
        )
        work.append(a_control(TransactionKind.NO_SALE, header=header))
        work.commit()
    with pytest.raises(Refused) as refused:
        desk.authority.add_operator(desk.authority.new_operator("66", "路人", Role.OWNER), "592837")
    assert refused.value.code == "not_signed_on"
