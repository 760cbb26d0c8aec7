"""What a certificate says and what it is called, as pure functions (証明の規則)."""
