"""The first-run set-up: from an empty data folder to a till that opens."""
