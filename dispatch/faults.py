"""What a bad row may raise while it is handled; anything else is a fault of the program.

Whoever catches these goes on with the other rows, and leaves this one to a human.
"""

from sqlalchemy.exc import SQLAlchemyError

FAULTS = (SQLAlchemyError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
