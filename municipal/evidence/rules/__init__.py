"""Rules of asking and answering, without a database (情報連携の規則)."""
