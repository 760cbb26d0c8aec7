"""The register as JSON, for other systems of the town (住民照会API).

Read only so far: nothing here changes anything, so no call takes an idempotency key yet. Whoever may see a person on
the screen may see the same here, recorded the same way.
"""
