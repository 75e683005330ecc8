# SPDX-License-Identifier: GPL-3.0-or-later
"""A WebSocket client of a few lines, written from RFC 6455: it can also misbehave, which kept
libraries do not offer."""

import base64
import hashlib
import os
import socket
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Refused(Exception):
    """The server did not open the connection."""


class WebSocket:
    def __init__(self, port, path="/live", origin=None, host=None, receive_bytes=None):
        self.close_code = None
        self.socket = socket.socket()
        if receive_bytes:  # before connecting: it decides the window
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(30)
        self.socket.connect(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{port}'}", "Upgrade: websocket",
                 "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Protocol: thenar"]
        if origin:
            lines.append(f"Origin: {origin}")
        self.socket.sendall("\r\n".join(lines + ["", ""]).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.socket.recv(1)
            if not part:
                raise Refused(head.decode(errors="replace"))
            head += part
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        if b" 101 " not in head.split(b"\r\n")[0] or accept.encode() not in head:
            raise Refused(head.decode(errors="replace"))

    def send(self, payload, opcode=TEXT):
        payload = payload.encode() if isinstance(payload, str) else payload
        mask, n = os.urandom(4), len(payload)
        size = bytes([0x80 | n]) if n < 126 else bytes([0xFE]) + struct.pack(">H", n) \
            if n < 65536 else bytes([0xFF]) + struct.pack(">Q", n)
        body = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        self.socket.sendall(bytes([0x80 | opcode]) + size + mask + body)

    def _read(self, n):
        data = b""
        while len(data) < n:
            part = self.socket.recv(n - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def receive(self):
        """(opcode, payload) of one whole message; EOFError when the other end has gone."""
        whole, first = b"", None
        while True:
            head = self._read(2)
            opcode, n = head[0] & 15, head[1] & 127
            if n == 126:
                n = struct.unpack(">H", self._read(2))[0]
            elif n == 127:
                n = struct.unpack(">Q", self._read(8))[0]
            payload = self._read(n)
            if opcode == PING:
                self.send(payload, PONG)
                continue
            if opcode == CLOSE:
                self.close_code = struct.unpack(">H", payload[:2])[0] if n >= 2 else None
                raise EOFError
            first = opcode if first is None else first
            whole += payload
            if head[0] & 128:
                return first, whole

    def close(self):
        self.socket.close()
