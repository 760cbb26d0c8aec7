"""The small typed language in which staff say what they want of the register (抽出の式)."""
