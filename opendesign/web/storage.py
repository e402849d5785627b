"""What one's own designs take, and of what quota."""

from flask import Blueprint, render_template

from opendesign.actions.show_storage import show_storage
from opendesign.web.visit import entered, looking

pages = Blueprint("storage", __name__)
MOST = 200  # designs that are listed


@pages.get("/settings/storage")
def storage() -> str:
    """Shows what one keeps, with the designs by size."""
    entered()
    kept = show_storage(looking())
    shown = [
        ("git", kept.git, kept.git_quota),
        ("large", kept.large, kept.large_quota),
        ("made", kept.made, 0),
    ]
    return render_template("people/storage.html", kept=kept, sums=shown, designs=kept.designs[:MOST], most=MOST)
