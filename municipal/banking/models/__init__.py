"""The tables of this room (銀行とのデータの表)."""
