"""The till's vocabulary: immutable values and pure functions. Standard library only; nothing here reads a clock,
a file or a database."""
