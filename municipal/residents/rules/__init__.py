"""What the register may say, decided on plain data (住民記録の規則).

Pure functions: no database, no clock. What the database can hold to, its constraints hold to.
"""
