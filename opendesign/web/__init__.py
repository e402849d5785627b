"""The pages: HTML for people, fragments for htmx, and git over HTTP."""

from opendesign.web.frame import register

__all__ = ["register"]
