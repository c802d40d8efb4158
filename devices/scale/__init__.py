"""Scales: two protocols, one rule: only a settled weight in kilograms is a weight."""
