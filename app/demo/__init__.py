"""The demo shop 好日子選物店: goods, people and a year of trade, as plain values.

Everything here is invented and seeded: the same seed gives the same shop on every machine. The package
imports nothing of the till; turning its values into the till's own is the work of whoever opens the demo.
"""
