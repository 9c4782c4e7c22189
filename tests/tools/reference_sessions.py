"""A slow and simple grouper of sessions, for comparison with rlogsess.

Written from rlogsess.1 and records.5 alone.  All sessions that ever were stay in
memory with all of their lines; each fact is found by reading these lines again.
"""
import base64
import re

import reference_reader
from reference_reader import BILLION, text_value

# The forms of lines with a process ID; 'about' is what a form tells.
NAME = rb'\S+: (?:(?:info|warning|fatal): )?'
FORMS = [(kind, re.compile(NAME + form, re.S)) for kind, form in [
    ('start', rb'pid (?P<pid>\d+) from (?P<peer>\S+)(?: .*)?'),
    ('ok', rb'ok (?P<pid>\d+) (?P<local>\S+) (?P<remote>\S+)'),
    ('ok', rb'start (?P<pid>\d+) (?P<local>\S+) (?P<remote>\S+)'),
    ('ok', rb'allow pid (?P<pid>\d+) ip (?P<peer>\S+)'),
    ('deny', rb'deny pid (?P<pid>\d+) ip (?P<peer>\S+)'),
    ('deny', rb'deny (?P<pid>\d+) (?P<local>\S+) (?P<remote>\S+)(?: .*)?'),
    ('start', rb'allow (?P<peer>\S+):(?P<port>\d+) pid (?P<pid>\d+) count .*'),
    ('start', rb'accept (?P<peer>\S+)_(?P<port>\d+) pid (?P<pid>\d+) count .*'),
    ('end', rb'end (?P<pid>\d+) status (?P<status>\d+)'),
    ('end', rb'end (?P<pid>\d+) exit (?P<exit>\d+)'),
    ('end', rb'end pid (?P<pid>\d+) ip \S+ exitcode (?P<exit>\d+).*'),
    ('end', rb'end pid (?P<pid>\d+) ip \S+ signal (?P<signal>\d+).*'),
    ('said', rb'(?P<peer>\S+) pid (?P<pid>\d+): .*'),
    ('text', rb'pid (?P<pid>\d+) .*'),
]] + [(kind, re.compile(form, re.S)) for kind, form in [
    ('text', rb'[^\s\[\]:]+\[(?P<pid>\d+)\]: .*'),
    ('text', rb'(?:qlogenvelope|qlogreceived): .*\bpid=(?P<pid>\d+)'),
    ('weak', rb'\S+: (?P<pid>\d+) .*'),
]]
RECORD = re.compile(rb'(?P<pid>\d+) (?P<way>[<>]) '
                    rb'(?:(?P<bytes>.*)(?P<end>[ +])|(?P<eof>\[EOF\]))', re.S)
DUMP = re.compile(rb'(?P<pid>\d+) (?P<way>[<>]) (?P<offset>[0-9a-f]{8,})  '
                  rb'(?P<hex>[0-9a-f ]{48})  \|.*\|', re.S)
NOTE = re.compile(rb'(?P<pid>\d+) : (?P<note>.*)', re.S)
END_NOTE = re.compile(rb'end < (\d+) bytes(?: \(\d+ not taken\))?, ([a-z ]+); '
                      rb'> (\d+) bytes(?: \(\d+ not taken\))?, ([a-z ]+); .*')
START_NOTE = re.compile(rb'start \S+ (\S+):(\d+) to (\S+) .*')
SENT_NOTE = re.compile(rb'([<>]) \d+ bytes, \d+ lines of message')
MESSAGE_NOTE = re.compile(rb'< (\d+) bytes, \d+ lines of message(, unfinished)?')
QUIET = 3600 * BILLION
MARKS = ['no-start', 'open', 'no-end', 'quiet', 'crowded', 'lines-missing']


