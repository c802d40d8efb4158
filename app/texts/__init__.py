"""What the operator reads: one module per area, each with `TEXTS`: key -> (繁體中文, 简体中文, English).

A key begins with the name of its module; `app.i18n` imports a module when the first of its keys is asked for.
"""
