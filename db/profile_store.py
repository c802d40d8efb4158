"""Everything the store keeps of members beside the counter's directory, each family made when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from db.engine import Engines

if TYPE_CHECKING:
    from app.service.ports import UnitOfWork
    from db.consents import SqliteConsents
    from db.erasures import SqliteErasures
    from db.merges import SqliteMerges
    from db.portrait import SqlitePortraits
    from db.profile import SqliteProfiles
    from db.rule_tags import SqliteRuleTags
    from db.shop_events import SqliteShopEvents
    from db.unit_of_work import SqliteUnitOfWork


class SqliteMembership:
    """Implements :class:`app.service.membership_ports.MembershipStore`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    @cached_property
    def profiles(self) -> SqliteProfiles:
        from db.profile import SqliteProfiles

        return SqliteProfiles(self._engines)

    @cached_property
    def consents(self) -> SqliteConsents:
        from db.consents import SqliteConsents

        return SqliteConsents(self._engines)

    @cached_property
    def merges(self) -> SqliteMerges:
        from db.merges import SqliteMerges

        return SqliteMerges(self._engines)

    @cached_property
    def erasures(self) -> SqliteErasures:
        from db.erasures import SqliteErasures

        return SqliteErasures(self._engines)

    @cached_property
    def portraits(self) -> SqlitePortraits:
        from db.portrait import SqlitePortraits

        return SqlitePortraits(self._engines)

    @cached_property
    def events(self) -> SqliteShopEvents:
        from db.shop_events import SqliteShopEvents

        return SqliteShopEvents(self._engines)

    @cached_property
    def rule_tags(self) -> SqliteRuleTags:
        from db.rule_tags import SqliteRuleTags

        return SqliteRuleTags(self._engines)

    def warm(self) -> None:
        """Load what the first enrolment would wait for."""
        from db.profile_seal import warm

        warm()


def unit(work: UnitOfWork) -> SqliteUnitOfWork:
    """The unit of work as the modules of :mod:`db` write in it."""
    from db.unit_of_work import SqliteUnitOfWork

    assert isinstance(work, SqliteUnitOfWork), "rows of this file are written in its own unit"
    return work
