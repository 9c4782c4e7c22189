#!/usr/bin/env python3
"""Compares rlogread with the reference reader, on random logs.

usage: compare-rlogread.py COUNT [SEED]

Case number SEED and the COUNT - 1 following ones each make a few logs and read
them in several ways.  Prints each difference with the seed that repeats it and
the command, and at the end "N cases, N runs, N differ".  With COUNT 1 the logs
of the case stay in ./case.
"""
import base64
import copy
import json
import math
import os
import random
import shutil
import subprocess
import time

import random_cases
import random_log
import reference_reader
from reference_reader import Bound

BILLION = 10 ** 9
FORMS = ['raw', 'local', 'tai64nlocal', 'utc', 'iso', 'unix', 'json']


class Case:
    def __init__(self, seed):
        self.seed, self.rng = seed, random.Random(seed)
        self.zone_name = self.rng.choice(random_log.ZONES)
        self.zone = reference_reader.zone_named(self.zone_name)
        self.runs, self.faults = 0, []
        shutil.rmtree('case', ignore_errors=True)
        os.mkdir('case')
        begin = self.rng.choice(random_log.BEGINNINGS)
        self.paths, self.input = [], None
        for i in range(self.rng.choice([1, 1, 2, 2, 3, 4])):
            self.add_log('d%d' % i, begin + self.rng.randrange(-600, 600))
        self.logs = [reference_reader.Log(path, self.zone)
                     for path in self.paths]

    def add_log(self, name, begin):
        rng, path = self.rng, os.path.join('case', name)
        inside = rng.choice(['', '', '', 'log/main', 'main', 'log'])
        directory = os.path.join(path, inside).rstrip('/')
        random_log.write_log(rng, directory, self.zone, begin)
        if rng.random() < 0.1:
            path = os.path.join(directory, 'current')
            if not os.path.exists(path):
                path = os.path.join(directory, 'previous')
        self.paths.append(path)

    def times(self):
        return [line.time for log in self.logs for line in log.lines
                if line.stamp]

    def bound(self, late):
        """A bound: its text, and the time that it means."""
        rng, times = self.rng, self.times()
        time = rng.choice(times) if times else 1795212000 * BILLION
        time += rng.choice([0, 0, 1, -1, rng.randrange(-600, 600) * BILLION])
        kind = rng.randrange(6)
        if kind == 0:
            return random_log.label(time), Bound(time, True)
        digits = rng.choice([0, 3, 6, 9])
        grain = 10 ** (9 - digits)
        time -= time % grain
        if kind == 1:
            text = '@' + random_log.unix(time, digits)
        elif kind == 2:
            text = random_log.dated(time, random_log.UTC, 'T', digits, 'Z')
        elif kind == 3:
            text = random_log.dated(time, self.zone, 'T', digits, 'offset')
        else:
            text = random_log.dated(time, self.zone, ' ', digits)
            naive = random_log.moment(time, self.zone).replace(tzinfo=None)
            both = reference_reader.local_times(naive, self.zone)
            time = both[-1 if late else 0] + time % BILLION
        return text, Bound(time + (grain - 1 if late and digits else 0))

    def run(self, args, data=None):
        self.runs += 1
        env = dict(os.environ, TZ=self.zone_name)
        done = subprocess.run(['rlogread', *args], input=data or b'', env=env,
                              capture_output=True, check=False)
        return done

    def differ(self, args, what):
        self.faults.append('seed %d: TZ=%s rlogread %s: %s' % (
            self.seed, self.zone_name,
            ' '.join("'%s'" % arg if ' ' in arg else arg for arg in args),
            what))

    def compare(self, args, got, want):
        if got == want:
            return
        got, want = got.split(b'\n'), want.split(b'\n')
        for i, line in enumerate(want):
            if i >= len(got) or got[i] != line:
                break
        self.differ(args, 'line %d of %d, %d wanted: got %.120r, want %.120r'
                    % (i + 1, len(got), len(want),
                       got[i] if i < len(got) else None, want[i]))

    def compare_objects(self, args, text, lines):
        got = [json.loads(line) for line in text.decode().splitlines()]
        got = join_pieces(got)
        want = join_pieces(reference_reader.json_objects(lines, self.zone))
        for i, value in enumerate(want):
            if i >= len(got) or got[i] != value:
                self.differ(args, 'object %d of %d, %d wanted: got %.300s, '
                            'want %.300s' % (i + 1, len(got), len(want),
                                             got[i] if i < len(got) else None,
                                             value))
                return
        if len(got) > len(want):
            self.differ(args, 'objects too many: %.300s' % got[len(want)])

    def window_arguments(self):
        """Arguments of a window and of the last lines, and what they mean."""
        rng, args = self.rng, []
        since = until = count = None
        if rng.random() < 0.6:
            text, since = self.bound(False)
            args += ['-S', text]
        if rng.random() < 0.6:
            text, until = self.bound(True)
            if since is None or (since.is_label == until.is_label
                                 and since.time <= until.time):
                args += ['-U', text]
            else:
                until = None
        if rng.random() < 0.5:
            count = rng.choice([0, 1, 2, 3, 5, 10, 20, 100, 1000])
            args += ['-n', str(count)]
        return args, (since, until, count)

    def query(self):
        args, selection = self.window_arguments()
        if '-n' in args and len(args) == 2 and len(self.logs) > 1 and not all(
                reference_reader.has_plain_order(log) for log in self.logs):
            return      # rlogread.1: -n may select other lines
        if any(selection[:2]) and any(map(reference_reader.is_set_back,
                                          self.logs)):
            return
        repeated = '-n' in args and any(log.repeated for log in self.logs)
        lines, status = reference_reader.read(self.logs, *selection)
        form = self.rng.choice(FORMS + ['raw', 'raw', '-q'])
        if repeated and form != '-q':
            form = 'raw'        # or show the first hour for the second
        args += ['-q'] if form == '-q' else ['-o', form]
        args += self.paths
        done = self.run(args)
        if form == '-q':
            status = int(not lines)   # it ends at the first line
        if status not in (None, done.returncode):
            self.differ(args, 'exit %d, want %d: %s'
                        % (done.returncode, status, done.stderr.decode()))
        if form == 'json':
            self.compare_objects(args, done.stdout, lines)
        elif form != '-q':
            self.compare(args, done.stdout,
                         reference_reader.write(lines, form, self.zone))


    def filter(self):
        """Changes the form of standard input, or selects from it."""
        rng, form = self.rng, self.rng.choice(FORMS)
        with open(self.rng.choice(self.logs).files[-1], 'rb') as stream:
            data = reference_reader.unpack(stream.read())
        args, (since, until, count) = self.window_arguments()
        if count is not None:
            args, since, until = [], None, None
        labels = rng.choice(['djb', 'leap'])
        args += ['-L', labels, '-o', form]
        if rng.random() < 0.5:
            args += ['-']
        # Years of syslog's stamps are sought back from now.
        log = reference_reader.Log('-', self.zone, labels, data, time.time())
        lines, status = reference_reader.read([log], since, until)
        done = self.run(args, data)
        if status not in (None, done.returncode):
            self.differ(args, 'exit %d, want %d' % (done.returncode, status))
        if form == 'json':
            self.compare_objects(args, done.stdout, lines)
        else:
            self.compare(args, done.stdout,
                         reference_reader.write(lines, form, self.zone))

    def compare_all(self):
        for _ in range(6):
            self.query()
        self.filter()
        self.cursor()

    def grow(self, directory, names, last, content, written):
        """A log of these files and current."""
        shutil.rmtree('case/grown', ignore_errors=True)
        os.mkdir('case/grown')
        for name in names:
            shutil.copy2(os.path.join(directory, name), 'case/grown')
        if last:
            random_log.put('case/grown', last, content, written)
        return reference_reader.Log('case/grown', self.zone)

    def cursor(self):
        """Two runs with a cursor, the second after the log has grown, or lost
        its first files."""
        rng, log = self.rng, self.rng.choice(self.logs)
        if not log.files or os.path.isfile(log.path):
            return
        directory = log.path
        names = [os.path.basename(file) for file in log.files]
        k = rng.randrange(len(names))
        with open(log.files[k], 'rb') as stream:
            content = stream.read()
            if names[k] != 'current':
                content = reference_reader.unpack(content)
        cut = rng.randrange(len(content) + 1)
        if rng.random() < 0.8:
            cut = content.rfind(b'\n', 0, cut) + 1
        first = self.grow(directory, names[:k], 'current', content[:cut],
                          int(os.stat(log.files[k]).st_mtime))
        args, selection = self.window_arguments()
        if ('-U' in args or first.leap or log.leap
                or reference_reader.is_set_back(first)):
            args, selection = [], (None, None, None)
        args += ['-c', 'case/cursor', 'case/grown']
        lines, status = reference_reader.read([first], *selection)
        if rng.random() < 0.3:
            self.run(['-q'] + args)     # saves nothing
        done = self.run(args)
        if status not in (None, done.returncode):
            self.differ(args, 'exit %d, want %d' % (done.returncode, status))
        self.compare(args, done.stdout,
                     reference_reader.write(lines, 'raw', self.zone))
        # The log grows, and loses its first files.
        gone = rng.choice([0, 0, 0, rng.randrange(k + 2)])
        if gone > index_of_last(first, names):
            if selection != (None, None, None):
                gone = 0        # the last stamp may be unknown
        if gone > index_of_last(first, names):
            lines = after_label(first, names[gone:], log)
        else:
            lines = after_bytes(first, log)
        if lines is not None and not is_ambiguous(log, first):
            grown = self.grow(directory, names[gone:], None, None, None)
            for line in lines:
                line.source = grown
            self.resume(log, lines, bool(first.lines), gone)
        os.unlink('case/cursor')

    def resume(self, log, lines, known, gone):
        """A run before these lines, at a cursor whose position is known."""
        args, (since, until, _) = self.window_arguments()
        if '-n' in args and not known:
            del args[args.index('-n'):]
        if (since or until) and reference_reader.is_set_back(log):
            return
        form = self.rng.choice(FORMS + ['raw'] * 3)
        args += ['-o', form, '-c', 'case/cursor', 'case/grown']
        lines = reference_reader.window(lines, since, until)
        done = self.run(args)
        args.append('(%d files gone)' % gone)
        if form == 'json':
            self.compare_objects(args, done.stdout, lines)
        else:
            self.compare(args, done.stdout,
                         reference_reader.write(lines, form, self.zone))


