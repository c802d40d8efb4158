"""The search for what is left of a person finds them wherever they stand, and says nothing where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.demo.traces import needles_of, search
from app.service.membership import MembershipDesk
from app.service.privacy import PrivacyDesk
from db.backup import back_up
from tests.db.tills import KEY
from tests.service.small_shop import TEA, SmallShop, open_small_shop

NAME, PHONE = "皇甫曦", "0988654317"


@pytest.fixture
def shop(tmp_path: Path) -> SmallShop:
    opened = open_small_shop(tmp_path / "data")
    MembershipDesk(opened.store, opened.session, opened.clock, opened.ids).enrol(PHONE, {"name": NAME})
    opened.sell(TEA, PHONE)
    return opened


def places(folder: Path) -> tuple[str, ...]:
    return search([folder], [KEY], needles_of(NAME, PHONE)).found


def test_a_member_is_found_in_the_pages_the_log_and_the_values(shop: SmallShop) -> None:
    folder = shop.path.parent
    before = places(folder)
    assert any(place.startswith("till.db-wal log") for place in before)
    shop.store.close()
    after = places(folder)
    assert "till.db page" in after
    assert "till.db member" in after


def test_a_plain_file_is_read_as_it_lies_in_whatever_letters(tmp_path: Path) -> None:
    for number, encoding in enumerate(("utf-8", "utf-16-le", "big5")):
        (tmp_path / f"{number}.txt").write_bytes(f"會員 {NAME}".encode(encoding))
    (tmp_path / "digits.txt").write_text("0988-654-317")
    assert len(places(tmp_path)) == 4


def test_the_forgotten_are_found_nowhere_and_not_in_a_backup_made_afterwards(shop: SmallShop) -> None:
    folder = shop.path.parent
    card = shop.store.members.by_phone("+886988654317")
    assert card is not None
    PrivacyDesk(shop.store, shop.session, shop.clock, shop.ids).erase(card.member.id)
    back_up(shop.path, KEY, folder / "afterwards.regulars")
    assert places(folder) == ()
    shop.store.close()
    found = search([folder], [KEY], needles_of(NAME, PHONE))
    assert (found.databases, found.found) == (2, ())
