"""Applying from home: drafts, cases, the queue of the office (オンライン申請)."""
