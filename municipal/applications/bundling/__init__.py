"""From one event in somebody's life to everything that belongs to it: questions, plan, one form (ライフイベント)."""
