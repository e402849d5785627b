# ends: ok
import asyncio
import ftplib
import http.server
import multiprocessing.connection
import smtplib
import ssl
import xmlrpc.client

from prelude import PORT, attempt

asyncio.run(asyncio.sleep(0))  # a loop that waits needs none
attempt("asyncio", asyncio.run, asyncio.open_connection("127.0.0.1", PORT))
attempt("served", lambda: asyncio.run(asyncio.start_server(print, "127.0.0.1", 0)).sockets[0])
attempt("http", http.server.HTTPServer, ("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
attempt("ftp", ftplib.FTP, "127.0.0.1", timeout=1)
attempt("smtp", smtplib.SMTP, "127.0.0.1", PORT, timeout=1)
attempt("rpc", xmlrpc.client.ServerProxy(f"http://127.0.0.1:{PORT}").system.listMethods)
attempt("tls", ssl.get_server_certificate, ("127.0.0.1", PORT), timeout=1)
attempt("pipe", multiprocessing.connection.Listener)
attempt("client", multiprocessing.connection.Client, ("127.0.0.1", PORT))
