"""The command line: `commands.py` names them all, `keeping.py` is a running service's first process."""
