#!/usr/bin/env python3
"""A NATS server that answers as a mode says: wrongly, mostly.

usage: nats-peer.py PORT FILE

The file names the mode of the next connection.
Modes of the connection: silent, tls-silent (asks for TLS and says no more), junk,
long (a line without an end), no-pong, refused, closed, elsewhere (names another
server, and refuses the user; FILE.elsewhere has a line for each connection to
that).
Modes of an answer: the keys of LAST, ACKS, INFOS and FEEDS below; all other
answers are right. In mode late each acknowledgement comes with the next one; in
tardy it comes after two seconds; in feed-end the deletion of the consumer is
answered together with a last message.
"""
import base64
import json
import socket
import sys
import threading
import time

INFO = ('INFO {"server_id":"X","version":"2.9.10","proto":1,"headers":true,'
        '"max_payload":1048576,"jetstream":true%s}\r\n')
STREAM = ('{"type":"io.nats.jetstream.api.v1.stream_info_response","config":'
          '{"name":"S","subjects":["s"],"retention":"limits","storage":"file",'
          '"max_msg_size":-1,"discard":"new","num_replicas":1},'
          '"created":"2026-01-01T00:00:00Z","state":'
          '{"first_seq":1,"last_seq":7}}')
CLUSTER = (STREAM.replace('replicas":1', 'replicas":3')[:-1]
           + ',"cluster":{"name":"C"%s}}')
ACK = '{"stream":"S","seq":8}'
HEADERS = base64.b64encode(
    b"NATS/1.0\r\nRlog-Place: here\r\n\r\n").decode()


def stored(**more):
    message = {"subject": "s", "seq": 7, "hdrs": HEADERS, "data": "eA==",
               "time": "2026-01-01T00:00:00Z"}
    message.update(more)
    return json.dumps({"message": {name: value for name, value
                                   in message.items() if value is not None}})


LAST = {
    "last-none": '{"error":{"code":404,"err_code":10037,"description":"no"}}',
    "last-empty": "{}",
    "last-null": '{"message":null}',
    "last-no-sequence": stored(seq=None),
    "last-negative": stored(seq=-1),
    "last-huge": stored(seq=10 ** 30),
    "last-text": stored(seq="seven"),
    "last-junk-headers": stored(hdrs="!!!!"),
    "last-odd-headers": stored(hdrs="QUJD"),
    "last-no-headers": stored(hdrs=None),
    "last-long-place": stored(hdrs=base64.b64encode(
        b"NATS/1.0\r\nRlog-Place: " + b"x" * 100000 + b"\r\n\r\n").decode()),
    "last-control-place": stored(hdrs=base64.b64encode(
        b"NATS/1.0\r\nRlog-Place: a\x1bb\r\n\r\n").decode()),
    "last-array": "[]",
    "last-deep": '{"message":' + "[" * 100000,
    "last-cut": stored()[:-20],
    "last-nothing": "",
    "last-refused": '{"error":{"code":500,"err_code":10003,"description":"x"}}',
    "last-silent": None,
}
ACKS = {
    "ack-empty": "{}",
    "ack-zero": '{"stream":"S","seq":0}',
    "ack-negative": '{"stream":"S","seq":-1}',
    "ack-text": '{"stream":"S","seq":"8"}',
    "ack-other": '{"stream":"OTHER","seq":8}',
    "ack-no-stream": '{"seq":8}',
    "ack-duplicate": '{"stream":"S","seq":8,"duplicate":true}',
    "ack-junk": "\x00\x01junk",
    "ack-deep": "[" * 100000,
    "ack-error": '{"error":{"code":-1,"description":"\\u001b[1m\\n"}}',
    "ack-long-error": '{"error":{"code":400,"err_code":10071,"description":"'
                      + "x" * 100000 + '"}}',
    "ack-nothing": "",
}
INFOS = {
    "info-empty": "{}",
    "info-no-config": '{"state":{"last_seq":7}}',
    "info-queue": STREAM.replace("limits", "workqueue"),
    "info-odd-retention": STREAM.replace("limits", "odd"),
    "info-negative": STREAM.replace('-1,"discard', '-5,"discard'),
    "info-junk": "junk",
    "info-leader": CLUSTER % ',"leader":"n1"',
    "info-no-leader": CLUSTER % "",
    "info-empty-leader": CLUSTER % ',"leader":""',
}
CONSUMER = '{"stream_name":"S","name":"C","num_pending":3,"config":{}}'
CONSUMERS = {
    "consumer-empty": "{}",
    "consumer-long": CONSUMER.replace('"C"', '"' + "C" * 1000 + '"'),
}
# Lists of replies "DELIVERED.SEQUENCE.NUMBER", or whole replies, or statuses.
FEEDS = {
    "feed-right": ["1.1.1", "1.3.2", "1.4.3"],
    "feed-gap": ["1.1.1", "1.3.3"],
    "feed-twice": ["1.1.1", "1.1.1"],
    "feed-again": ["1.1.1", "2.2.2"],
    "feed-back": ["1.5.1", "1.4.2"],
    "feed-zero": ["1.0.1"],
    "feed-huge": ["1.99999999999999999999999.1"],
    "feed-other": ["$JS.ACK.T.C.1.1.1.1.1"],
    "feed-short": ["$JS.ACK.S.C.1"],
    "feed-no-reply": [""],
    "feed-flood": [f"1.{n}.{n}" for n in range(1, 2000)],
    "feed-408": ["=408 Request Timeout"],
    "feed-404": ["=404 No Messages"],
    "feed-409": ["=409 Consumer Deleted"],
    "feed-503": ["=503"],
    "feed-odd": ["=xyz \x1b[1m"],
    "feed-silent": [],
}


