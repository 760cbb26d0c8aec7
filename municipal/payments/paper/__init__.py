"""Slips as PDF: a writer made for many pages alike, the slip's layout, its codes (納付書の印刷)."""
