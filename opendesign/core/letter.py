"""The letters the service writes: what each is for, how long its link works, and its words."""

from datetime import timedelta

from opendesign.core.language import N_, Say

PASSWORD = "password"
ADDRESS = "address"
MOVE = "move"
WARNING = "warning"
CHANGED = "changed"
ENTERED = "entered"
LINKED = "linked"
FACTOR = "factor"
BARE = "bare"
RECOVERED = "recovered"
GUESSED = "guessed"
LIFETIMES = {
    PASSWORD: timedelta(hours=1),
    ADDRESS: timedelta(days=7),
    MOVE: timedelta(days=1),
    WARNING: timedelta(days=1),
    CHANGED: timedelta(days=1),
    ENTERED: timedelta(days=1),
    LINKED: timedelta(days=1),
    FACTOR: timedelta(days=1),
    BARE: timedelta(days=1),
    RECOVERED: timedelta(days=1),
    GUESSED: timedelta(days=1),
}
MOST_AN_HOUR = 3  # of a kind to one person

_SUBJECTS = {
    PASSWORD: N_("Choose a new password"),
    ADDRESS: N_("Is this your address?"),
    MOVE: N_("Is this your new address?"),
    WARNING: N_("Your address is to change"),
    CHANGED: N_("Your password was changed"),
    ENTERED: N_("Somebody entered from a new place"),
    LINKED: N_("Another way into your account"),
    FACTOR: N_("Your second factor is set up"),
    BARE: N_("Your second factor was taken away"),
    RECOVERED: N_("A recovery code was used"),
    GUESSED: N_("Somebody knows your password"),
}
_PATHS = {
    PASSWORD: "account/reset/{secret}",
    ADDRESS: "account/address/{secret}",
    MOVE: "account/address/{secret}",
    WARNING: "settings",
    CHANGED: "account/reset",
    ENTERED: "settings/visits",
    LINKED: "settings",
    FACTOR: "settings/factor",
    BARE: "settings/factor",
    RECOVERED: "settings/factor",
    GUESSED: "account/reset",
}
_WORDS = {
    PASSWORD: N_(
        "Somebody, you we hope, asked for a new password for your account “{name}” on OpenDesign.\n"
        "Choose one here, within an hour:\n\n{link}\n\n"
        "If it was not you, do nothing: your password stays as it is.\n"
    ),
    ADDRESS: N_(
        "An account called “{name}” on OpenDesign was made with this address.\n"
        "If it is yours, say so here, within a week:\n\n{link}\n\n"
        "If it is not, do nothing.\n"
    ),
    MOVE: N_(
        "The account “{name}” on OpenDesign is to have this address.\n"
        "If it is yours, say so here, within a day:\n\n{link}\n\n"
        "If it is not, do nothing: the account keeps the address it has.\n"
    ),
    WARNING: N_(
        "Somebody, you we hope, asked that your account “{name}” on OpenDesign has another address.\n"
        "This one stays until the other is confirmed.\n\n"
        "If it was not you, choose another password at once, which stops it:\n\n{link}\n"
    ),
    CHANGED: N_(
        "The password of your account “{name}” on OpenDesign was changed, and every browser was sent out.\n"
        "If it was you, do nothing. If it was not, have a link sent with which you choose another, and look through\n"
        "your tokens afterwards:\n\n{link}\n"
    ),
    ENTERED: N_(
        "Somebody entered as “{name}” on OpenDesign, with a browser and an address that were not seen before.\n"
        "If it was you, do nothing. If it was not, change your password, which sends every browser out.\n"
        "Where you are in:\n\n{link}\n"
    ),
    LINKED: N_(
        "The account “{name}” on OpenDesign can be entered through another service from now on, without its password.\n"
        "If it was you, do nothing. If it was not, end that under “Other ways in”, and change your password:\n"
        "\n{link}\n"
    ),
    FACTOR: N_(
        "Whoever enters as “{name}” on OpenDesign must show a code beside the password from now on.\n"
        "Every other browser was sent out; tokens work on. Keep the recovery codes where you find them without\n"
        "your phone.\n"
        "If it was not you, have another password sent, and write to the operators of the service.\n\n{link}\n"
    ),
    BARE: N_(
        "The account “{name}” on OpenDesign has no second factor any more: its password alone opens it.\n"
        "If it was you, or you have asked an operator for it, do nothing. If not, change your password and set up\n"
        "another:\n\n{link}\n"
    ),
    RECOVERED: N_(
        "Somebody used one of the recovery codes of your account “{name}” on OpenDesign, which works no longer.\n"
        "If it was you, look how many are left. If it was not, change your password, and make new codes:\n\n{link}\n"
    ),
    GUESSED: N_(
        "Somebody knows the password of your account “{name}” on OpenDesign, and tries one code of your second factor\n"
        "after another. They did not get in. If it was not you, choose another password:\n\n{link}\n"
    ),
}


def write_letter(kind: str, name: str, address: str, secret: str, say: Say = str) -> tuple[str, str]:
    """Returns subject and text of a letter to a person, as `say` translates them.

    `address` is the service's, without a slash at the end.
    """
    link = f"{address}/{_PATHS[kind].format(secret=secret)}"
    return f"OpenDesign: {say(_SUBJECTS[kind])}", say(_WORDS[kind]).format(name=name, link=link)
