"""What comes from the national portal, on its way to the queue of the office (申請管理).

The portal has checked the form; here numbers are converted and the form is checked once more, without any record of
the register; what passes becomes a case like any other (digital agency, common functions 2.1, section 2.1.2).
"""
