"""Small changes to the rules, and whether the proofs notice them (変異試験)."""
