#!/usr/bin/env python3
"""Compares lines that were shipped with the lines of their log.

usage: judge-lines.py ORIGIN HOST/NAME... <messages    as read-stream.py prints
       judge-lines.py ORIGIN <lines

ORIGIN has the stored lines of the log, no two of them alike.  Prints

  N lines, lost N, doubled N, disordered N, torn N, odd N, gaps N

and on descriptor 2 the first findings of each kind; the exit status is 1 unless
all but the first number are 0.  Lost: the line never came.  Doubled: it came
before.  Disordered: a later line of the log came before it.  Torn: no such line
is in the log.  Odd: a message or object contradicts itself or those before it.
Gaps: an object says that lines are missing.  Messages of other logs are left
out.

A message that nats-server has applied twice is left out and counted: a line
"N messages replayed" comes first, and their evidence goes to descriptor 2.  It
equals an earlier message in all but the sequence, the server's time to the
nanosecond included, and expects that no message came since the one before that.
A message that was sent twice has two times, and the server must refuse it.
"""
import base64
import collections
import json
import sys

SHOWN = 3
EXPECTED = 'Nats-Expected-Last-Subject-Sequence'
KINDS = 'lost doubled disordered torn odd gaps'.split()


class Judge:
    """Takes the lines as they come."""

    def __init__(self, origin):
        self.numbers = {}
        for number, line in enumerate(origin):
            if line in self.numbers:
                raise SystemExit('the log has a line twice: %r' % line)
            self.numbers[line] = number
        self.got = set()
        self.newest = -1
        self.lines = 0
        self.counts = collections.Counter()

    def find(self, kind, what):
        self.counts[kind] += 1
        if self.counts[kind] <= SHOWN:
            print('%s: %.200s' % (kind, what), file=sys.stderr)

    def take(self, line):
        self.lines += 1
        number = self.numbers.get(line)
        if number is None:
            self.find('torn', repr(line))
        elif number in self.got:
            self.find('doubled', repr(line))
        else:
            self.got.add(number)
            if number < self.newest:
                self.find('disordered', repr(line))
            self.newest = max(self.newest, number)

    def finish(self):
        for line, number in self.numbers.items():
            if number not in self.got:
                self.find('lost', repr(line))
        print('%d lines, %s' % (self.lines, ', '.join(
            '%s %d' % (kind, self.counts[kind]) for kind in KINDS)))
        return any(self.counts.values())


def text_bytes(text):
    if isinstance(text, dict):
        return base64.b64decode(text['base64'], validate=True)
    return text.encode()


class Messages:
    """Takes messages of one log apart into lines."""

    def __init__(self, judge, name):
        self.judge = judge
        self.name = name
        self.sequence = 0
        self.ids = set()
        self.piece = b''    # bytes of a line that is not complete
        self.open = False   # the last object was cut
        self.by_time = {}   # messages by the server's time
        self.replayed = 0

    def check(self, right, message, what):
        if not right:
            self.judge.find('odd', 'message %s: %s' % (message['sequence'],
                                                       what))

    def take(self, message):
        headers = message['headers']
        self.check(message['sequence'] > self.sequence, message,
                   'its number is not larger than the one before')
        self.sequence = message['sequence']
        if headers.get('Rlog-Name') != self.name:
            return
        if self.is_replayed(message):
            return
        self.check(headers.get('Rlog-Place'), message, 'it has no place')
        *lines, rest = base64.b64decode(message['data']).split(b'\n')
        raw = headers.get('Rlog-Form') == 'raw'
        number, told = len(lines) + bool(rest), int(headers['Rlog-Lines'])
        # A message may have several pieces of a raw line, and says how many.
        pieces = raw and told > number and (rest or self.piece)
        self.check(told == number or pieces, message,
                   'it has %d lines, not %d' % (number, told))
        if raw:
            self.take_raw(lines, rest)
            return
        self.check(not rest, message, 'its last object has no end')
        objects = [json.loads(line) for line in lines]
        self.check(objects and headers.get('Nats-Msg-Id') ==
                   objects[0].get('id'), message, 'its id is another')
        for one in objects:
            self.take_object(message, one)

    def is_replayed(self, message):
        first = self.by_time.setdefault(message.get('time'), message)
        expected = message['headers'].get(EXPECTED)
        if 'time' not in message or first is message or expected is None:
            return False
        if ({**first, 'sequence': 0} != {**message, 'sequence': 0} or
                int(expected) >= first['sequence']):
            return False
        self.replayed += 1
        print('replayed: message %d is stored again as %d: time %d, id %s, '
              'expects %s' % (first['sequence'], message['sequence'],
                              message['time'], message['headers']['Nats-Msg-Id'],
                              expected), file=sys.stderr)
        return True

    def finish(self):
        if self.replayed:
            print('%d messages replayed' % self.replayed)
        if self.piece:
            self.judge.take(self.piece + b'...')
        return self.judge.finish()

    def take_raw(self, lines, rest):
        for line in lines:
            self.judge.take(self.piece + line)
            self.piece = b''
        self.piece += rest

    def take_object(self, message, one):
        name = '%s/%s' % (one.get('host'), one.get('name'))
        self.check(name == self.name, message, 'a line of ' + name)
        self.check(one.get('id') not in self.ids, message,
                   'the id %s came before' % one.get('id'))
        self.ids.add(one.get('id'))
        if one.get('missing'):
            self.judge.find('gaps', one)
            return
        self.check(bool(one.get('rest')) == self.open, message,
                   'a line begins or goes on where it must not')
        if 'label' in one:
            self.piece += one['label'].encode() + b' '
        self.piece += text_bytes(one['text'])
        self.open = bool(one.get('cut'))
        if not self.open:
            self.judge.take(self.piece)
            self.piece = b''


def judge_logs(origin, names):
    logs = {name: Messages(Judge(origin), name) for name in names}
    for line in sys.stdin:
        message = json.loads(line)
        # A single log is shown all messages: their numbers have to grow.
        log = logs.get(message['headers'].get('Rlog-Name'))
        if not log and len(names) == 1:
            log = logs[names[0]]
        if log:
            log.take(message)
    faults = False
    for name, log in logs.items():
        if len(names) > 1:
            print(name, end=': ')
        faults |= log.finish()
    return faults


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with open(sys.argv[1], 'rb') as file:
        origin = [line.rstrip(b'\n') for line in file]
    if len(sys.argv) > 2:
        sys.exit(judge_logs(origin, sys.argv[2:]))
    judge = Judge(origin)
    for line in sys.stdin.buffer:
        judge.take(line[:-1] if line.endswith(b'\n') else line + b'...')
    sys.exit(judge.finish())


if __name__ == '__main__':
    main()
