"""Mistakes of a till that believes too much of an answer, forgets too soon, or waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.service.exchange_ports import Acknowledgement, Answer, Verdict
from app.simulation.mutant import Mutant
from app.simulation.plan import Deed, Fault
from db import exchange_out
from sync.client import engine
from sync.client.engine import Engine
from sync.client.trouble import Problem, Trouble


def _everything_was_taken(request: Any, server: int) -> Acknowledgement:
    """What a till makes up that takes any answer for a yes."""
    answers = tuple(Answer(record.id, record.hash, Verdict.APPLIED) for record in request.records)
    last = request.records[-1] if request.records else None
    return Acknowledgement(
        server, request.incarnation, last.seq if last else 0, last.hash if last else bytes(32), answers
    )


def _believing(is_enough: Callable[[Trouble], bool]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A till that takes this trouble for an acknowledgement."""

    def wrong(right: Callable[..., Any]) -> Callable[..., Any]:
        def ask_push(self: Any, request: Any, body: bytes) -> Any:
            try:
                return right(self, request, body)
            except Trouble as trouble:
                state = self._exchange.state()
                if not request.records or not state.server or not is_enough(trouble):
                    raise
                return _everything_was_taken(request, state.server), 0

        return ask_push

    return wrong


def _all_of_it(right: Callable[..., Any]) -> Callable[..., Any]:
    """Some of a batch was taken: so all of it was (Odoo #211219)."""

    def acknowledgement_of(request: Any, answer: Any) -> Any:
        said = right(request, answer)
        return _everything_was_taken(request, said.server) if request.records else said

    return acknowledgement_of


def _no_echo(right: Callable[..., Any]) -> Callable[..., Any]:
    """Any answer to any batch answers this one."""

    def acknowledgement_of(request: Any, answer: Any) -> Any:
        if not request.records or not answer.results:
            return right(request, answer)
        return _everything_was_taken(request, answer.server)

    return acknowledgement_of


def _never_asked_back(right: Callable[..., Any]) -> Callable[..., Any]:
    """How far the server has come is known here alone, whatever it says itself (CHT #8093)."""

    def ask_back(*arguments: Any) -> None:
        return None

    return ask_back


CLIENT: Final = (
    Mutant(
        "not_marked_after_failure", Engine, "_ask_push",
        _believing(lambda trouble: trouble.problem in (Problem.TIMEOUT, Problem.NO_NETWORK)),
        (Fault.REQUEST_LOST, Deed.CUT),
    ),
    Mutant(
        "accepts_any_200", Engine, "_ask_push",
        _believing(lambda trouble: trouble.status == 200 and trouble.problem is Problem.PORTAL), (Fault.PORTAL,),
    ),
    Mutant(
        "deletes_on_4xx", Engine, "_ask_push", _believing(lambda trouble: 400 <= trouble.status < 500),
        (Fault.TOO_MANY,),
    ),
    Mutant("all_on_partial_answer", engine, "acknowledgement_of", _all_of_it, (Fault.PARTLY,)),
    Mutant("no_hash_echo", engine, "acknowledgement_of", _no_echo, (Fault.OTHER_ANSWER,)),
    Mutant("checkpoint_here_alone", exchange_out, "_ask_back", _never_asked_back, (Deed.SERVER_RESTORE,)),
)  # fmt: skip
