"""`python3 -m app`: the one way in.

This file must parse and run on any Python 3, however old, so that a person is told what to install.
"""

import sys

OLDEST = (3, 11)


def main():  # type: ignore[no-untyped-def]
    if sys.version_info < OLDEST:
        from app.texts.setup import TEXTS

        found = ".".join(str(part) for part in sys.version_info[:3])
        for sentence in TEXTS["setup.python_too_old"]:
            sys.stderr.write(sentence.format(found=found) + "\n")
        return 3
    from app.setup.launch import launch

    return launch(sys.argv[1:], run)


def run(arguments):  # type: ignore[no-untyped-def]
    from app.cli import main as command_line

    return command_line(arguments)


if __name__ == "__main__":
    sys.exit(main())  # type: ignore[no-untyped-call]
