"""Everything that changes the tables of this room (オンライン納付の操作)."""
