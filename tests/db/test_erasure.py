"""A person who was forgotten is found nowhere: every byte of every file is looked at, free pages and the search index included."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.domain.errors import Refused
from app.domain.ids import MemberId, Uuid7Source
from app.domain.member import Member
from app.domain.profile import NoteKind
from app.service.member_events import MemberEvents
from app.service.membership import MembershipDesk
from app.service.membership_merge import MergeDesk
from app.service.ports import PrintRequest
from app.service.privacy import PrivacyDesk
from db.backup import back_up, restore
from db.engine import PAGE_BYTES, connect
from db.erasure_copies import clean_copies
from db.erasure_register import read_register, register_path, write_register
from db.store import SqliteStore, open_store
from db.verify import verify
from tests.builders import uuid
from tests.db.tills import a_document
from tests.service.small_shop import KEY, SOAP, TEA, SmallShop, open_small_shop

NAME = "魑魅鐸"  # characters that nobody else has
PHONE = "0987612340"
E164 = "+886987612340"
NATIONAL = E164[4:]
OTHER_PHONE = "0911222333"
RESERVE_BYTES = 80  # SQLCipher 4: the page's IV (16) and HMAC (64) at its end


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallShop]:
    opened = open_small_shop(tmp_path)
    yield opened
    opened.store.close()


class Desks:
    def __init__(self, shop: SmallShop) -> None:
        self.shop = shop
        self.members = MembershipDesk(shop.store, shop.session, shop.clock, shop.ids)
        self.merges = MergeDesk(shop.store, shop.session, shop.clock)
        self.privacy = PrivacyDesk(shop.store, shop.session, shop.clock, shop.ids)
        self.events = MemberEvents(shop.store, shop.session, shop.clock, shop.ids)


@pytest.fixture
def desks(shop: SmallShop) -> Desks:
    return Desks(shop)


def a_whole_life(desks: Desks) -> Member:
    """Everywhere the till may write down who somebody is."""
    shop = desks.shop
    shop.sell(OTHER_PHONE, "", SOAP)
    shop.sell(PHONE, "", TEA, SOAP)
    card = shop.store.members.by_phone(E164)
    assert card is not None
    own = card.member.id
    for _ in range(3):
        desks.members.set_fields(
            own,
            {"name": NAME, "birthday": "農曆八月十五", "email": "spirit@example.tw", "needs": f"{NAME}怕吵"},
        )
    desks.members.tag(own, f"{NAME}的朋友")
    desks.members.add_code(own, "/ABC+123")
    desks.members.new_qr(own)
    desks.members.add_note(own, f"{NAME} 說打 {PHONE} 找他", NoteKind.REQUEST, date(2026, 11, 22))
    desks.members.add_note(own, "第二則 " * 60)
    hold_and_draft(shop)
    with shop.store.begin() as work:
        paper = a_document(f"{NAME} {PHONE} 的提貨單")
        work.enqueue_print(PrintRequest("slip", paper), created_at=shop.clock.now_ms())
        work.commit()
    shop.sell(PHONE, TEA)
    found = shop.store.members.by_id(own)
    assert found is not None
    return found.member


def hold_and_draft(shop: SmallShop) -> None:
    from app.service.holding import body_of

    shop.checkout.enter(PHONE)
    shop.checkout.enter(TEA)
    shop.checkout.hold()
    for _ in range(20):  # every line is saved anew, and the old draft's pages are freed
        shop.checkout.enter(SOAP)
        shop.checkout.enter(PHONE)
        with shop.store.begin() as work:
            work.save_draft(body_of(shop.checkout.basket))
            work.commit()
    shop.checkout.start_new()
    shop.checkout.enter(PHONE)
    for _ in range(40):  # and a basket so long that it has pages of its own, given up again
        shop.checkout.enter(TEA)
        shop.checkout.enter(SOAP)
    held = shop.checkout.hold()
    shop.checkout.retrieve(held)
    shop.checkout.cancel("客人不買了")


def needles() -> list[bytes]:
    """Long enough that no key and no hash holds one by chance."""
    numbers = (
        NATIONAL,
        NATIONAL[::-1],
        f"{PHONE[:4]}-{PHONE[4:7]}-{PHONE[7:]}",
        "spirit@example.tw",
        "ABC+123",
    )
    return [word.encode() for word in (*numbers, NAME, NAME[:2], NAME[1:])]


def decrypted(path: Path) -> bytes:
    """Every page as it lies in the file, used or free, slack included."""
    data, pages = path.read_bytes(), []
    assert len(data) % PAGE_BYTES == 0
    for start in range(0, len(data), PAGE_BYTES):
        page = data[start : start + PAGE_BYTES]
        body, iv = page[: PAGE_BYTES - RESERVE_BYTES], page[PAGE_BYTES - RESERVE_BYTES :][:16]
        opened = Cipher(algorithms.AES(KEY), modes.CBC(iv)).decryptor()
        pages.append(opened.update(body[16:] if start == 0 else body) + opened.finalize())
    return b"".join(pages)


def decrypted_log(path: Path) -> bytes:
    """The pages of the newest commits, frame by frame (sqlite.org/fileformat2.html, section 4)."""
    data, pages = path.read_bytes(), []
    for start in range(32, len(data) - PAGE_BYTES + 1, 24 + PAGE_BYTES):
        page = data[start + 24 : start + 24 + PAGE_BYTES]
        opened = Cipher(algorithms.AES(KEY), modes.CBC(page[PAGE_BYTES - RESERVE_BYTES :][:16])).decryptor()
        skipped = 16 if data[start : start + 4] == b"\0\0\0\1" else 0
        pages.append(opened.update(page[skipped : PAGE_BYTES - RESERVE_BYTES]) + opened.finalize())
    return b"".join(pages)


def traces(folder: Path) -> list[str]:
    """Where anything of the person is left: raw bytes, decrypted pages, every value of every table, every word of the index."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        raw = path.read_bytes()
        found += [f"{path.name} raw" for needle in needles() if needle in raw]
        if path.name.endswith("-wal"):
            pages = decrypted_log(path)
            found += [f"{path.name}: {needle!r}" for needle in needles() if needle in pages]
        elif path.name in ("till.db", "after.regulars", "older.regulars", "till.db.replaced-1"):
            pages = decrypted(path)
            found += [f"{path.name} page: {needle!r}" for needle in needles() if needle in pages]
            found += [f"{path.name} {place}" for place in _values(path)]
    return found


