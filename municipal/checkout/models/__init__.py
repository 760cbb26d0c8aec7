"""The tables of this room (オンライン納付の表)."""
