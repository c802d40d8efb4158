"""The composition root: from a configuration to a till whose services are wired to the store and the devices.

Nothing else puts the parts together. A till is one open database with everything that works on it; the demo shop and training mode are
tills over files of their own.
"""

from __future__ import annotations

import getpass
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Final

from app import log
from app.config import Config, create_folders
from app.credentials import (
    KeySource,
    Secrets,
    create_key,
    forget_device_key,
    has_key,
    keep_device_key,
    key_source,
    keyring_works,
    load_device_key,
    load_key,
    set_aside_key,
)
from app.domain.errors import Unavailable
from app.domain.ids import Uuid7Source
from app.i18n import t
from app.service.devices import PRINTER_SETTING
from app.service.late_till import LateTill
from app.service.session import Session
from app.service.shop import ShopSettings, load_label_rules, load_limits, load_shop, shop_to_settings
from app.service.till import NewShop, Till
from db.mark_file import mark_path
from db.one_program import claim
from db.store import SqliteStore, create_store, open_store
from devices.lazy_printer import LazyFilePrinter, configured_printer
from devices.printer.port import LinePrinter, Printer
from devices.spool import PrintSpool

if TYPE_CHECKING:
    from app.service.devices import DeviceDesk, PrinterBench
    from app.service.keeping import Keeper
    from app.service.ports import Clock, IdSource
    from app.service.sync_ports import SyncAgent
    from devices.hub import DeviceHub
    from sync.client.address import ServerAddress
    from sync.client.agent import Agent
    from sync.client.transport import Transport

VERSION: Final = "0.1.0"
UNFINISHED: Final = "setting-up"
Progress = Callable[[int, int, str], None]


