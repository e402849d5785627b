# ends: ok
import socket

from prelude import ENGINE, attempt


def speak(address):
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    channel.connect(address)
    channel.send(b'{"ask": "status"}')
    return channel.recv(1000)


attempt("engine", speak, ENGINE)
attempt("abstract", speak, "\0engine")
attempt("system bus", speak, "/run/dbus/system_bus_socket")
attempt("docker", speak, "/var/run/docker.sock")
attempt("dangling", lambda: socket.socket(socket.AF_UNIX).bind("here"))
