#!/usr/bin/python3
"""tls-peer.py [-V 1.2] [-C CERT] [-n NAME] [-r] COMMAND [ARG...]: runs a command
on a socket and plays the client of TLS. A script on standard input:

    T        begin TLS
    >TEXT    send TEXT and CRLF
    >>N      send N lines of 1000 bytes
    <        read a line
    <TEXT    read lines until one begins with TEXT
    .        end TLS, else it ends with the script
    !NAME    make a file
    ?NAME    wait for a file

-C gives a file with a certificate and its key, -n the server's name; -r runs
the command twice and resumes the first session in the second. The clear bytes
inside of TLS go to the files sent and received (of the last run, with -r), the
client's random to random; what happened is printed."""
import argparse
import os
import socket
import ssl
import subprocess
import sys
import time


def tell(*words):
    """One write, since the program may write to the same file."""
    sys.stdout.write(' '.join(map(str, words)) + '\n')


def make_context(options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.keylog_filename = 'keys'
    if options.version == '1.2':
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if options.certificate:
        context.load_cert_chain(options.certificate)
    return context


class Client:
    def __init__(self, options, context, session):
        self.context = context
        self.name, self.session = options.name, session
        self.socket, end = socket.socketpair()
        self.program = subprocess.Popen(options.command, stdin=end, stdout=end)
        end.close()
        self.is_tls = False
        self.rest = b''
        self.sent, self.received = open('sent', 'wb'), open('received', 'wb')

    def send(self, data):
        self.socket.sendall(data)
        if self.is_tls:
            self.sent.write(data)

    def line(self):
        while b'\n' not in self.rest:
            data = self.socket.recv(65536)
            if not data:
                tell('end')
                return b''
            if self.is_tls:
                self.received.write(data)
            self.rest += data
        line, self.rest = self.rest.split(b'\n', 1)
        return line

    def begin_tls(self):
        self.socket = self.context.wrap_socket(
            self.socket, server_hostname=self.name, session=self.session)
        self.is_tls = True
        tell(self.socket.version(), self.socket.cipher()[0],
             'resumed' if self.socket.session_reused else 'new')

    def end_tls(self):
        try:
            self.socket = self.socket.unwrap()
        except OSError:
            tell('no end of TLS')
        self.is_tls = False

    def step(self, step):
        if step == 'T':
            self.begin_tls()
        elif step == '.':
            self.end_tls()
        elif step[0] == '!':
            open(step[1:], 'w').close()
        elif step[0] == '?':
            while not os.path.exists(step[1:]):
                time.sleep(0.01)
        elif step.startswith('>>'):
            for i in range(int(step[2:])):
                self.send(b'%0998d\r\n' % i)
        elif step.startswith('>'):
            self.send(step[1:].encode() + b'\r\n')
        elif step.startswith('<'):
            line = self.line()
            while line and not line.startswith(step[1:].encode()):
                line = self.line()

    def end(self):
        session = self.socket.session if self.is_tls else None
        if self.is_tls:
            self.end_tls()
        self.socket.close()
        self.sent.close()
        self.received.close()
        tell('exit', self.program.wait())
        return session


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('-V', dest='version', default='1.3')
    parser.add_argument('-C', dest='certificate')
    parser.add_argument('-n', dest='name')
    parser.add_argument('-r', dest='resume', action='store_true')
    parser.add_argument('command', nargs=argparse.REMAINDER)
    options = parser.parse_args()
    script = sys.stdin.read().splitlines()
    context, session = make_context(options), None
    for _ in range(2 if options.resume else 1):
        open('keys', 'w').close()
        client = Client(options, context, session)
        for step in script:
            client.step(step)
        session = client.end()
    keys = [line.split() for line in open('keys') if line[0] != '#']
    with open('random', 'w') as out:
        print(*{key[1][:8] for key in keys}, file=out)


main()
