"""What holds of answers, attachments and steps, without a database (申請の規則)."""
