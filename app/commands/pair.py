"""``pair CODE --server URL``: this till and a central server learn to trust each other. Pairing again replaces what was."""

from __future__ import annotations

import argparse
import json
import sys

from app.commands.sync import opened
from app.i18n import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", help="the pairing code from the office, like ABCD-EFGH-JKLM")
    parser.add_argument("--server", required=True, metavar="URL", help="the server's address")
    parser.add_argument("--demo", action="store_true", help="the demo shop of this data folder")
    parser.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    from sync.client.address import parse_address

    with opened(arguments) as agent:
        address = parse_address(arguments.server)
        if not address.is_safe:
            print(t("sync_command.not_encrypted", url=address.url), file=sys.stderr)
        agent.pair(arguments.server, arguments.code)
        paired = agent.pairing
        assert paired is not None
    print(t("sync_command.paired", tenant=paired.tenant, url=paired.url))
    print(t("sync_command.next"))
    if arguments.json:
        plain = {"tenant": paired.tenant, "url": paired.url, "key": paired.key_id}
        print(json.dumps(plain, ensure_ascii=False))
    return 0
