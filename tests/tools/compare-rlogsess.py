#!/usr/bin/env python3
"""Compares rlogsess with the reference grouper, on random logs.

usage: compare-rlogsess.py COUNT [SEED]

Works as compare-rlogread.py does.
"""
import json
import os
import random
import re
import shutil
import subprocess
import sys

import random_log
import random_sessions
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
        begin = 1795000000 + rng.randrange(3600)
        self.paths = []
        for i in range(rng.choice([1, 1, 1, 2, 3])):
            path = 'case/s%d' % i
            random_sessions.write_sessions(rng, path, self.zone,
                                           begin + rng.randrange(60))
            self.paths.append(path)
        self.logs = [reference_reader.Log(path, self.zone)
                     for path in self.paths]
        self.grouper = reference_sessions.Grouper(self.logs)
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
        want = [session.json(self.several) for session in sessions]
        for value in got:
            value['marks'].sort()
        numbers = [[value['session'] for value in values]
                   for values in (got, want)]
        if sorted(numbers[0]) != sorted(numbers[1]):
            self.differ(args, 'sessions %s, want %s' % tuple(numbers))
            return
        by_number = {value['session']: value for value in got}
        for value in want:
            other = by_number[value['session']]
            for name in sorted(set(value) | set(other)):
                if value.get(name) != other.get(name):
                    self.differ(args, 'session %d, %s: got %.300r, want %.300r'
                                % (value['session'], name, other.get(name),
                                   value.get(name)))
                    return
        if numbers[0] != numbers[1]:
            self.differ(args, 'order %s, want %s' % tuple(numbers))

    def compare_all(self):
        sessions = self.grouper.ended
        args = ['-o', 'json']
        self.compare_objects(args, self.run(args).stdout, sessions)
        args = ['-o', 'text']
        got = re.sub(rb'(?m)^rlogsess: session of .*\n', b'',
                     self.run(args).stdout)     # remarks
        self.compare_lines(args, got, b''.join(
            session.text(self.several) for session in sessions))
        args = ['--rest']
        self.compare_lines(args, self.run(args).stdout, b''.join(
            event.line.text.removesuffix(b'\n') + b'\n'
            for event in self.grouper.rest))


def main():
    count = int(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    runs = differ = 0
    for seed in range(first, first + count):
        case = Case(seed)
        case.compare_all()
        runs += case.runs
        differ += len(case.faults)
        for fault in case.faults:
            print(fault, flush=True)
    if count > 1:
        shutil.rmtree('case', ignore_errors=True)
    print('%d cases, %d runs, %d differ' % (count, runs, differ))


if __name__ == '__main__':
    main()
