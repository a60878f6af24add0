"""What Flask-Security says, in our words and from our catalogue; it looks the texts up itself."""


def N_(text: str) -> str:  # noqa: N802  the name by which pybabel finds texts that are looked up later
    """Marks `text` for the catalogue."""
    return text


MESSAGES: dict[str, tuple[str, str]] = {
    "GENERIC_AUTHN_FAILED": (
        N_("The e-mail address or the password is not right."), "error"),
    "PASSWORD_RESET_REQUEST": (
        N_("If there is an account with this address, we have just sent a mail to it."), "info"),
    "PASSWORD_RESET_EXPIRED": (N_("This link is too old. Ask for a new one."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        N_("This link was used already or is not complete. Ask for a new one."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (
        N_("Your password is changed. Sign in with the new one."), "success"),
    "PASSWORD_CHANGE": (N_("Your password is changed."), "success"),
    "PASSWORD_IS_THE_SAME": (N_("Choose a password that you have not had before."), "error"),
    "INVALID_PASSWORD": (N_("This is not your present password."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Enter a password."), "error"),
    "EMAIL_NOT_PROVIDED": (N_("Enter your e-mail address."), "error"),
    "INVALID_EMAIL_ADDRESS": (N_("This is not an e-mail address."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords are different."), "error"),
    "INVALID_REDIRECT": (N_("That address is not one of ours."), "error"),
    "DISABLED_ACCOUNT": (
        N_("The e-mail address or the password is not right."), "error"),
    "USER_DOES_NOT_EXIST": (
        N_("The e-mail address or the password is not right."), "error"),
    "UNAUTHENTICATED": (N_("You must sign in to see this page."), "error"),
    "FORGOT_PASSWORD": (N_("I have forgotten my password"), "info"),
}  # fmt: skip
SUBJECTS = {
    "security/email/reset_instructions": N_("Set a new password for IP-ROC Dispatch"),
    "security/email/reset_notice": N_("Your password for IP-ROC Dispatch was changed"),
    "security/email/change_notice": N_("Your password for IP-ROC Dispatch was changed"),
}


def configuration() -> dict[str, tuple[str, str]]:
    """The messages as Flask-Security's settings."""
    return {f"SECURITY_MSG_{key}": value for key, value in MESSAGES.items()}
