"""Serves customers while the disk fails now and then, and tells what came of it.

    python -m tests.crash.till_on_bad_disk FOLDER SALES

Says READY and waits for a line: the moment for a tracer that fails system calls, or kills at one of them. Then a line for each sale that is
safe; the last line is a JSON object: what each attempt said, which papers were sent before their sale was safe, and what the books say.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.errors import Unavailable
from app.domain.ids import TransactionId
from app.domain.receipt import ReceiptDocument
from app.service.completion import PreparedSale
from app.service.outcomes import ReadyToComplete
from app.service.ports import PrintJob
from db.verify import verify
from devices.spool import PrintSpool
from tests.service.small_shop import SOAP, TEA, SmallShop, open_small_shop

ATTEMPTS_MAX = 20


@dataclass
class Paper:
    """Collects what was sent."""

    sent: list[str] = field(default_factory=list)

    def print(self, job: PrintJob, document: ReceiptDocument) -> str:
        assert job.request.transaction_id is not None
        self.sent.append(job.request.transaction_id.hex)
        return "done"


@dataclass
class Story:
    """What happened, in its order."""

    said: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    sent_too_early: list[str] = field(default_factory=list)
    baskets_lost: int = 0


def main(folder: Path, sales: int) -> None:
    shop = open_small_shop(folder)
    paper, story = Paper(), Story()
    spool = PrintSpool(shop.store, paper, shop.clock)
    print("READY", flush=True)
    sys.stdin.readline()
    for number in range(sales):
        _serve(shop, number, spool, paper, story)
    shop.store.close()
    print(json.dumps(_told(shop, folder, paper, story)))


def _serve(shop: SmallShop, number: int, spool: PrintSpool, paper: Paper, story: Story) -> None:
    """One customer, who does not go before the sale is saved: as the screen does it, and the operator after a message."""
    shop.checkout.enter(TEA if number % 2 else SOAP)
    shop.checkout.enter("")
    while not isinstance(shop.checkout.enter(""), ReadyToComplete):
        pass
    for _ in range(ATTEMPTS_MAX):
        if _is_saved_already(shop, story):
            break
        if _try_to_save(shop, story):
            break
        _print(spool, paper, story, shop)
    else:
        raise AssertionError("the disk never came back")
    shop.checkout.start_new()
    _print(spool, paper, story, shop)


def _try_to_save(shop: SmallShop, story: Story) -> bool:
    before = shop.checkout.basket
    sale: PreparedSale = shop.completion.prepare(shop.checkout)
    try:
        done = shop.completion.commit(sale)
    except Unavailable as failure:
        shop.checkout.is_completing = False
        story.said.append(f"{failure.code} {failure.can_retry}")
        story.baskets_lost += shop.checkout.basket != before
        if not failure.can_retry:
            _expect_refusal(shop, story)
            _reopen(shop, story)
        return False
    print(f"SOLD {done.transaction.header.receipt_number}", flush=True)
    story.said.append("sold")
    story.acknowledged.append(done.transaction.header.id.hex)
    return True


def _expect_refusal(shop: SmallShop, story: Story) -> None:
    """Until the file was read back nothing more is written, however hard somebody presses the key."""
    try:
        shop.completion.commit(shop.completion.prepare(shop.checkout))
    except Unavailable as failure:
        story.said.append(f"again: {failure.code}")
    finally:
        shop.checkout.is_completing = False


def _reopen(shop: SmallShop, story: Story) -> None:
    """What a restart does: read back what the disk really kept."""
    for _ in range(ATTEMPTS_MAX):
        try:
            shop.store.reopen()
            return
        except Unavailable as failure:
            story.said.append(f"reopening: {failure.code}")


def _is_saved_already(shop: SmallShop, story: Story) -> bool:
    """After a failed sync the sale may be on disk after all: then it is one, and is not rung again."""
    transaction_id = TransactionId(shop.checkout.basket.id)
    if shop.store.journal.get(transaction_id) is None:
        return False
    story.said.append("was saved")
    story.acknowledged.append(transaction_id.hex)
    return True


def _print(spool: PrintSpool, paper: Paper, story: Story, shop: SmallShop) -> None:
    """No paper may tell of a sale that is not on disk, whatever has just failed."""
    sent_before = len(paper.sent)
    try:
        spool.run_once()
    except Unavailable as failure:
        story.said.append(f"printing: {failure.code}")
        if not failure.can_retry:
            _reopen(shop, story)
    for transaction in paper.sent[sent_before:]:
        if transaction not in story.acknowledged:
            story.sent_too_early.append(transaction)


def _told(shop: SmallShop, folder: Path, paper: Paper, story: Story) -> dict[str, object]:
    from db.engine import open_engines
    from tests.service.small_shop import KEY

    engines = open_engines(shop.path, KEY)
    found = [f"{one.check} {one.place}" for one in verify(engines, is_full=True)]
    with engines.reading() as cursor:
        rows = cursor.execute("SELECT hex(id), counter FROM transaction_header ORDER BY seq").fetchall()
    engines.close()
    return {
        "said": story.said,
        "acknowledged": story.acknowledged,
        "sent": paper.sent,
        "sent_too_early": story.sent_too_early,
        "baskets_lost": story.baskets_lost,
        "sold": [transaction.lower() for transaction, _ in rows],
        "counters": [counter for _, counter in rows],
        "findings": found,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