def _values(path: Path) -> Iterator[str]:
    connection = connect(path, KEY)
    try:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]  # type: ignore[attr-defined]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"').fetchall():
                for value in row:
                    data = value if isinstance(value, bytes) else str(value).encode()
                    data = _inflated(data) if table == "print_job" else data
                    signs = [sign.encode() for sign in NAME] if table.startswith("member") else []
                    if any(needle in data for needle in (*needles(), *signs)):
                        yield f"{table}: {value!r}"
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, member_search, instance)")
        for (word,) in connection.execute("SELECT DISTINCT term FROM temp.words").fetchall():
            if any(sign in word for sign in NAME):
                yield f"member_search: {word}"
    finally:
        connection.close()


def _inflated(data: bytes) -> bytes:
    import zlib

    try:
        return zlib.decompress(data)
    except zlib.error:
        return data


def test_before_there_is_plenty_to_find(desks: Desks) -> None:
    a_whole_life(desks)
    folder = desks.shop.path.parent
    desks.shop.store.engines.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    places = traces(folder)
    for table in ("member_field", "member_note", "held_sale", "member_search", "print_job", "page"):
        assert any(table in place for place in places), table


def test_erased_is_found_nowhere_and_the_books_still_prove(desks: Desks) -> None:
    shop = desks.shop
    member = a_whole_life(desks)
    shop.store.engines.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    desks.privacy.export(member.id, shop.path.parent / "exports")
    erased = desks.privacy.erase(member.id, exports=shop.path.parent / "exports")
    assert erased.members == (member.id,)
    assert erased.points > 0
    back_up(shop.path, KEY, shop.path.parent / "after.regulars")
    assert traces(shop.path.parent) == []
    assert verify(shop.store.engines, is_full=True) == ()
    assert read_register(shop.path) == {member.id}


def test_an_erased_members_sales_and_points_stay_under_an_id_that_names_nobody(desks: Desks) -> None:
    shop = desks.shop
    member = a_whole_life(desks)
    before = shop.store.members.by_id(member.id)
    assert before is not None
    desks.privacy.erase(member.id)
    after = shop.store.members.by_id(member.id)
    assert after is not None
    assert after.member.is_erased
    assert (after.member.name, after.points, after.visits) == ("", 0, before.visits)
    assert after.spent_minor == before.spent_minor
    assert shop.store.members.by_phone(E164) is None
    assert shop.store.members.search(NATIONAL[-4:]) == ()
    assert shop.store.members.by_code("/ABC+123") is None
    assert member.id not in {one.id for one in shop.store.members.everyone()}
    with pytest.raises(Refused):
        desks.members.set_fields(member.id, {"name": NAME})


def test_the_same_number_may_join_again_as_somebody_new(desks: Desks) -> None:
    member = a_whole_life(desks)
    desks.privacy.erase(member.id)
    desks.shop.sell(PHONE, "", TEA)
    card = desks.shop.store.members.by_phone(E164)
    assert card is not None
    assert card.member.id != member.id
    assert card.visits == 1


def test_a_held_sale_goes_on_without_its_member(desks: Desks) -> None:
    shop = desks.shop
    member = a_whole_life(desks)
    desks.privacy.erase(member.id)
    (held,) = shop.store.desk.held_sales()
    assert held.label == ""
    shop.checkout.retrieve(held.id)
    assert shop.checkout.basket.member is None
    assert len(shop.checkout.basket.live_lines) == 1


