"""``member export PHONE`` and ``member erase PHONE --yes``: one person's data, given to them or forgotten, with the till closed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from app.bootstrap import VERSION, SystemClock, ask_passphrase, books_config
from app.commands.backup import end_progress, show_progress
from app.config import load
from app.credentials import load_key
from app.domain.authority import Operator, Role
from app.domain.errors import Refused
from app.domain.ids import OperatorId, Uuid7Source
from app.domain.member import MemberCard
from app.domain.phone import parse_phone
from app.i18n import set_language, t
from app.service.privacy import REASONS, PrivacyDesk
from app.service.session import Session
from app.service.shop import load_shop
from db.keeper import StoreKeeper
from db.one_program import claim
from db.store import SqliteStore, open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("export", "erase"))
    parser.add_argument("phone", help="the member's number, however it is written")
    parser.add_argument("--out", type=Path, default=Path(), help="export: the folder that the ZIP goes into")
    parser.add_argument("--reason", choices=REASONS, default="asked", help="erase: why")
    parser.add_argument("--yes", action="store_true", help="erase: it cannot be undone")
    parser.add_argument("--demo", action="store_true", help="a member of the demo shop of this data folder")
    parser.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    config = load(arguments.data)
    set_language(config.language)
    if arguments.what == "erase" and not arguments.yes:
        print(t("membership.command.needs_yes"))
        return 1
    config = books_config(config, is_demo=arguments.demo)
    clock = SystemClock()
    secrets = load_key(config.data_dir, ask_passphrase)
    ours = claim(config.database)
    try:
        store = open_store(config.database, secrets.database_key, clock, Uuid7Source(clock.now_ms))
        try:
            desk = PrivacyDesk(store, _session(store), clock, Uuid7Source(clock.now_ms))
            card = _found(store, arguments.phone)
            if arguments.what == "export":
                file = desk.export(card.member.id, arguments.out)
                print(t("membership.command.exported", None, file=file))
                said: dict[str, object] = {"file": str(file)}
            else:
                keeper = StoreKeeper(
                    store,
                    secrets.database_key,
                    clock,
                    data_folder=config.data_dir,
                    backups_folder=config.backups_dir,
                    key_source=secrets.source.value,
                    version=VERSION,
                )
                said = _erase(desk, keeper, card, arguments.reason)
        finally:
            store.close()
    finally:
        ours.release()
    if arguments.json:
        print(json.dumps(said, ensure_ascii=False))
    return 0


def _erase(desk: PrivacyDesk, keeper: StoreKeeper, card: MemberCard, reason: str) -> dict[str, object]:
    erased = desk.erase(card.member.id, reason)
    print(t("membership.command.erased", None, points=erased.points))
    try:
        copies = keeper.forget_in_copies(
            erased.members, lambda done, total: show_progress("copy", done, total)
        )
    finally:
        end_progress()
    if copies.scrubbed or copies.locked:
        print(t("membership.command.copies", None, scrubbed=copies.scrubbed, locked=copies.locked))
    return {
        "members": [str(one) for one in erased.members],
        "points": erased.points,
        "copies": copies.scrubbed,
        "locked": copies.locked,
    }


def _found(store: SqliteStore, number: str) -> MemberCard:
    phone = parse_phone(number, load_shop(store.desk.settings()).region)
    card = None if phone is None else store.members.by_phone(phone)
    if card is None:
        raise Refused("member_gone")
    return card


def _session(store: SqliteStore) -> Session:
    """Whoever has the data folder and its key acts as the owner; what is recorded names nobody on the staff."""
    owner = next((one for one in store.people.operators() if one.role is Role.OWNER), None)
    fallback = Operator(OperatorId(store.device_id), "0", "", Role.OWNER)
    return Session(load_shop(store.desk.settings()), owner or fallback, store.desk.current_shift())
