"""The parser of the command line: what it does not understand is said in the operator's language."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from app.i18n import t


class Parser(argparse.ArgumentParser):
    """Exit code 2 for a command line that is wrong."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, t("data.arguments_wrong", None, problem=message) + "\n")
