"""The door to the pages below /admin: whoever may not run the service is told that there is no such page."""

from flask import Blueprint

from opendesign.web.visit import need_operator


def operators_only(name: str) -> Blueprint:
    """Returns a blueprint of which every page asks first whether the visitor may run the service."""
    pages = Blueprint(name, __name__)
    pages.before_request(need_operator)
    return pages
