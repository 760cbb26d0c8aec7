"""Rules about single cells, for every item of every pack (項目の規則)."""
