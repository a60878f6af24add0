"""When people are reminded, and how long an answer is waited for: every figure in one place.

Days and months count from midnight UTC; hours are the reader's own.
"""

# Validity: days before its last day on which the expert and HR are told; -1 is the day after.
VALIDITY_DAYS = (90, 30, 7, -1)
# Days before the last valid day from which a renewal case is opened by itself.
RENEWAL_DAYS = 90

# Every so many months after the validation or the last word of theirs, experts are asked anew ...
RECONFIRM_MONTHS = 12
# ... and reminded so many days after they were first asked; then HR is told.
RECONFIRM_DAYS = (0, 7, 14)
RECONFIRM_TELL_DAYS = 30
# Days for which the link and the code in a reminder can be used.
ANSWERABLE_DAYS = 60

# Certificates: days before the last day; -1 is the day after, when its skill has ended with it.
CERTIFICATE_DAYS = (90, 30, 7, -1)
# From so many days before an end it is urgent: who is away is told, too, by mail.
URGENT_DAYS = 7
# What ended more days ago than this is no news any more.
STALE_DAYS = 14

# Days without any answer from a phone after which it is proved anew, and between two tries.
PHONE_DAYS = 90

# Referees: days after the question on which they are reminded.
REFERENCE_DAYS = (5, 10)
# Who has not answered after so many days will not.
REFERENCE_GIVEN_UP_DAYS = 60

# Evaluation: hours after the end of a mission at which the office is asked, and days later again.
EVALUATION_HOURS = 1
EVALUATION_AGAIN_DAYS = 7
EVALUATION_GIVEN_UP_DAYS = 60
RATINGS = (1, 2, 3, 4, 5)
POOR_RATING = 2  # this and below open a review

# Local hours in which anybody is written to about such things; the end is excluded.
WRITING_HOURS = (9, 17)
# Everybody is looked at again after so many days, whatever is expected.
LOOK_AGAIN_DAYS = 7

# How long it is remembered, after it was said, what somebody was reminded of.
REMINDERS_KEPT_DAYS = 400
