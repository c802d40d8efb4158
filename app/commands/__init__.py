"""One command of ``python3 -m app`` per file: ``add_arguments(parser)`` says what it takes, ``run(arguments)`` returns the exit code."""
