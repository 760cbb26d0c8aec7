"""Files in the form that Japanese banks exchange: records of 120 bytes (全銀協規定形式)."""
