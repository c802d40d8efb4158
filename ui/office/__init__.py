"""The loyalty office: coupons given and counted, cards and gifts, the guard's findings, duplicates, and the shop's events."""
