"""Screens in HTML: forms, views and addresses by subject (画面)."""
