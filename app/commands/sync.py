"""``sync``: one round with the central server (``--once``), how it stands (``--status``), everything that waits onto a stick
(``--carry-out``), and standing alone again (``--unpair``).

An open till does all of this by itself; here the till is closed, except for ``--status``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap import SystemClock, ask_passphrase, books_config, make_agent
from app.config import load
from app.credentials import load_key
from app.domain.errors import Refused
from app.domain.ids import Uuid7Source
from app.i18n import set_language, t

if TYPE_CHECKING:
    from app.service.sync_ports import SyncStatus
    from sync.client.agent import Agent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--once", action="store_true", help="send and fetch once; exit 0 when nothing is left")
    what.add_argument("--status", action="store_true", help="what waits, and when the server was last heard")
    what.add_argument(
        "--carry-out", type=Path, metavar="DIR", help="everything that waits, encrypted for the server"
    )
    what.add_argument("--unpair", action="store_true", help="forget the server; refused while anything waits")
    parser.add_argument("--demo", action="store_true", help="the demo shop of this data folder")
    parser.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    with opened(arguments, is_till=not arguments.status) as agent:
        if agent.pairing is None and not arguments.status:
            raise Refused("not_paired")
        if arguments.once:
            said = _once(agent)
        elif arguments.status:
            said = _status(agent)
        elif arguments.unpair:
            said = _unpair(agent)
        else:
            said = _carry_out(agent, arguments.carry_out)
    if arguments.json:
        print(json.dumps(said, ensure_ascii=False))
    is_done = not arguments.once or (said["waiting"] == 0 and not said["problem"])
    return 0 if is_done else 1


@contextmanager
def opened(arguments: argparse.Namespace, *, is_till: bool = True) -> Iterator[Agent]:
    """The agent of the books that the command means. As a till it claims them: an open till sends by itself."""
    from db.one_program import claim
    from db.store import open_store

    config = load(arguments.data)
    set_language(config.language)
    config = books_config(config, is_demo=arguments.demo)
    clock = SystemClock()
    secrets = load_key(config.data_dir, ask_passphrase)
    ours = claim(config.database) if is_till else None
    try:
        ids = Uuid7Source(clock.now_ms)
        store = open_store(config.database, secrets.database_key, clock, ids, is_till=is_till)
        try:
            agent = make_agent(store, config, secrets, clock)
            try:
                yield agent
            finally:
                agent.stop()
        finally:
            store.close()
    finally:
        if ours is not None:
            ours.release()


def _once(agent: Agent) -> dict[str, object]:
    cycle = agent.run_once()
    print(t("sync_command.round", sent=cycle.sent, received=cycle.received, waiting=cycle.waiting))
    if cycle.problem:
        print(t("sync.problem." + cycle.problem))
    return {
        "sent": cycle.sent,
        "received": cycle.received,
        "waiting": cycle.waiting,
        "problem": cycle.problem,
    }


def _status(agent: Agent) -> dict[str, object]:
    status = agent.refresh()
    print(t("sync.phase." + status.phase.value))
    if agent.pairing is not None:
        _print_standing(status)
    return {
        "phase": status.phase.value,
        "waiting": status.waiting,
        "set_aside": status.set_aside,
        "last_contact_at": status.last_contact_at,
        "problem": status.problem,
        "age_days": status.age_days,
        "server": status.server_url,
    }


def _print_standing(status: SyncStatus) -> None:
    print(t("sync_command.server", url=status.server_url))
    print(t("sync_command.waiting", waiting=status.waiting, aside=status.set_aside))
    if status.last_contact_at is None:
        print(t("sync_command.never"))
    else:
        at = datetime.fromtimestamp(status.last_contact_at / 1000, UTC).astimezone()
        print(t("sync_command.last_contact", at=f"{at:%Y-%m-%d %H:%M}"))
    if status.problem:
        print(t("sync.problem." + status.problem))


def _carry_out(agent: Agent, folder: Path) -> dict[str, object]:
    carried = agent.carry_out(folder)
    print(t("sync_command.carried", facts=carried.facts, file=carried.path))
    return {"file": str(carried.path), "facts": carried.facts}


def _unpair(agent: Agent) -> dict[str, object]:
    agent.unpair()
    print(t("sync_command.unpaired"))
    return {"paired": False}
