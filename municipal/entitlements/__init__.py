"""To what somebody was found entitled, from when until when, and how much where somebody decided it (受給資格)."""