def index_of_last(first, names):
    """The index of the last file with text, -1 if there is none."""
    if not first.lines:
        return -1
    name = os.path.basename(first.lines[-1].file)
    return len(first.files) - 1 if name == 'current' else names.index(name)


def last_time(first, log):
    """The last time in a log as it was before.  Both begin alike, but may differ
    in the kind of their labels, or in the end of a line."""
    same = first if first.leap == log.leap else log
    stamped = [i for i, line in enumerate(first.lines) if line.stamp]
    return same.lines[stamped[-1]].time if stamped else -math.inf


def after_bytes(first, log):
    """The lines of a log after those that were read of it."""
    read = sum(len(line.text) for line in first.lines)
    for i, line in enumerate(log.lines):
        if read < len(line.text):
            lines = [copy.copy(line) for line in log.lines[i:]]
            if read:
                lines[0].text = line.text[read:]
                lines[0].stamp, lines[0].rest = 0, True
            return after_time(lines, last_time(first, log))
        read -= len(line.text)
    return []


def after_time(lines, before):
    """Gives the time of the line before to the first lines without a stamp."""
    for line in lines:
        if line.stamp:
            break
        line.effective = before
    return lines


def is_ambiguous(log, first):
    """True if two files begin as the last one that was read."""
    files = [b''.join(line.text for line in group) for group in
             reference_reader.by_file(log.lines)]
    read = [b''.join(line.text for line in group) for group in
            reference_reader.by_file(first.lines)]
    return read and sum(file.startswith(read[-1]) for file in files) > 1


def after_label(first, names, log):
    """What follows the last stamp of a log whose files are gone but for these,
    or None if no document says it."""
    if not reference_reader.is_ascending(log.lines):
        return None
    rest = [copy.copy(line) for line in log.lines
            if os.path.basename(line.file) in names]
    last, unread, found = last_time(first, log), [], False
    given = True        # the lines before any stamp that is left
    for line in after_time(rest, last):
        if line.stamp and not found:
            given = found = line.time > last or (
                line.time == last and not line.text.startswith(b'@'))
        if given:
            unread.append(line)
    return unread


def bytes_of(value):
    return (base64.b64decode(value['base64']) if isinstance(value, dict)
            else value.encode())


def join_pieces(objects):
    """Makes one object of those of a line, with its text as bytes."""
    joined = []
    for value in objects:
        value = dict(value)
        if 'text' in value:
            value['text'] = bytes_of(value['text'])
        if value.pop('rest', False) and joined and joined[-1].pop('cut', False):
            joined[-1]['text'] += value['text']
            if 'cut' in value:
                joined[-1]['cut'] = True
        else:
            joined.append(value)
    return joined


random_cases.run(Case)