class Event:
    """A line, and what it tells."""

    def __init__(self, line, prefix):
        self.line, self.kind, self.found = line, None, None
        self.parse(text_of(line)[len(prefix):])
        self.pid = int(self.found['pid']) if self.found else None

    def parse(self, text):
        text = re.sub(rb'^@[0-9a-f]{24} ', b'', text)   # recio -t
        for kind, form in [('record', RECORD), ('record', DUMP),
                           ('note', NOTE)] + FORMS:
            self.found = form.fullmatch(text)
            if self.found:
                self.kind = kind
                break
        if self.kind == 'record':
            self.data = record_bytes(self.found)
        if self.kind == 'record' and self.data is None:
            self.kind = 'eof'
        if self.kind == 'note' and END_NOTE.fullmatch(self.found['note']):
            self.kind = 'end note'
        if self.kind == 'note' and self.found['note'].startswith(b'start '):
            self.kind = 'start note'

    def offset(self):
        """Of a dump; None of other lines."""
        text = self.found.groupdict().get('offset')
        return text and int(text, 16)


def record_bytes(found):
    """The bytes of a record, None at the end of the direction."""
    names = found.groupdict()
    if 'hex' in names:
        return bytes.fromhex(found['hex'].decode())
    if found['eof']:
        return None
    return decode(found['bytes']) + (b'\n' if found['end'] == b' ' else b'')


def decode(data):
    return re.sub(rb'\\(?:x([0-9a-f]{2})|(\\))',
                  lambda m: bytes([int(m[1], 16)]) if m[1] else b'\\', data)


