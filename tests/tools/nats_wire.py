"""A small client of NATS: one connection, in the clear.

Requests to JetStream's API, and messages of a subscription.  Each wait has a
limit, after which it fails with TimeoutError.
"""
import collections
import json
import os
import socket

LIMIT = 30


class Refused(Exception):
    """The API's answer is an error."""


class Connection:
    """A connection to the first of the servers HOST:PORT,... that answers.

    login gets the server's INFO, and returns members for CONNECT.
    """

    def __init__(self, servers, limit=LIMIT, login=lambda info: {}):
        self.inbox = '_INBOX.%d.%s' % (os.getpid(), os.urandom(8).hex())
        self.buffer = b''
        self.subscriptions = 0
        self.kept = collections.deque()  # came before an answer
        self.socket = self._connect(servers.split(','), limit)
        info = json.loads(self._take_line().split(' ', 1)[1])
        self._send('CONNECT %s\r\n' % json.dumps({
            'verbose': False, 'headers': True, 'no_responders': True,
            'protocol': 1, 'name': 'test', **login(info)}))

    @staticmethod
    def _connect(servers, limit):
        for server in servers:
            host, port = server.rsplit(':', 1)
            try:
                return socket.create_connection((host, int(port)), limit)
            except OSError as error:
                failure = error
        raise failure

    def _send(self, text):
        self.socket.sendall(text.encode() if isinstance(text, str) else text)

    def _fill(self):
        got = self.socket.recv(1 << 20)
        if not got:
            raise ConnectionError('the server closed the connection')
        self.buffer += got

    def _take_line(self):
        while b'\r\n' not in self.buffer:
            self._fill()
        line, self.buffer = self.buffer.split(b'\r\n', 1)
        return line.decode()

    def _take_bytes(self, count):
        while len(self.buffer) < count + 2:
            self._fill()
        taken = self.buffer[:count]
        self.buffer = self.buffer[count + 2:]
        return taken

    def subscribe(self, subject):
        self.subscriptions += 1
        self._send('SUB %s %d\r\n' % (subject, self.subscriptions))

    def publish(self, subject, data=b'', reply='', headers=None):
        if headers is None:
            self._send(b'PUB %s %s %d\r\n%s\r\n' % (
                subject.encode(), reply.encode(), len(data), data))
            return
        head = 'NATS/1.0\r\n' + ''.join(
            '%s: %s\r\n' % item for item in headers.items()) + '\r\n'
        self._send(b'HPUB %s %s %d %d\r\n%s%s\r\n' % (
            subject.encode(), reply.encode(), len(head),
            len(head) + len(data), head.encode(), data))

    def message(self):
        """The next message: (subject, reply, headers, data)."""
        return self.kept.popleft() if self.kept else self._receive()

    def _receive(self):
        while True:
            line = self._take_line()
            words = line.split(' ')
            if words[0] == 'PING':
                self._send('PONG\r\n')
            elif words[0] == '-ERR':
                raise ConnectionError(line)
            elif words[0] in ('MSG', 'HMSG'):
                return self._parse(words)

    def _parse(self, words):
        body = self._take_bytes(int(words[-1]))
        skip = int(words[-2]) if words[0] == 'HMSG' else 0
        reply = words[3] if len(words) == (6 if skip else 5) else ''
        lines = body[:skip].decode().split('\r\n')
        headers = dict(line.split(': ', 1) for line in lines if ': ' in line)
        if skip and len(lines[0]) > len('NATS/1.0'):
            headers['Status'] = lines[0].split(' ')[1]
        return words[1], reply, headers, body[skip:]

    def request(self, subject, data=b'', headers=None):
        """Publishes, and returns headers and data of the answer."""
        inbox = '%s.%d' % (self.inbox, self.subscriptions)
        self.subscribe(inbox)
        self.publish(subject, data, inbox, headers)
        while True:
            got = self._receive()
            if got[0] == inbox:
                return got[2], got[3]
            self.kept.append(got)

    def api(self, subject, request=None):
        """Asks JetStream's API, and returns its answer."""
        headers, data = self.request(
            '$JS.API.' + subject,
            json.dumps(request).encode() if request is not None else b'')
        if 'Status' in headers:
            raise Refused('%s: %s' % (subject, headers['Status']))
        answer = json.loads(data)
        if 'error' in answer:
            raise Refused('%s: %s' % (subject, answer['error']))
        return answer
