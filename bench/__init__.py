"""What `make bench` measures; goals from the issues."""
