"""How people sign commits made in the browser, without giving away their address."""

NOREPLY = "users.noreply.opendesign.invalid"  # .invalid: RFC 2606, never a real mail domain


def commit_email(name: str) -> str:
    """Returns the address commits made here carry for the person called `name`."""
    return f"{name}@{NOREPLY}"


def person_name(email: str) -> str | None:
    """Returns the name in an address made by `commit_email`, or None for any other address."""
    name, _, domain = email.lower().partition("@")
    return name if domain == NOREPLY else None
