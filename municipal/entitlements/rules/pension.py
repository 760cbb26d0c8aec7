"""From which day somebody is insured in the first category of the national pension (国民年金第1号被保険者).

National Pension Act, articles 7 to 9 and 12; Employees' Pension Insurance Act, article 14 (all unverified).
"""

from datetime import date, timedelta


def first_category_on(left_on: date) -> date:
    """The day after the last day of work: then the employees' pension is lost (種別変更日)."""
    return left_on + timedelta(days=1)
