"""OpenDesign: hardware, forked and merged like software."""

__version__ = "0.1.0"
