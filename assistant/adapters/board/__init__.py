"""The review board's database: ``schema`` (tables, migrations), ``log``, ``accounts``, ``board`` (all together)."""
