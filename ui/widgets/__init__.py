"""Widgets that know nothing of sales: each renders a value and emits asks."""
