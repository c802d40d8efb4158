"""The member's page: everything about one person, section by section."""
