#!/usr/bin/env python3
"""Compares rlogsess with the reference grouper, on random logs.

usage: compare-rlogsess.py COUNT [SEED]

Works as compare-rlogread.py does.
"""
import csv
import io
import itertools
import json
import os
import random
import re
import shutil
import subprocess

import random_cases
import random_log
import random_sessions
import reference_queue
import reference_reader
import reference_sessions


class Case:
    def __init__(self, seed):
        self.seed, self.rng = seed, random.Random(seed)
        rng = self.rng
        self.zone_name = rng.choice(random_log.ZONES)
        self.zone = reference_reader.zone_named(self.zone_name)
        self.runs, self.faults = 0, []
        shutil.rmtree('case', ignore_errors=True)
        os.mkdir('case')
        self.mail = rng.random() < 0.3
        make = (random_sessions.queue_events if self.mail
                else random_sessions.session_events)
        begin = 1795000000 + rng.randrange(3600)
        self.paths = []
        for i in range(rng.choice([1, 1, 1, 2, 3])):
            path = 'case/s%d' % i
            random_sessions.write_sessions(rng, path, self.zone,
                                           begin + rng.randrange(60), make)
            self.paths.append(path)
        self.logs = [reference_reader.Log(path, self.zone)
                     for path in self.paths]
        self.grouper = (reference_queue.Queue(
            self.logs, reference_reader.merge([log.lines for log in self.logs]))
            if self.mail else reference_sessions.Grouper(self.logs))
        self.several = len(self.logs) > 1

    def run(self, args):
        self.runs += 1
        return subprocess.run(['rlogsess', *args, *self.paths],
                              env=dict(os.environ, TZ=self.zone_name),
                              stdin=subprocess.DEVNULL, capture_output=True,
                              check=False)

    def differ(self, args, what):
        self.faults.append('seed %d: TZ=%s rlogsess %s: %s' % (
            self.seed, self.zone_name, ' '.join(args + self.paths), what))

    def compare_lines(self, args, got, want):
        got, want = got.split(b'\n'), want.split(b'\n')
        for i, line in enumerate(want):
            if i >= len(got) or got[i] != line:
                self.differ(args, 'line %d of %d, %d wanted: got %.160r, want '
                            '%.160r' % (i + 1, len(got), len(want), got[i]
                                        if i < len(got) else None, line))
                return
        if len(got) > len(want):
            self.differ(args, 'lines too many: %.160r' % got[len(want)])

    def compare_objects(self, args, text, sessions):
        got = [json.loads(line) for line in text.decode().splitlines()]
        want = [session.json(self.several) for session in sessions
                if hasattr(session, 'json')]
        for value in got:
            value['marks'].sort()
            self.check_outcome(args, value)
        if self.mail:
            key = lambda value: value['lines'] + [value.get('source')]
        else:
            key = lambda value: value['session']
        order = [[key(value) for value in values] for values in (got, want)]
        if sorted(map(str, order[0])) != sorted(map(str, order[1])):
            self.differ(args, 'sessions %.300s, want %.300s' % tuple(order))
            return
        by_key = {str(key(value)): value for value in got}
        for value in want:
            other = by_key[str(key(value))]
            for name in sorted(set(value) | set(other)):
                if value.get(name) != other.get(name):
                    self.differ(args, 'session %s, %s: got %.300r, want %.300r'
                                % (value.get('session', value.get('message')),
                                   name, other.get(name), value.get(name)))
                    return
        if order[0] != order[1]:
            self.differ(args, 'order %.300s, want %.300s' % tuple(order))

    def check_outcome(self, args, value):
        """The reference does not know all reasons to call a session bad."""
        outcome = value.pop('outcome', None)
        if self.mail:
            want = [None]
        elif 'denied' in value:
            want = ['denied']
        elif 'signal' in value or value.get('exit'):
            want = ['bad']
        elif 'open' in value['marks']:
            want = ['bad', 'open']
        else:
            want = ['bad', 'refused' if max(value['replies'], default=0) >= 400
                    else 'fine']
        if outcome not in want:
            self.differ(args, 'outcome %s, want one of %s' % (outcome, want))

    def compare_all(self):
        sessions, first = self.grouper.ended, ['-M'] * self.mail
        args = first + ['-o', 'json']
        self.compare_objects(args, self.run(args).stdout, sessions)
        args = first + ['-o', 'text']
        got = re.sub(rb'(?m)^rlogsess: (?:session of|message|its) .*\n',
                     b'',
                     self.run(args).stdout)     # remarks
        self.compare_lines(args, got, b''.join(
            session.text(self.several) for session in sessions))
        args = first + ['--rest']
        self.compare_lines(args, self.run(args).stdout, b''.join(
            line.text.removesuffix(b'\n') + b'\n'
            for line in self.grouper.rest))
        if self.mail:
            args = first + ['-o', 'table']
            self.compare_lines(args, self.run(args).stdout, ''.join(
                result.row(self.zone, self.several)
                for result in self.grouper.results).encode())
        else:
            self.compare_sessions()
        self.compare_csv(first, [session for session in sessions
                                 if hasattr(session, 'json')])
        self.compare_counts(first + ['-o', 'stats'])

    def compare_csv(self, first, sessions):
        """CSV has the members of JSON, save for what is nested."""
        args = first + ['-o', 'csv']
        text = self.run(args).stdout.decode()
        got = list(csv.DictReader(io.StringIO(text, newline='')))
        want = [csv_fields(session.json(self.several)) for session in sessions]
        for one, other in itertools.zip_longest(got, want):
            one = {name: value for name, value in (one or {}).items()
                   if value and name != 'outcome'}
            if one != other:
                self.differ(args, 'got %.300r, want %.300r' % (one, other))
                return

    def compare_counts(self, args):
        """The counts of stats that the manual page names."""
        got, title = {}, ''
        for line in self.run(args).stdout.decode().splitlines():
            found = re.fullmatch(r'(.*\S) +([\d.]+)', line)
            if found and not line.startswith('from '):
                got[title + found[1]] = found[2]
            elif line:
                title = line.split(':')[0] + ': '
        want = (queue_counts(self.grouper) if self.mail
                else session_counts(self.grouper.ended))
        for name, count in want.items():
            if got.get(name, '0') != str(count):
                self.differ(args, '%s: got %s, want %s'
                            % (name, got.get(name), count))
                return

    def compare_sessions(self):
        """The forms and the selection of sessions."""
        sessions, rng = self.grouper.ended, self.rng
        args = ['-o', 'table']
        self.compare_lines(args, self.run(args).stdout, ''.join(
            session.row(self.zone, self.several)
            for session in sessions).encode())
        args = ['-o', 'flat']
        self.compare_lines(args, self.run(args).stdout, b''.join(
            b'%d %s%s %s\n' % (
                number, peer or b'-',
                b' ' + line.source.path.encode() if self.several else b'',
                line.text.removesuffix(b'\n'))
            for number, peer, line in self.grouper.flat))
        for _ in range(2):
            args, chosen = self.choose(rng)
            self.compare_objects(args, self.run(args).stdout,
                                 [session for session in sessions
                                  if chosen(session)])
        self.compare_window(rng)

    def choose(self, rng):
        """A filter: its arguments, and a function."""
        kind = rng.randrange(4)
        pids = [session.events[0].pid for session in self.grouper.ended] or [7]
        if kind == 0:
            some = [rng.choice(pids) for _ in range(rng.randrange(1, 3))]
            args = [arg for pid in some for arg in ('-p', str(pid))]
            return args + ['-o', 'json'], \
                lambda session: session.events[0].pid in some
        if kind == 1:
            address = '192.0.2.%d' % rng.randrange(1, 7)
            return ['-i', address, '-o', 'json'], \
                lambda session: session.peer()[0] == address.encode()
        if kind == 2:
            code = rng.choice(['250', '451', '55x', '5xx', '999'])
            digits = re.compile(code.replace('x', '[0-9]'))
            return ['-r', code, '-o', 'json'], lambda session: any(
                digits.fullmatch(str(reply))
                for reply in session.mail()['replies'])
        word = 'client-%d' % rng.randrange(1, 20)
        return ['-m', word, '-o', 'json'], lambda session: any(
            word.encode() in event.line.text for event in session.events)

    def compare_window(self, rng):
        times = [line.time for log in self.logs for line in log.lines
                 if line.stamp]
        if not times or not all(line.stamp for log in self.logs
                                for line in log.lines):
            return
        since, until = sorted(rng.choice(times) for _ in range(2))
        args = ['-S', '@' + random_log.unix(since, 9)]
        if rng.random() < 0.7:
            args += ['-U', '@' + random_log.unix(until, 9)]
        else:
            until = None
        grouper = reference_sessions.Grouper(
            self.logs, since - reference_sessions.QUIET)
        got = re.sub(rb'(?m)^rlogsess: session of .*\n', b'',
                     self.run(args).stdout)
        self.compare_lines(args, got, b''.join(
            session.text(self.several) for session in grouper.ended
            if session.is_in_window(since, until)))