def test_papers_keep_their_goods_and_lose_their_member(desks: Desks) -> None:
    shop = desks.shop
    member = a_whole_life(desks)
    sale = shop.sell(PHONE, TEA).transaction
    with shop.store.begin() as work:
        for job in shop.store.desk.print_jobs(("queued",)):
            work.set_print_state(job.id, "sending", changed_at=1)
        work.commit()
    desks.privacy.erase(member.id)
    document = shop.store.journal.document_of(sale.header.id)
    assert document is not None
    text = repr(document)
    assert "高山烏龍茶" in text
    assert member.name[0] + "○" not in text
    assert PHONE[-3:] not in text.replace(sale.header.receipt_number, "")


def test_who_was_merged_is_forgotten_with_the_one_they_were_merged_into(desks: Desks) -> None:
    shop = desks.shop
    member = a_whole_life(desks)
    other = shop.store.members.by_phone("+886911222333")
    assert other is not None
    desks.merges.merge(member.id, other.member.id)
    erased = desks.privacy.erase(member.id)
    assert set(erased.members) == {member.id, other.member.id}
    assert traces(shop.path.parent) == []
    assert verify(shop.store.engines, is_full=True) == ()


def test_an_older_backup_that_is_put_back_forgets_again(desks: Desks, tmp_path: Path) -> None:
    shop = desks.shop
    member = a_whole_life(desks)
    older = tmp_path / "older.regulars"
    back_up(shop.path, KEY, older)
    desks.privacy.erase(member.id)
    shop.store.close()
    kept = restore(older, shop.path, KEY, shop.clock, shop.ids)
    assert kept is not None
    for path in (older, kept, Path(f"{kept}.mark")):
        path.unlink(missing_ok=True)
    assert traces(shop.path.parent) == []
    store = open_store(shop.path, KEY, shop.clock, shop.ids)
    card = store.members.by_id(member.id)
    assert card is not None
    assert card.member.is_erased
    assert verify(store.engines, is_full=True) == ()
    store.close()


def test_an_older_file_that_is_copied_back_forgets_when_it_is_opened(desks: Desks, tmp_path: Path) -> None:
    shop = desks.shop
    member = a_whole_life(desks)
    older = tmp_path / "older.regulars"
    back_up(shop.path, KEY, older)
    desks.privacy.erase(member.id)
    shop.store.close()
    shutil.copyfile(older, shop.path)
    older.unlink()
    store = open_store(shop.path, KEY, shop.clock, shop.ids)
    assert traces(shop.path.parent) == []
    assert verify(store.engines, is_full=True) == ()
    store.close()


@pytest.mark.logs_warnings
def test_older_copies_in_the_folder_forget_too(desks: Desks) -> None:
    shop = desks.shop
    member = a_whole_life(desks)
    folder = shop.path.parent
    copies = [folder / "older.regulars", folder / "till.db.replaced-1"]
    for copy in copies:
        back_up(shop.path, KEY, folder / "copy.new")
        (folder / "copy.new").rename(copy)
    back_up(shop.path, KEY, folder / "sealed.regulars", passphrase="八個字以上的密語")
    erased = desks.privacy.erase(member.id)
    done = clean_copies(shop.path, KEY, [folder], erased.members, now=1)
    assert (set(done.scrubbed), done.locked) == (set(copies), (folder / "sealed.regulars",))
    assert traces(folder) == []
    again = clean_copies(shop.path, KEY, [folder], erased.members, now=1)
    assert again.scrubbed == ()
    restore(copies[0], folder / "elsewhere" / "till.db", KEY, shop.clock, shop.ids)


def test_the_register_and_the_books_tell_each_other(desks: Desks) -> None:
    shop = desks.shop
    member = a_whole_life(desks)
    desks.privacy.erase(member.id)
    register_path(shop.path).unlink()
    unknown = MemberId(uuid(77))
    write_register(shop.path, [unknown])
    shop.store.close()
    store = open_store(shop.path, KEY, shop.clock, shop.ids)
    assert read_register(shop.path) == {member.id, unknown}
    assert verify(store.engines, is_full=True) == ()
    store.close()


def test_a_damaged_register_says_only_what_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    register_path(path).write_text(f"nonsense\n{uuid(5).hex}\n\n")
    assert read_register(path) == {uuid(5)}
    assert read_register(tmp_path / "nowhere" / "till.db") == frozenset()


def test_nobody_is_forgotten_while_they_stand_at_the_counter_or_twice(desks: Desks) -> None:
    shop = desks.shop
    member = a_whole_life(desks)
    busy = PrivacyDesk(shop.store, shop.session, shop.clock, shop.ids, in_hand=lambda one: one == member.id)
    with pytest.raises(Refused) as caught:
        busy.erase(member.id)
    assert caught.value.code == "erasure_in_basket"
    desks.privacy.erase(member.id)
    with pytest.raises(Refused) as caught:
        desks.privacy.erase(member.id)
    assert caught.value.code == "member_gone"


def test_erasing_needs_more_than_a_cashier(desks: Desks) -> None:
    member = a_whole_life(desks)
    desks.shop.session.operator = replace(desks.shop.cashier)
    with pytest.raises(Refused):
        desks.privacy.erase(member.id)
    assert isinstance(desks.shop.store, SqliteStore)
    assert isinstance(desks.shop.ids, Uuid7Source)
