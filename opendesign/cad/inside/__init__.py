"""What runs in the jail: it imports nothing of ours from outside this folder."""