def csv_fields(value):
    fields = {}
    for name, member in value.items():
        if name in ('lines', 'deliveries'):
            continue
        if isinstance(member, bool):
            text = 'true'
        elif isinstance(member, float):
            text = '%.3f' % member
        elif name == 'marks':
            text = ','.join(sorted(member,
                                   key=reference_sessions.MARKS.index))
        elif isinstance(member, list):
            text = ','.join(str(item) for item in member)
        else:
            text = str(member)
        if text[:1] in ('=', '+', '-', '@'):
            text = '\\x%02x' % ord(text[0]) + text[1:]
        if text:
            fields[name] = text
    return fields


def session_counts(sessions):
    values = [session.json(False) for session in sessions]
    counts = {
        'sessions': len(values),
        'denied': sum('denied' in value for value in values),
        'not whole': sum(bool(value['marks']) for value in values),
        'peers': len({value['peer'] for value in values if 'peer' in value}),
        'messages': sum(value['messages'] for value in values),
        'bytes of messages': sum(value['size'] for value in values),
        'bytes in': sum(value['in'] for value in values),
        'bytes out': sum(value['out'] for value in values),
        'exit status: a signal': sum('signal' in value for value in values),
    }
    for value in values:
        for name in ['exit status: %d' % value.get('exit', -1)] + [
                'sessions with reply: %03d' % code
                for code in value['replies']]:
            counts[name] = counts.get(name, 0) + 1
    counts.pop('exit status: -1', None)
    return counts


def queue_counts(queue):
    mails = [mail for mail in queue.ended if hasattr(mail, 'json')]
    counts = {
        'messages': len(mails),
        'bytes': sum(mail.size for mail in mails),
        'bounces': sum(mail.sender == '<>' for mail in mails),
        'that bounced': sum(mail.bounced for mail in mails),
        'still in the queue': sum('open' in mail.marks for mail in mails),
    }
    for channel in ('local', 'remote'):
        for outcome in ('success', 'deferral', 'failure', 'unknown'):
            counts['deliveries: %s %s' % (channel, outcome)] = sum(
                delivery.outcome.decode() == outcome
                and delivery.found['channel'].decode() == channel
                for mail in mails for delivery in mail.ended)
    return counts


if __name__ == '__main__':
    random_cases.run(Case)