class Session:
    def __init__(self, number, log):
        self.number, self.log, self.events = number, log, []
        self.marks, self.index = set(), 0
        self.named = None       # the peer, when a line has told it
        self.known = 0, None    # the phase after a number of lines

    def has(self, *kinds):
        return any(event.kind in kinds for event in self.events)

    def eof(self, way):
        return any(event.kind == 'eof' and event.found['way'] == way
                   for event in self.events)

    def has_dump(self, way):
        return any(event.offset() is not None and event.found['way'] == way
                   for event in self.events)

    def last_time(self):
        return self.events[-1].line.effective

    def phase(self):
        if self.known[0] != len(self.events):
            self.known = len(self.events), self.find_phase()
        return self.known[1]

    def find_phase(self):
        """Which ends are among its lines: complete, ended or running."""
        started, ended = self.has('start'), self.has('end')
        records = [event for event in self.events
                   if event.kind in ('record', 'eof')]
        quit_said = b'QUIT' in self.client_commands()
        both = self.eof(b'<') and self.eof(b'>')
        if (ended or not started) and (both or self.has('end note')):
            return 'complete'
        if ended and (not records or self.has('deny') or
                      quit_said and self.eof(b'>')
                      and not self.has('start note')):
            return 'complete'
        if ended:
            return 'ended'
        ways = {event.found['way'] for event in records}
        if not started and not self.has('start note'):
            if quit_said and (self.eof(b'>') or b'>' not in ways):
                return 'ended'
            if len(ways) == 1 and self.eof(*ways) and self.has('record'):
                return 'ended'
        return 'running'

    def patience(self):
        """Nanoseconds and lines of silence after which it is over."""
        return {'complete': (2 * BILLION, 1000), 'ended': (90 * BILLION, None),
                'running': (QUIET, None)}[self.phase()]

    def is_open(self):
        """True if the log ends before it."""
        return self.phase() == 'running' or (
            self.phase() == 'ended' and not self.eof(b'>') and any(
                event.kind == 'record' and event.found['way'] == b'>'
                for event in self.events))

    def is_another(self, event):
        """True if a line with its process ID begins another session."""
        if event.kind == 'start':       # records can overtake it by a second
            first = self.events[0].line
            return (self.has('start', 'end', 'end note') or self.eof(b'>')
                    or not event.line.stamp or not first.stamp
                    or event.line.time - first.time > BILLION)
        if event.kind in ('ok', 'deny', 'end'):
            return self.has('end')
        if self.has('end') and any(
                told and known and told != known
                for told, known in zip(told_peer(event), self.peer())):
            return True     # only lines of its own peer follow an end
        if event.kind == 'start note':
            return self.has('start note', 'record', 'eof', 'note', 'end note')
        if event.kind in ('record', 'eof'):
            return (self.eof(event.found['way']) or self.has('end note')
                    or self.has_dump(event.found['way'])
                    and event.offset() == 0)
        if event.kind in ('note', 'end note'):
            return self.has('end note')
        return False

    # The facts.

    def first(self, name):
        for event in self.events:
            if event.found.groupdict().get(name) is not None:
                return event.found[name]
        return None

    def stream(self, way):
        return b''.join(event.data for event in self.events
                        if event.kind == 'record'
                        and event.found['way'] == way)

    def local(self):
        """The first one that a line tells."""
        for event in self.events:
            found = event.found.groupdict()
            if found.get('local'):
                return found['local']
            note = event.kind == 'start note' and START_NOTE.fullmatch(
                event.found['note'])
            if note:
                return note[3]
        return None

    def peer(self):
        """Address and port: each the first one that a line tells."""
        peer = port = None
        for event in self.events:
            told = told_peer(event)
            peer, port = peer or told[0], port or told[1]
        return peer, port

    def byte_counts(self):
        counts = [len(self.stream(way)) for way in (b'<', b'>')]
        for event in self.events:       # an offset counts what is missing
            if event.offset() is not None:
                counts[event.found['way'] == b'>'] = (
                    event.offset() + len(event.data))
        for event in self.events:
            if event.kind == 'end note':
                found = END_NOTE.fullmatch(event.found['note'])
                counts = [int(found[1]), int(found[3])]
        return counts

    def mail(self):
        """Reads the client's lines in the order of the log, and the server's
        replies, of which 354 begins a message."""
        facts = {'from': [], 'recipients': [], 'messages': 0, 'size': 0,
                 'replies': set(), 'commands': [], 'user': []}
        parts, in_data, size = {b'<': b'', b'>': b''}, False, 0
        heard = False   # without a line of the server, DATA begins a message
        for event in self.events:
            if event.kind == 'note':
                found = MESSAGE_NOTE.fullmatch(event.found['note'])
                if found:
                    facts['messages'] += not found[2]
                    facts['size'] += int(found[1])
                    in_data = False
                found = re.match(rb'TLS ([^ ,]+) ([^ ,]+)',
                                 event.found['note'])
                if found:
                    facts['tls'], facts['cipher'] = found.groups()
            if event.kind != 'record':
                continue
            way = event.found['way']
            parts[way] += event.data
            if not parts[way].endswith(b'\n'):
                continue
            line, parts[way] = parts[way][:-1], b''
            text = line.removesuffix(b'\r')
            if way == b'>':
                found = re.match(rb'(\d\d\d)[ -]', text)
                if found:
                    facts['replies'].add(int(found[1]))
                if text:    # other protocols have no codes
                    facts['reply'] = text
                heard = True
                if in_data:     # the server has answered before its end
                    facts['size'] += size
                in_data, size = text.startswith(b'354'), 0
            elif in_data:
                if text == b'.':
                    in_data = False
                    facts['messages'] += 1
                    facts['size'] += size
                else:
                    size += len(line) + 1
            else:
                facts['commands'].append(text.upper())
                found = re.match(rb'(MAIL FROM|RCPT TO):<(.*?)>', text)
                if found:
                    facts['from' if found[1] == b'MAIL FROM'
                          else 'recipients'].append(found[2] or b'<>')
                name = login_name(text)
                if name and name not in facts['user']:
                    facts['user'].append(name)
                if re.match(rb'(EHLO|HELO|LHLO) ', text):
                    facts['helo'] = text[5:].split(b' ')[0]
                if text == b'DATA' and not heard:
                    in_data, size = True, 0
        return facts

    def client_commands(self):
        return self.mail()['commands']

    def ending(self):
        for event in self.events:
            if event.kind == 'end':
                found = event.found.groupdict()
                if found.get('status') is not None:
                    status = int(found['status'])
                    return ('signal', status & 127) if status & 127 else (
                        'exit', status >> 8)
                if found.get('signal') is not None:
                    return 'signal', int(found['signal'])
                return 'exit', int(found['exit'])
        return None, None

    def all_marks(self):
        lost = any(event.kind == 'note' and re.match(
            rb'lost \d+ records, |recorded \d+ bytes, ', event.found['note'])
            for event in self.events)
        return self.marks | ({'lines-missing'} if lost else set())

    def times(self):
        times = [event.line.time for event in self.events if event.line.stamp]
        return (times[0], times[-1]) if times else None

    def waits(self):
        """Nanoseconds waited for the client and for the server, or None."""
        waited, last, asked, known = {False: 0, True: 0}, None, True, False
        for event in self.events:
            way = event.found['way'] if event.kind in ('record', 'eof') else None
            if event.kind == 'note':
                sent = SENT_NOTE.fullmatch(event.found['note'])
                way = sent and sent.group(1)
            if not event.line.stamp or (last is not None and not way):
                continue
            wait = max(0, event.line.time - last) if last is not None else 0
            last = event.line.time
            if way:
                answer = way == b'>'
                waited[answer and asked] += wait
                asked, known = not answer, True
        return (waited[False], waited[True]) if known else None

    def json(self, several):
        value = {'session': self.number, 'pid': self.events[0].pid}
        times = self.times()
        if times:
            value['start'], value['end'] = (utc_text(time) for time in times)
            value['seconds'] = (times[1] - times[0]) // 10 ** 6 / 1000
        peer, port = self.peer()
        for name, text in (('peer', peer), ('port', port),
                           ('local', self.local())):
            if text:
                value[name] = text_value(text)
        value['in'], value['out'] = self.byte_counts()
        facts = self.mail()
        for name in ('helo', 'reply'):
            if name in facts:
                value[name] = text_value(facts[name])
        for name in ('user', 'from', 'recipients'):
            value[name] = [text_value(text) for text in first_512(facts[name])]
        value['recipient_count'] = len(facts['recipients'])
        value['messages'], value['size'] = facts['messages'], facts['size']
        value['replies'] = sorted(facts['replies'])
        for name in ('tls', 'cipher'):
            if name in facts:
                value[name] = text_value(facts[name])
        if self.waits():
            for name, wait in zip(('client', 'server'), self.waits()):
                value[name + '_seconds'] = wait // 10 ** 6 / 1000
        name, code = self.ending()
        if name:
            value[name] = code
        if self.has('deny'):
            value['denied'] = True
        value['marks'] = sorted(self.all_marks())
        value['lines_left_out'] = 0
        if several:
            value['source'] = self.log.path
        value['lines'] = [text_value(event.line.text.removesuffix(b'\n'))
                          for event in self.events]
        return value

    def row(self, zone, several):
        """Its line of the table."""
        value, times = self.json(several), self.times()
        marks = [{'no-start': 'began before', 'open': 'goes on'}.get(mark, mark)
                 for mark in MARKS if mark in self.all_marks()]
        code = value.get('exit', '-')
        fields = [
            reference_reader.time_text(times[0], 'local', zone) if times
            else '-', '%.3f' % value['seconds'] if times else '-',
            value.get('peer', '-'), value['pid'], value.get('helo', '-'),
            ','.join(value['from']) or '-', ','.join(value['recipients']) or '-',
            value['messages'], value['size'], value.get('reply', '-'),
            value['in'], value['out'],
            'sig%d' % value['signal'] if 'signal' in value else code,
            ','.join(marks) or '-'] + [self.log.path] * several
        return '\t'.join(str(field) for field in fields) + '\n'

    def is_in_window(self, since, until):
        """True if a line is, or if lines are before and after the window."""
        times = [event.line.effective for event in self.events]
        return any((since is None or time >= since)
                   and (until is None or time <= until) for time in times) or (
            since is not None and until is not None
            and min(times) < since and max(times) > until)

    def text(self, several):
        out = b''
        if several:
            out = b'rlogsess: source: %s\n' % self.log.path.encode()
        return out + b''.join(event.line.text.removesuffix(b'\n') + b'\n'
                              for event in self.events) + b'\n'


