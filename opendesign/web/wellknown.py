"""What programs look for at fixed addresses: whom to tell of a hole, where passwords are changed, what not to crawl."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as Answer

from opendesign.core.errors import NotFound
from opendesign.web.visit import house, public_url

pages = Blueprint("wellknown", __name__)
VALID = timedelta(days=180)  # RFC 9116 asks for less than a year
CRAWLED_IN_VAIN = (
    *("/account/", "/admin", "/api/v1/", "/builds/", "/enter", "/join", "/leave", "/report", "/settings"),
    *("/*?p.", "/*/archive/", "/*/compare", "/*/exports/", "/*/previews/", "/*/source/", "/*/trials"),
)


@pages.get("/.well-known/security.txt")
def security() -> Response:
    """Says whom to tell of a hole (RFC 9116), where the operator has said so."""
    contact = " ".join(house().settings.security_contact.split())
    if not contact:
        raise NotFound("There is no page at this address.")
    if "@" in contact and not contact.startswith(("mailto:", "https:")):
        contact = f"mailto:{contact}"
    end = (datetime.now(UTC) + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (f"Contact: {contact}", f"Expires: {end:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: en, fr, pt")
    return _text(*lines, f"Canonical: {public_url()}/.well-known/security.txt")


@pages.get("/.well-known/change-password")
def password() -> Answer:
    """Leads password managers to the page on which a password is changed."""
    return redirect("/settings", 302)


@pages.get("/robots.txt")
def robots() -> Response:
    """Asks crawlers to leave alone what is of no use to them, or has something made."""
    return _text("User-agent: *", *(f"Disallow: {place}" for place in CRAWLED_IN_VAIN))


def _text(*lines: str) -> Response:
    return Response("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")
