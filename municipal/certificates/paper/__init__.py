"""Paper: the typeface, what fits into a field, and one drawing module per family of forms (帳票の描画)."""