def login_name(command):
    """The name with which a command logs in, or None."""
    found = re.fullmatch(rb'USER (\S+)', command)
    if found:
        return found[1]
    found = re.fullmatch(rb'AUTH PLAIN (\S+)', command)
    return base64.b64decode(found[1]).split(b'\0')[1] if found else None


def told_peer(event):
    """Address and port that a line tells, each None if it does not."""
    names = event.found.groupdict()
    told = names.get('peer'), names.get('port')
    remote = names.get('remote')
    if remote:  # name:address:user:port, or name::address:port
        found = re.fullmatch(rb'[^:]*:([0-9a-f.:]+?):[^:]*:(\d+)', remote) \
            or re.fullmatch(rb'[^:]*::([0-9a-f.:]+):(\d+)', remote)
        told = (found[1], found[2]) if found else told
    if event.kind == 'start note':
        found = START_NOTE.fullmatch(event.found['note'])
        told = (found[1].strip(b'[]'), found[2]) if found else told
    return told


def utc_text(time):
    return reference_reader.time_text(time, 'iso', reference_reader.UTC) \
        .replace('+00:00', 'Z')


def first_512(texts):
    kept, room = [], 512
    for text in texts:
        room -= len(text) + 1
        if room >= 0:
            kept.append(text)
    return kept


