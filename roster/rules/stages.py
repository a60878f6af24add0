"""The words of vetting: its stages, results, cases and papers. No person is known here."""

# In the order in which a case passes them; all are mandatory (A02 of the founding documents).
COMPLETENESS, ELIGIBILITY, TECHNICAL = "completeness", "eligibility", "technical"
INTERVIEW, REFERENCES, CONFLICTS, READINESS = "interview", "references", "conflicts", "readiness"
STAGES = (COMPLETENESS, ELIGIBILITY, TECHNICAL, INTERVIEW, REFERENCES, CONFLICTS, READINESS)

PASSED, FAILED, MORE_NEEDED = "passed", "failed", "more_needed"
RESULTS = (PASSED, FAILED, MORE_NEEDED)

# Why a case was opened.
APPLICATION, RENEWAL, REVIEW, APPEAL = "application", "renewal", "review", "appeal"
CASE_KINDS = (APPLICATION, RENEWAL, REVIEW, APPEAL)
# What became of it.
OPEN, QUALIFIED, REFUSED, DROPPED = "open", "qualified", "refused", "dropped"
CASE_STATES = (OPEN, QUALIFIED, REFUSED, DROPPED)

CV, CERTIFICATE, EVIDENCE = "cv", "certificate", "evidence"
PAPER_KINDS = (CV, CERTIFICATE, EVIDENCE)
QUARANTINED, CLEAN, INFECTED = "quarantined", "clean", "infected"
VERDICTS = (QUARANTINED, CLEAN, INFECTED)

BY_SMS, BY_VOICE, BY_LINK = "sms", "voice", "link"
PROOF_WAYS = (BY_SMS, BY_VOICE, BY_LINK)

PANEL_OF = 2  # interviewers, at least
REFEREES = 2  # references, at least
LOWEST_SCORE, HIGHEST_SCORE, PASSING_SCORE = 1, 5, 3.0
