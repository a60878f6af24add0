"""The ground: settings, clock, database, reference data, accounts, audit. Knows no crisis."""