class SystemClock:
    """The machine's clock, in the machine's zone."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def local(self) -> datetime:
        return datetime.now().astimezone()


def random_bytes(count: int) -> bytes:
    """From the system, for keys and codes."""
    return token_bytes(count)


def ticks_ms() -> int:
    """A clock that never goes back, whatever happens to the date; it says nothing about what time it is."""
    return time.monotonic_ns() // 1_000_000


class Opener:
    """Implements :class:`app.service.till.TillOpener` over the data folder of one configuration."""

    def __init__(self, config: Config, clock: Clock | None = None, ids: IdSource | None = None) -> None:
        self._config = config
        self._clock = clock or SystemClock()
        self._ids = ids or Uuid7Source(self._clock.now_ms)

    @property
    def is_set_up(self) -> bool:
        """Whether there is a shop, openable or not: one whose key or database was lost must never look like none at all."""
        database = self._config.database
        return database.exists() or (has_key(self._config.data_dir) and mark_path(database).exists())

    def has_keyring(self) -> bool:
        return keyring_works()

    def needs_passphrase(self) -> bool:
        try:
            return self.is_set_up and key_source(self._config.data_dir) is KeySource.PASSPHRASE
        except Unavailable:
            # Opening it says what is wrong with the key.
            return False

    def open(self, passphrase: str = "") -> Till:
        """The shop's own till. Raises Unavailable with what is missing."""
        secrets = load_key(self._config.data_dir, (lambda: passphrase) if passphrase else ask_passphrase)
        return self._till(self._config, secrets)

    def create(self, new: NewShop) -> Till:
        """A new shop in this data folder, with its first operators.

        It is made whole in a folder beside and then takes its place, so that a set-up that was cut short leaves no till behind that nobody
        can sign on to.
        """
        create_folders(self._config)
        if not self._config.database.exists():
            set_aside_key(self._config.data_dir)  # of a set-up that was cut short
        secrets = create_key(self._config.data_dir, KeySource(new.key_source), new.passphrase)
        unfinished = replace(self._config, data_dir=self._config.data_dir / UNFINISHED)
        _remove(unfinished)
        create_folders(unfinished)
        store = self._new_store(unfinished, secrets, new.shop)
        try:
            self._furnish(store, secrets, new)
        finally:
            store.close()
        _take_place(unfinished.database, self._config.database)
        _remove(unfinished)
        return self._till(self._config, secrets)

    def _furnish(self, store: SqliteStore, secrets: Secrets, new: NewShop) -> None:
        """The people who may sign on, and goods to begin with."""
        from app.service.authority import Authority

        session = Session(load_shop(store.desk.settings()))
        authority = Authority(store, session, self._clock, self._ids, pepper=secrets.pepper)
        for one in new.operators:
            authority.add_operator(authority.new_operator(one.number, one.name, one.role), one.pin)
        if new.with_demo_goods:
            from app.demo.starter import put_demo_goods

            put_demo_goods(store, self._clock, self._ids, language=new.shop.language)

    def open_demo(self, progress: Progress) -> Till:
        """The demo shop, made on first use. It never touches the real books."""
        from app.demo.seed import seed_demo
        from app.demo.shop import shop as demo_shop
        from app.service.pin_hash import PinHasher

        config = demo_config(self._config)
        marker = config.data_dir / "made"
        if not marker.exists():
            _remove(config)
            create_folders(config)
            secrets = create_key(config.data_dir, KeySource.DEMO)
            profile = demo_shop()
            settings = ShopSettings(
                name=profile.name,
                tax_id=profile.tax_id,
                address=profile.address,
                phone=profile.phone,
                language=self._config.language,
                is_demo=True,
            )
            store = self._new_store(config, secrets, settings)
            try:
                seed_demo(
                    store,
                    self._clock,
                    self._ids,
                    language=self._config.language,
                    hash_pin=PinHasher(secrets.pepper).hash,
                    progress=progress,
                )
            finally:
                store.close()
            till = self._till(config, secrets)
            marker.write_text("1", "utf-8")
            return till
        return self._till(config, load_key(config.data_dir))

    def open_training(self, live: Till) -> Till:
        """A practice till beside the live one: same goods, prices and people, numbers and books of its own."""
        from db.training_copy import copy_shop

        assert isinstance(live.store, SqliteStore)
        config = demo_config(self._config) if live.shop.is_demo else self._config
        path = config.training_database
        create_folders(config)
        secrets = load_key(config.data_dir, ask_passphrase)
        if not path.exists():
            create_store(
                path,
                secrets.database_key,
                store_code=live.shop.store_code,
                till_code=live.shop.till_code,
                clock=self._clock,
                ids=self._ids,
                is_training=True,
            ).close()
        store = open_store(path, secrets.database_key, self._clock, self._ids)
        copy_shop(live.store, store, self._clock.now_ms())
        return self._wire(config, secrets, store)

    def demo_operators(self) -> Sequence[tuple[str, str, str]]:
        from app.demo.shop import shop as demo_shop

        return tuple((one.number, f"{one.name} {one.title}", one.pin) for one in demo_shop().operators)

    def _new_store(self, config: Config, secrets: Secrets, shop: ShopSettings) -> SqliteStore:
        store = create_store(
            config.database,
            secrets.database_key,
            store_code=shop.store_code,
            till_code=shop.till_code,
            clock=self._clock,
            ids=self._ids,
        )
        with store.begin() as work:
            for key, value in shop_to_settings(shop).items():
                work.put_setting(key, value)
            work.commit()
        return store

    def _till(self, config: Config, secrets: Secrets) -> Till:
        """Raises Unavailable("database_locked") while another till program works on these books."""
        ours = claim(config.database)
        try:
            store = open_store(config.database, secrets.database_key, self._clock, self._ids)
            till = self._wire(config, secrets, store)
        except BaseException:
            ours.release()
            raise
        close = till.close

        def close_and_release() -> None:
            close()
            ours.release()

        till.close = close_and_release
        return till

    def _wire(self, config: Config, secrets: Secrets, store: SqliteStore) -> Till:
        def make_keeper() -> Keeper:
            from db.keeper import StoreKeeper

            return StoreKeeper(
                store,
                secrets.database_key,
                self._clock,
                data_folder=config.data_dir,
                backups_folder=config.backups_dir,
                key_source=secrets.source.value,
                version=VERSION,
            )

        return wire(
            store,
            secrets,
            self._clock,
            self._ids,
            prints_dir=config.prints_dir,
            make_keeper=make_keeper,
            make_sync=None if store.is_training else partial(make_agent, store, config, secrets, self._clock),
        )


def wire(
    store: SqliteStore,
    secrets: Secrets,
    clock: Clock,
    ids: IdSource,
    *,
    prints_dir: Path,
    printer: Printer | LinePrinter | None = None,
    make_keeper: Callable[[], Keeper] | None = None,
    make_sync: Callable[[], SyncAgent] | None = None,
) -> LateTill:
    """Every service over one open store. The spool's thread starts here.

    Papers go to ``printer``, or to the one that was set up, or into a folder. Practice prints into the folder always: the line and the
    drawer belong to the real till.
    """
    settings = store.desk.settings()
    session = Session(
        shop=load_shop(settings),
        shift=store.desk.current_shift(),
        limits=load_limits(settings),
        is_training=store.is_training,
    )
    spool = PrintSpool(store, printer or LazyFilePrinter(prints_dir), clock)
    if printer is None and not store.is_training and settings.get(PRINTER_SETTING):
        setting = settings[PRINTER_SETTING]
        spool.use(lambda: configured_printer(setting, prints_dir))

    def use(setting: object) -> None:
        spool.use(lambda: configured_printer(setting, prints_dir))

    counters: list[DeviceHub] = []
    agents: list[SyncAgent] = []

    def make_only_agent() -> SyncAgent:
        assert make_sync is not None
        agents.append(make_sync())
        return agents[0]

    def make_devices() -> DeviceDesk:
        from app.service.devices import DeviceDesk

        desk = DeviceDesk(store, session, clock, spool, _printer_bench, use)
        if not store.is_training:
            counters.append(_start_counter(store, session, clock, spool, desk))
            desk.counter = counters[0]
        return desk

    till = LateTill(
        store=store,
        clock=clock,
        ids=ids,
        session=session,
        spool=spool,
        pepper=secrets.pepper,
        label_rules=load_label_rules(settings),
        make_keeper=make_keeper,
        make_devices=make_devices,
        make_sync=None if make_sync is None else make_only_agent,
        make_exchange=None if store.is_training else lambda: store.exchange,
        close=lambda: _close(spool, store, [*agents, *counters]),
    )
    spool.start()
    return till


