"""How fast the register is, measured beside the plain way of doing the same thing (性能測定)."""
