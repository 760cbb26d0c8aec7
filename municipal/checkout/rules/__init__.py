"""What decides about a payment, without asking a database (オンライン納付の規則)."""
