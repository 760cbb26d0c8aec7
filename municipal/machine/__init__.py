"""PostgreSQL and Valkey on one machine, from wheels, for a town that has neither (一台構成).

Nothing here knows Django. A real installation sets DATABASE_URL, DATABASE_OWNER_URL and BROKER_URL,
and then none of this starts.
"""
