"""The letters the service writes: what each is for, how long its link works, and its words."""

from datetime import timedelta

PASSWORD = "password"
ADDRESS = "address"
LIFETIMES = {PASSWORD: timedelta(hours=1), ADDRESS: timedelta(days=7)}
MOST_AN_HOUR = 3  # of a kind to one person

_SUBJECTS = {PASSWORD: "Choose a new password", ADDRESS: "Is this your address?"}
_PATHS = {PASSWORD: "account/reset", ADDRESS: "account/address"}
_WORDS = {
    PASSWORD: "Somebody, you we hope, asked for a new password for your account “{name}” on OpenDesign.\n"
    "Choose one here, within an hour:\n\n{link}\n\n"
    "If it was not you, do nothing: your password stays as it is.\n",
    ADDRESS: "An account called “{name}” on OpenDesign was made with this address.\n"
    "If it is yours, say so here, within a week:\n\n{link}\n\n"
    "If it is not, do nothing.\n",
}


def write_letter(kind: str, name: str, address: str, secret: str) -> tuple[str, str]:
    """Returns subject and text of a letter to a person; `address` is the service's, without a slash at the end."""
    link = f"{address}/{_PATHS[kind]}/{secret}"
    return f"OpenDesign: {_SUBJECTS[kind]}", _WORDS[kind].format(name=name, link=link)
