"""The till's side of the sync: the engine that decides, the way to the server, and the thread that drives both.

The engine knows no thread and no socket; nothing here is imported before the first screen stands.
"""
