"""``publish``: this till's catalogue becomes the chain's. What the office has already is not sent again.

The documents are :mod:`app.service.catalogue_documents`; each is compared by its hash with the newest version at the server.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from app.bootstrap import SystemClock, ask_passphrase, books_config
from app.config import load
from app.credentials import load_key
from app.domain.errors import Refused, Unavailable
from app.domain.ids import Uuid7Source
from app.i18n import set_language, t

if TYPE_CHECKING:
    import httpx

    from app.config import Config
    from app.service.ports import Catalogue

TOKEN_VARIABLE: Final = "REGULARS_OFFICE_TOKEN"
TIMEOUT_SECONDS: Final = 60.0
PRICES_AT_ONCE: Final = 0
"""New prices count from when a till hears of them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--server", required=True, metavar="URL", help="the server's address")
    parser.add_argument(
        "--token", default="", help=f"the owner's office token (or the variable {TOKEN_VARIABLE})"
    )
    parser.add_argument("--catalogue", action="store_true", help="categories, goods and quick keys")
    parser.add_argument("--promotions", action="store_true", help="promotions (neither: everything)")
    parser.add_argument("--demo", action="store_true", help="the demo shop of this data folder")
    parser.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    from sync.client.address import parse_address

    config = load(arguments.data)
    set_language(config.language)
    address = parse_address(arguments.server)
    token = arguments.token or os.environ.get(TOKEN_VARIABLE, "")
    if not token.isascii() or not token:
        raise Refused("office_token_missing", variable=TOKEN_VARIABLE)
    if not address.is_safe:
        print(t("server.not_encrypted"))
    documents = _documents(books_config(config, is_demo=arguments.demo), arguments)
    said = _publish(documents, address.url, token)
    print(t("server.publish_done", sent=len(said["sent"]), same=said["unchanged"]))
    if arguments.json:
        print(json.dumps(said, ensure_ascii=False))
    return 0


def _documents(config: Config, arguments: argparse.Namespace) -> dict[str, bytes]:
    """Name and canonical JSON of everything that is meant."""
    from app.service.catalogue_documents import PROMOTIONS
    from db.store import open_store

    clock = SystemClock()
    store = open_store(
        config.database, load_key(config.data_dir, ask_passphrase).database_key, clock, Uuid7Source(clock.now_ms),
        is_till=False,
    )  # fmt: skip
    try:
        found = dict(_all(store.catalogue, clock.now_ms()))
    finally:
        store.close()
    is_everything = arguments.catalogue == arguments.promotions
    return {
        name: body
        for name, body in found.items()
        if is_everything or (name == PROMOTIONS) == arguments.promotions
    }


def _all(catalogue: Catalogue, now: int) -> Iterator[tuple[str, bytes]]:
    from app.service.catalogue_documents import catalogue_documents

    return catalogue_documents(
        catalogue.categories(),
        catalogue.records(now),
        catalogue.tiles(),
        catalogue.promotions(),
        prices_from=PRICES_AT_ONCE,
    )


def _publish(documents: dict[str, bytes], url: str, token: str) -> dict[str, Any]:
    """Send what the server has otherwise or not at all. Raises Refused or Unavailable; what was sent stays sent."""
    import httpx

    from sync.client.http import system_trust
    from sync.protocol import BODY_BYTES_MAX, document_hash

    sent: list[dict[str, Any]] = []
    headers = {"authorization": f"Bearer {token}"}
    verify = system_trust() if url.startswith("https") else False
    with httpx.Client(base_url=url, headers=headers, verify=verify, timeout=TIMEOUT_SECONDS) as client:
        there = {one["name"]: one for one in _asked(client, "GET", "")}
        wanted = documents | _emptied(documents, there)
        for name, body in wanted.items():
            known = there.get(name)
            if known is not None and known["hash"] == document_hash(name, known["version"], body).hex():
                continue
            if len(body) > BODY_BYTES_MAX:
                raise Refused("document_too_large", name=name)
            version = _asked(client, "PUT", f"/{name}", body)["version"]
            sent.append({"name": name, "version": version, "bytes": len(body)})
            print(t("server.publish_sent", name=name, version=version))
    return {"sent": sent, "unchanged": len(wanted) - len(sent)}


def _emptied(documents: dict[str, bytes], there: dict[str, Any]) -> dict[str, bytes]:
    """Goods that lay in documents that are not needed any more."""
    from app.service.catalogue_documents import ITEMS, ItemsDocument, items_to_bytes

    if not any(name.startswith(ITEMS) for name in documents):
        return {}
    empty = items_to_bytes(ItemsDocument((), PRICES_AT_ONCE))
    return {name: empty for name in there if name.startswith(ITEMS) and name not in documents}


def _asked(client: httpx.Client, method: str, path: str, body: bytes | None = None) -> Any:
    import httpx

    try:
        answer = client.request(
            method,
            f"/office/v1/documents{path}",
            content=body,
            headers={"content-type": "application/json"},
        )
        if answer.status_code == 200:
            return answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise Unavailable("office_unreachable", url=str(client.base_url)) from error
    if answer.status_code == 401:
        raise Refused("office_token")
    if answer.status_code == 403:
        raise Refused("office_role")
    raise Unavailable("office_unreachable", url=str(client.base_url))
