"""Rules about keys: unique inside a table, known in another (キーの規則)."""