def _start_counter(
    store: SqliteStore, session: Session, clock: Clock, spool: PrintSpool, desk: DeviceDesk
) -> DeviceHub:
    """The devices beside the printer. The drawer and a display on the printer's line go by the spool."""
    from app.service.counter_devices import DeviceBook
    from app.service.device_setup import load_devices
    from db.device_log import DeviceLog
    from devices.hub import DeviceHub

    written = DeviceLog(store.engines)
    book = DeviceBook(store, session, written)
    hub = DeviceHub(clock, behind_printer=spool.pass_through, keep=book.keep, past=written.newest)
    spool.on_kick = hub.drawer_asked
    desk.on_printer_state(lambda state: hub.drawer_pin(state.drawer_level))
    desk.on_printer_state(lambda state: book.keep_printer(state, clock.now_ms()))
    hub.apply(load_devices(store.desk.settings()))
    return hub


def make_agent(store: SqliteStore, config: Config, secrets: Secrets, clock: Clock) -> Agent:
    """Who speaks with the central server, with a view of the books of its own. Nothing is started yet."""
    from db.exchange import SqliteExchange
    from sync.client.agent import Agent, Surroundings
    from sync.client.identity import Vault

    folder = config.data_dir
    vault = Vault(
        keep=partial(keep_device_key, folder, secrets),
        load=partial(load_device_key, folder, secrets),
        forget=partial(forget_device_key, folder, secrets),
    )
    around = Surroundings(clock, ticks_ms, random_bytes, vault, _line_to)
    return Agent(store, SqliteExchange(store), around, store.value.leases)


def _line_to(address: ServerAddress) -> Transport:
    from sync.client.http import HttpTransport

    return HttpTransport(address)


def _printer_bench() -> PrinterBench:
    from devices.printer.wizard import Bench

    return Bench()


def open_store_for_reading(config: Config, *, is_demo: bool = False) -> SqliteStore:
    """The store of this data folder, for a check or a report: nothing is repaired and no new life begins."""
    config = books_config(config, is_demo=is_demo)
    clock = SystemClock()
    secrets = load_key(config.data_dir, ask_passphrase)
    return open_store(config.database, secrets.database_key, clock, Uuid7Source(clock.now_ms), is_till=False)


def books_config(config: Config, *, is_demo: bool = False) -> Config:
    """The books that a command means: the shop's; the demo shop's when asked for, or where no shop was ever set up.

    Books that are lost are never mistaken for none. Raises Unavailable("database_missing").
    """
    if is_demo or not Opener(config).is_set_up:
        config = demo_config(config)
    if not config.database.exists():
        raise Unavailable("database_missing", can_retry=False, path=str(config.database))
    return config


def demo_config(config: Config) -> Config:
    """The demo shop lives in a folder of its own below the data folder."""
    return replace(config, data_dir=config.data_dir / "demo")


def ask_passphrase() -> str:
    """Ask at the terminal; nothing when nobody is there."""
    if not sys.stdin or not sys.stdin.isatty():
        return ""
    return getpass.getpass(t("data.passphrase_prompt"))


def _take_place(finished: Path, database: Path) -> None:
    """Move a closed till to where it belongs; the database comes last, for it is what says that there is a shop."""
    for part in sorted(finished.parent.glob(f"{finished.name}.*")):
        os.replace(part, database.with_name(part.name))
    os.replace(finished, database)


def _remove(config: Config) -> None:
    """What was not finished is made again."""
    import shutil

    if config.data_dir.exists():
        log.startup.info("what was not finished is made again")
        shutil.rmtree(config.data_dir)


def _close(spool: PrintSpool, store: SqliteStore, workers: Sequence[SyncAgent | DeviceHub]) -> None:
    for worker in workers:
        worker.stop()
    spool.close()
    store.close()
