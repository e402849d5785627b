# ends: ok
import socket
import urllib.request

from prelude import PORT, attempt

attempt("loopback", socket.create_connection, ("127.0.0.1", PORT), 1)
attempt("outside", socket.create_connection, ("1.1.1.1", 53), 1)
attempt("six", socket.create_connection, ("::1", PORT), 1)
attempt("http", urllib.request.urlopen, f"http://127.0.0.1:{PORT}/", timeout=1)
attempt("metadata", urllib.request.urlopen, "http://169.254.169.254/latest/", timeout=1)
attempt("names", socket.getaddrinfo, "example.org", 80)
