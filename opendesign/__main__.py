"""`python -m opendesign` is the command `opendesign`."""

from opendesign.app import main

main()
