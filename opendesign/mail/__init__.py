"""Mail: letters leave through an SMTP server, or are written to the log."""