def text_of(line):
    text = line.text.removesuffix(b'\n')[line.stamp:]
    return text.removeprefix(b' ') if line.stamp else text


def common_word(log, is_known):
    """The word with spaces behind it that begins all lines, if none of these is
    of a known form as it stands."""
    words = set()
    for line in log.lines:
        found = re.match(rb'[^ ]+ +', text_of(line))
        words.add(found[0] if found else b'')
        if is_known(line):
            return b''
    word = words.pop() if len(words) == 1 else b''
    return word if len(word) <= 64 else b''


def find_prefix(log):
    return common_word(log, lambda line: Event(line, b'').kind
                       not in (None, 'weak'))


def find_queue_prefix(log, parse):
    return common_word(log, lambda line: parse(text_of(line))[0])


class Grouper:
    """The sessions of several logs."""

    def __init__(self, logs, since=None):
        """since: the time of the first line that is read, if not all are."""
        self.logs, self.ended, self.rest = logs, [], []
        self.open = {log: {} for log in logs}
        self.count = {log: 0 for log in logs}
        self.number, self.flat = 0, []
        self.lines = reference_reader.merge([[
            line for line in log.lines
            if since is None or line.effective >= since] for log in logs])
        prefix = {log: find_prefix(log) for log in logs}
        self.events = [Event(line, prefix[line.source]) for line in self.lines]
        self.has_starts = {log: False for log in logs}
        for event in self.events:
            self.take(event)
        for session in sorted((session for log in logs
                               for session in self.open[log].values()),
                              key=lambda session: session.order):
            if session.is_open():
                session.marks.add('open')
            self.close(session)

    def take(self, event):
        log = event.line.source
        sessions = self.open[log]
        self.count[log] += 1
        self.expire(log, event.line)
        session = sessions.get(event.pid)
        if event.pid is None or (event.kind == 'weak' and not session):
            self.rest.append(event.line)
            return
        if session and session.is_another(event):
            if session.phase() == 'running':
                session.marks.add('no-end')
            self.close(session)
            session = None
        if not session:
            self.number += 1
            session = sessions[event.pid] = Session(self.number, log)
        if event.kind in ('start', 'start note', 'end'):
            self.has_starts[log] = True     # the log reports them
        session.events.append(event)
        session.index = self.count[log]
        session.order = len(self.rest) + sum(
            len(other.events) for other in self.ended) + sum(
            len(other.events) for table in self.open.values()
            for other in table.values())
        event.session = session
        session.named = session.named or session.peer()[0]
        self.flat.append((session.number, session.named, event.line))

    def close(self, session):
        del self.open[session.log][session.events[0].pid]
        self.ended.append(session)
        if self.has_starts[session.log] and not session.has('start',
                                                            'start note'):
            session.marks.add('no-start')

    def expire(self, log, line):
        over = []
        for session in self.open[log].values():
            time, lines = session.patience()
            if line.effective != float('-inf'):
                due = session.last_time() + time
                if line.effective > due:
                    over.append((due, session.number, session))
            elif lines and self.count[log] - session.index > lines:
                over.append((session.index, session.number, session))
        for _, _, session in sorted(over, key=lambda item: item[:2]):
            if session.phase() == 'running':
                session.marks.add('quiet')
            self.close(session)
