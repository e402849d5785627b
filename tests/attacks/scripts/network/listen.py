# ends: ok
import socket
import socketserver

from prelude import attempt

attempt("server", socket.create_server, ("127.0.0.1", 0))
attempt("everywhere", socket.create_server, ("0.0.0.0", 8080))
attempt("six", socket.create_server, ("::", 0), family=socket.AF_INET6)
attempt("threads", socketserver.ThreadingTCPServer, ("", 0), socketserver.BaseRequestHandler)
