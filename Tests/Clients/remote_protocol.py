"""GDB's remote protocol, as far as a test needs it that sends what GDB never sends."""

import socket


def framed(payload):
    return b"$" + payload + b"#" + f"{sum(payload) & 0xFF:02x}".encode()


class Connection:
    def __init__(self, port, limit=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=limit)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.bytes = b""

    def close(self):
        self.socket.close()

    def send(self, data, piece=None):
        for start in range(0, len(data), piece or len(data)):
            self.socket.sendall(data[start:start + (piece or len(data))])

    def packet(self):
        """The next packet's payload; acknowledges it."""
        while True:
            start = self.bytes.find(b"$")
            end = self.bytes.find(b"#", start) if start >= 0 else -1
            if end >= 0 and len(self.bytes) >= end + 3:
                payload = self.bytes[start + 1:end]
                self.bytes = self.bytes[end + 3:]
                self.socket.sendall(b"+")
                return payload
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionError("the server has closed")
            self.bytes += more

    def ask(self, payload, piece=None):
        self.send(framed(payload), piece)
        return self.packet()
