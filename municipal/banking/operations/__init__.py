"""Everything that changes the tables of this room (銀行とのデータの操作)."""
