#!/usr/bin/env python3
"""Compares rlogsess -o pcapng with the forms bytes and json, on random logs.

usage: compare-pcapng.py COUNT [SEED]

The logs are those of compare-rlogsess.py.  The bytes of all connections are
those of -o bytes, and tshark, if it is installed, finds the commands that are
in the lines of -o json, and nothing to warn of.  Says what differs, and ends
with 1 then.
"""
import collections
import json
import os
import random
import re
import shutil
import subprocess

import random_cases
import random_log
import random_sessions
import read_pcapng
import reference_reader

RECORD = re.compile(rb'(?:^|.* )\d+ ([<>]) (.*)$', re.S)
WARNING = 0x600000
MESSAGE = re.compile(r'(?:^|.* )\d+ : < \d+ bytes, \d+ lines of message$')
DUMP = re.compile(rb'[0-9a-f]{8,}  ((?:[0-9a-f]{2} {1,2})+) *\|.*\|$', re.S)


def payload_bytes(payload):
    """The bytes of a record, or None for the end of a direction."""
    dump = DUMP.match(payload)
    if dump:
        return bytes.fromhex(dump.group(1).decode())
    if payload == b'[EOF]':
        return None
    end = b'\n' if payload.endswith(b' ') else b''
    text = re.sub(rb'\\(?:x(..)|\\)', lambda m: bytes([int(m.group(1), 16)])
                  if m.group(1) else b'\\', payload[:-1])
    return text + end


def smtp_commands(lines):
    """The first four letters of the client's commands."""
    found, in_data, rest = [], False, b''
    for line in lines:
        if MESSAGE.match(line):
            in_data = False
        record = RECORD.match(line.encode('utf-8', 'surrogateescape'))
        if not record or record.group(1) == b'>':
            continue
        rest += payload_bytes(record.group(2)) or b''
        while b'\n' in rest:
            text, rest = rest.split(b'\n', 1)
            text = text.rstrip(b'\r')
            if in_data:
                in_data = text != b'.'
                continue
            if text[:4].isalpha():
                found.append(text[:4].decode())
            in_data = text == b'DATA'
    return found


class Case:
    def __init__(self, seed):
        self.seed, rng = seed, random.Random(seed)
        self.runs, self.faults = 0, []
        self.zone_name = rng.choice(random_log.ZONES)
        shutil.rmtree('case', ignore_errors=True)
        os.makedirs('case/d')
        random_sessions.write_sessions(
            rng, 'case/log', reference_reader.zone_named(self.zone_name),
            1795000000 + rng.randrange(3600))

    def run(self, *args):
        self.runs += 1
        return subprocess.run(args, env=dict(os.environ, TZ=self.zone_name),
                              stdin=subprocess.DEVNULL, capture_output=True,
                              check=False).stdout

    def differ(self, what):
        self.faults.append('seed %d: TZ=%s rlogsess -o pcapng case/log: %s' % (
            self.seed, self.zone_name, what))

    def compare_all(self):
        data = self.run('rlogsess', '-o', 'pcapng', 'case/log')
        with open('case/pcapng', 'wb') as file:
            file.write(data)
        try:
            connections = read_pcapng.read(data, 'case/d')
        except AssertionError as fault:
            self.differ('not whole: %s' % fault)
            return
        sessions = [json.loads(line) for line in
                    self.run('rlogsess', '-o', 'json', 'case/log')
                    .decode().splitlines()]
        if len(connections) != len(sessions):
            self.differ('%d connections of %d sessions' % (
                len(connections), len(sessions)))
            return
        for end, name in enumerate(('in', 'out')):
            want = self.run('rlogsess', '-o', 'bytes', '--direction', name,
                            'case/log')
            got = b''.join(each.recorded[end] for each in connections)
            if got != want:
                self.differ('%d bytes %s, want %d' % (len(got), name,
                                                      len(want)))
        if shutil.which('tshark'):
            self.dissect(sessions)

    def dissect(self, sessions):
        # The headers of these messages are odd, which is of no interest here.
        text = self.run('tshark', '--disable-protocol', 'imf', '-n', '-r',
                        'case/pcapng', '-T', 'fields', '-e', 'tcp.stream', '-e', 'smtp.req.command', '-e',
                        '_ws.expert.severity', '-e', '_ws.expert.message',
                        '-E', 'aggregator=|').decode()
        got = collections.defaultdict(list)
        for line in text.splitlines():
            stream, commands, severities, messages = line.split('\t')
            got[int(stream)] += commands.split('|') if commands else []
            for severity, message in zip(severities.split('|'),
                                         messages.split('|')):
                # tshark says so of each AUTH PLAIN.
                if (severity and int(severity, 0) >= WARNING
                        and not message.startswith('base64 decode failed')):
                    self.differ('stream %s: %s' % (stream, message))
        for i, session in enumerate(sessions):
            want = smtp_commands(session['lines'])
            if got[i] != want and not self.is_odd(session, want):
                self.differ('session %d, stream %d: %s, want %s' % (
                    session['session'], i, got[i], want))

    @staticmethod
    def is_odd(session, commands):
        """Lines of a message whose beginning is missing are no commands."""
        accepted = sum(bool(re.search(r' > (?:354|[0-9a-f]+  33 35 34)', line))
                       for line in session['lines'])
        greeted = any(re.search(r' > (?:220 mx|[0-9a-f]+  32 32 30)', line)
                      for line in session['lines'])
        return (set(session['marks']) & {'no-start', 'lines-missing'}
                or not greeted or commands.count('DATA') != accepted)


random_cases.run(Case)
