"""What can be applied for: entries as data, their versions, search, guide and figures (手続カタログ)."""
