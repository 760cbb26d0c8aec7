"""When entitlements begin and end, by the law of each; nothing here reads a database (受給資格の規則)."""