class Client:
    elsewhere = ""  # HOST:PORT of the other server

    def __init__(self, connection, mode):
        self.file = connection.makefile("rwb", buffering=0)
        self.connection = connection
        self.mode = mode
        self.sids = {}  # prefix of subjects: number
        self.late = None
        self.inbox = None

    def write(self, data):
        self.connection.sendall(data)

    def message(self, reply, text, subject=None, to=""):
        data = text.encode()
        sid = next(sid for prefix, sid in self.sids.items()
                   if reply.startswith(prefix))
        to = to and " " + to
        return (f"MSG {subject or reply} {sid}{to} {len(data)}\r\n".encode()
                + data + b"\r\n")

    def answer(self, *what, **more):
        self.write(self.message(*what, **more))

    def tell_status(self, reply, status):
        head = f"NATS/1.0 {status}\r\n\r\n".encode()
        sid = next(sid for prefix, sid in self.sids.items()
                   if reply.startswith(prefix))
        self.write(f"HMSG {reply} {sid} {len(head)} {len(head)}\r\n".encode()
                   + head + b"\r\n")

    def feed(self, reply):
        for item in FEEDS.get(self.mode, FEEDS["feed-right"]):
            if item.startswith("="):
                self.tell_status(reply, item[1:])
                continue
            to = item
            if item and not item.startswith("$"):
                to = f"$JS.ACK.S.C.{item}.1.0"
            self.answer(reply, "text", subject="s", to=to)

    def request(self, subject, reply):
        mode = self.mode
        if ".STREAM.INFO." in subject:
            self.answer(reply, INFOS.get(mode, STREAM))
        elif ".STREAM.MSG.GET." in subject:
            if (answer := LAST.get(mode, stored())) is not None:
                self.answer(reply, answer)
        elif ".CONSUMER.MSG.NEXT." in subject:
            self.inbox = reply
            self.feed(reply)
        elif ".CONSUMER.DELETE." in subject and mode == "feed-end":
            self.write(self.message(reply, '{"success":true}')
                       + self.message(self.inbox, "text"))
        elif ".CONSUMER." in subject:
            self.answer(reply, CONSUMERS.get(mode, CONSUMER))
        elif mode == "late":
            if self.late:
                self.answer(self.late, ACK)
            self.late = reply
        elif mode == "tardy":
            time.sleep(2)
            self.answer(reply, ACK)
        elif mode == "twice":
            self.answer(reply, ACK)
            self.answer(reply, '{"stream":"S","seq":9}')
        elif mode != "never":
            self.answer(reply, ACKS.get(mode, ACK))

    def serve_lines(self):
        reader = self.connection.makefile("rb")
        while line := reader.readline():
            words = line.decode("latin1").split()
            if words[0] == "PING":
                self.write(b"PONG\r\n")
            elif words[0] == "SUB":
                self.sids[words[1].rstrip("*>")] = words[-1]
            elif words[0] in ("PUB", "HPUB"):
                reader.read(int(words[-1]) + 2)
                if len(words) > (3 if words[0] == "PUB" else 4):
                    self.request(words[1], words[2])

    def serve(self):
        mode = self.mode
        if mode == "silent":
            self.connection.recv(1)
            return
        if mode == "closed":
            return
        if mode == "junk":
            self.write(bytes(range(256)) * 100 + b"\r\n")
            self.connection.recv(1)
            return
        if mode == "long":
            while True:
                self.write(b"INFO " * 10000)
        more = {"tls-silent": ',"tls_required":true',
                "elsewhere": ',"connect_urls":["%s"]' % self.elsewhere}
        self.write((INFO % more.get(mode, "")).encode())
        if mode in ("tls-silent", "no-pong"):
            while self.connection.recv(65536):
                pass
            return
        if mode in ("refused", "elsewhere"):
            self.connection.recv(65536)
            self.write(b"-ERR 'Authorization Violation'\r\n")
            return
        self.serve_lines()


def serve(connection, mode):
    try:
        Client(connection, mode).serve()
    except OSError:
        pass
    connection.close()


def count_others(listener):
    while True:
        connection, _ = listener.accept()
        with open(sys.argv[2] + ".elsewhere", "a", encoding="ascii") as file:
            file.write("connected\n")
        connection.close()


def main():
    other = socket.create_server(("127.0.0.1", 0))
    Client.elsewhere = "127.0.0.1:%d" % other.getsockname()[1]
    threading.Thread(target=count_others, args=(other,), daemon=True).start()
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    while True:
        connection, _ = listener.accept()
        with open(sys.argv[2], encoding="ascii") as file:
            mode = file.read().strip()
        threading.Thread(target=serve, args=(connection, mode),
                         daemon=True).start()


main()
