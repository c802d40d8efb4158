"""The set-up: makes the project's own environment from a hash-locked list, then starts the till inside it.

    launch.py        the way from `python3 -m app` to the command line; the only part a prepared till runs
    environment.py   where the environment is, and whether it is complete
    install.py       makes it: one process at a time, and a half-made one is never mistaken for a whole one
    progress.py      what the person sees meanwhile
    screen.py        whether windows can be shown, and what is missing if not

Standard library only, and imported as late as possible: a till that is ready must not wait for its set-up.
"""
