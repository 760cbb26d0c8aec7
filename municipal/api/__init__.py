"""The register as JSON, for other systems of the town (住民照会API).

Whoever may see a person on the screen may see the same here, recorded the same way. What changes something calls one
operation, needs the permission of its screen, and takes an idempotency key: asked twice, it is done once.
"""
