"""What decides about money: pure functions of whole yen and days (公金の規則)."""
