"""Random logs of SMTP servers and of qmail-send, for comparisons.

Sessions overlap, and process IDs are used again.  Each function draws from the
random.Random that it is given, so that a seed repeats a log.
"""
import base64
import heapq
import os
import random
import re

import random_log

BILLION = 10 ** 9


def escaped(data):
    """The bytes as recio writes them, save for a CR at the end."""
    out = []
    for byte in data:
        if byte == 92:
            out.append(b'\\\\')
        elif byte < 32 and byte != 9 or byte >= 127:
            out.append(b'\\x%02x' % byte)
        else:
            out.append(bytes([byte]))
    return b''.join(out)


class Dialogue:
    """The records, notes and other lines of one session, in their order."""

    def __init__(self, rng, number, pid, style):
        self.rng, self.number, self.pid, self.style = rng, number, pid, style
        # What came later to this model leaves the logs of seeds as they were.
        self.more = random.Random(pid * 1000 + number)
        self.lines, self.sizes = [], {'<': 0, '>': 0}
        self.address = '192.0.2.%d' % rng.randrange(1, 6)
        self.port = 1024 + number
        self.serve()

    def add(self, line):
        if isinstance(line, str):
            line = line.encode()
        self.lines.append(line)

    def record(self, direction, text, end=b'\r\n'):
        """A line of the session, in one record or two."""
        data = text + end
        self.sizes[direction] += len(data)
        cut = (self.rng.randrange(len(data))
               if self.rng.random() < 0.1 and len(text) > 1 else 0)
        if not self.style['records'] or self.style['only'] == direction:
            return
        prefix = b'%d %s ' % (self.pid, direction.encode())
        if self.style['dump']:
            for at in range(0, len(data), 16):
                self.add(prefix + random_log.dump(
                    self.sizes[direction] - len(data) + at, data[at:at + 16]))
            return
        if cut:
            self.add(prefix + escaped(data[:cut]) + b'+')
        body = data[cut:-1]     # without the newline
        cr = body.endswith(b'\r')
        self.add(prefix + escaped(body[:-1] if cr else body)
                 + (b'\r ' if cr else b' '))

    def note(self, text, always=False):
        if self.style['notes'] or always:
            self.add('%d : %s' % (self.pid, text))

    def serve(self):
        self.connect()
        if self.style['server'] and self.rng.random() < 0.1:
            self.deny()
            return
        self.note('start SMTP %s:%d to 192.0.2.25:25 qmail-smtpd'
                  % (self.address, self.port))
        if self.rng.random() < 0.2:
            self.note('TLS TLSv1.%d TLS_AES_256_GCM_SHA384%s' % (
                self.rng.randint(2, 3),
                self.rng.choice(['', ' mx', ', client CN=a b'])))
        self.talk()
        self.leave()

    def connect(self):
        server, pid = self.style['server'], self.pid
        if server == 'tcpserver':
            self.add('tcpserver: pid %d from %s' % (pid, self.address))
            self.add('tcpserver: ok %d mx:192.0.2.25:25 c.example:%s::%d'
                     % (pid, self.address, self.port))
        elif server == 'tcpsvd':
            self.add('tcpsvd: info: pid %d from %s' % (pid, self.address))
            self.add('tcpsvd: info: start %d mx:192.0.2.25 c.example::%s:%d'
                     % (pid, self.address, self.port))
        elif server == 's6':
            self.add('s6-tcpserver4d: info: allow %s:%d pid %d count 1/40'
                     % (self.address, self.port, pid))

    def deny(self):
        server, pid = self.style['server'], self.pid
        if server == 'tcpserver':
            self.lines[-1] = (b'tcpserver: deny %d mx:192.0.2.25:25 :%s::%d' % (
                pid, self.address.encode(), self.port))
            self.add('tcpserver: end %d status 25600' % pid)
        elif server == 's6':
            self.add('s6-tcpserver-access: info: deny pid %d ip %s'
                     % (pid, self.address))
            self.end(100, 0)
        else:
            self.end(100, 0)

    def end(self, code, signal):
        server, pid = self.style['server'], self.pid
        if server == 'tcpserver':
            self.add('tcpserver: end %d status %d' % (pid, code * 256 + signal))
        elif server == 'tcpsvd':
            self.add('tcpsvd: info: end %d exit %d' % (pid, code))
        elif server == 's6':
            self.add('s6-tcpserver4d: info: end pid %d ip %s %s' % (
                pid, self.address, 'signal %d' % signal if signal
                else 'exitcode %d' % code))

    def beside(self):
        """A line of another program, or none."""
        pid, kind = self.pid, self.rng.randrange(12)
        if kind == 0:
            self.add('qmail-smtpd[%d]: some text of %d' % (pid, self.number))
        elif kind == 1:
            self.add('rblsmtpd: %s pid %d: listed' % (self.address, pid))
        elif kind == 2:
            self.add('qlogenvelope: result=accepted pid=%d' % pid)
        elif kind == 3 and self.lines:
            self.add('greyd: %d waits' % pid)

    def message(self, k):
        rng = self.rng
        self.record('<', b'MAIL FROM:<s%d.%d@c.example>' % (self.number, k))
        self.record('>', b'250 ok')
        for i in range(rng.randrange(1, 4)):
            self.record('<', b'RCPT TO:<r%d.%d.%d@example.net>'
                        % (self.number, k, i))
            self.record('>', b'250 ok')
            self.beside()
        self.record('<', b'DATA')
        self.record('>', b'354 go ahead')
        body = [rng.choice([
            b'Subject: x', b'', b'QUIT', b'..', b'some text \\ and more',
            b'250 no reply', b'\xe9\x00\x1b', b'MAIL FROM:<no@body>'])
            for _ in range(rng.randrange(6))]
        if self.style['hide'] and self.style['records']:
            size = sum(len(line) + 2 for line in body)
            self.note('< %d bytes, %d lines of message' % (size, len(body)),
                      always=True)
            self.sizes['<'] += size + 3
        else:
            for line in body + [b'.']:
                self.record('<', line)
        self.record('>', rng.choice([b'250 ok 1795212001 qp %d' % self.number,
                                     b'451 later', b'554 no']))

    def end_greeting(self):
        """The last line of EHLO's reply; then perhaps an empty one, and logins."""
        self.record('>', b'250 8BITMIME')
        if self.more.random() < 0.1:
            self.record('>', b'')
        while self.more.random() < 0.1:
            name = self.more.choice([b'alice', b'bob@example.org', b'x' * 200])
            if self.style['hide'] or self.more.random() < 0.5:
                self.record('<', b'USER ' + name)
                self.record('>', b'+OK')
            else:
                self.record('<', b'AUTH PLAIN ' + base64.b64encode(
                    b'\0%s\0secret' % name))
                self.record('>', b'235 ok')

    def talk(self):
        rng, number = self.rng, self.number
        self.record('>', b'220 mx.example.net ESMTP')
        if self.style['records'] and rng.random() < 0.05:
            self.note('lost 3 records, 99 bytes', always=True)
        steps = [
            lambda: self.record('<', b'EHLO client-%d' % number),
            lambda: self.record('>', b'250-mx.example.net'),
            self.end_greeting,
            self.beside,
        ] + [lambda k=k: self.message(k) for k in range(rng.randrange(3))] + [
            lambda: self.record('<', b'QUIT'),
            lambda: self.record('>', b'221 mx.example.net'),
        ]
        if rng.random() < 0.2:
            steps = steps[:rng.randrange(len(steps))]
        for step in steps:
            step()

    def leave(self):
        """The ends of both directions and of the program, in any order."""
        rng, pid = self.rng, self.pid
        tail = []
        before, self.lines = self.lines, []
        if self.style['records']:
            for direction in '<>':
                if self.style['only'] != direction:
                    tail.append(b'%d %s [EOF]' % (pid, direction.encode()))
        rng.shuffle(tail)
        if self.style['notes']:
            tail.append(b'%d : end < %d bytes, eof; > %d bytes, eof; 1.0 seconds'
                        .replace(b'1.0', b'1.000')
                        % (pid, self.sizes['<'], self.sizes['>']))
        code, signal = rng.choice([(0, 0), (0, 0), (1, 0), (111, 0), (0, 9)])
        if self.style['server'] == 'tcpsvd':
            signal = 0
        self.end(code, signal)
        at = rng.randrange(len(tail) + 1)
        self.lines = before + tail[:at] + self.lines + tail[at:]


def random_style(rng):
    style = {
        'server': rng.choice(['tcpserver', 'tcpserver', 'tcpsvd', 's6', '']),
        'records': rng.random() < 0.9,
        'notes': rng.random() < 0.4,
        'dump': rng.random() < 0.1,
        'hide': rng.random() < 0.15,
        'labels': rng.random() < 0.1,
        'only': rng.choice([''] * 6 + ['<', '>']),
    }
    if not style['server']:
        style['records'] = True
    return style


def session_events(rng, begin):
    """Lines with their times, of many sessions."""
    style, events, free = random_style(rng), [], {}
    pids = rng.sample(range(300, 33000), rng.choice([1, 2, 5, 20]))
    slow = rng.choice([1, 1, 20, 400])      # tenths of a second at most
    start = begin * BILLION
    for number in range(1, rng.choice([2, 5, 20, 40])):
        pid = rng.choice(pids)
        start += rng.randrange(1, 3 * BILLION)
        time = max(start, free.get(pid, 0))
        for line in Dialogue(rng, number, pid, style).lines:
            if style['labels'] and line[:1].isdigit():      # recio -t
                line = random_log.label(time - 5).encode() + b' ' + line
            heapq.heappush(events, (time, len(events), line))
            time += rng.randrange(1, slow * BILLION // 10)
        free[pid] = time + rng.choice([1, BILLION, 5 * BILLION, 100 * BILLION,
                                       4000 * BILLION])
        if rng.random() < 0.2:
            heapq.heappush(events, (time, len(events), rng.choice([
                b'tcpserver: status: 1/40', b'a word', b'',
                b'CHKUSER accepted sender: from <a@b::> remote <>',
                b'4000000 x y', b'tcpserver: end', b'7 <'])))
    ordered = []
    while events:
        time, _, line = heapq.heappop(events)
        ordered.append((time, line))
    return ordered


class RandomQueue:
    """What qmail-send logs of a few messages, also when it starts again."""

    def __init__(self, rng, begin):
        self.rng, self.time = rng, begin * BILLION
        self.events, self.delivery = [], 0
        self.running, self.queued = {}, {}      # deliveries, messages

    def add(self, text):
        rng = self.rng
        self.time += rng.choice([1, rng.randrange(BILLION),
                                 rng.randrange(90 * BILLION)])
        self.events.append((self.time, text.encode()))

    def submit(self):
        rng = self.rng
        number = rng.randrange(100, 110)
        if number in self.queued:
            return
        self.queued[number] = ['user%d@example.%s' % (i, rng.choice('ab'))
                               for i in range(rng.randrange(1, 4))]
        self.add('new msg %d' % number)
        sender = rng.choice(['', '#@[]', 'alice@example.org'])
        self.add('info msg %d: bytes %d from <%s> qp %d uid %d' % (
            number, rng.randrange(9999), sender, rng.randrange(1, 32768), 46))

    def start(self):
        waiting = [(number, to) for number, all_to in self.queued.items()
                   for to in all_to if (number, to) not in
                   self.running.values()]
        if not waiting:
            return
        number, to = self.rng.choice(waiting)
        self.delivery += 1
        self.running[self.delivery] = number, to
        self.add('starting delivery %d: msg %d to %s %s' % (
            self.delivery, number, self.rng.choice(['local', 'remote']), to))

    def finish(self):
        rng = self.rng
        if not self.running:
            return
        delivery = rng.choice(list(self.running))
        number, to = self.running.pop(delivery)
        outcome = rng.choice(['success', 'success', 'deferral', 'failure'])
        self.add('delivery %d: %s: %s' % (delivery, outcome, rng.choice(
            ['did_1+0+0/', 'Sorry_%d/' % delivery, 'x' * 300])))
        if outcome != 'deferral':
            self.queued[number].remove(to)
        if not self.queued[number]:
            if rng.random() < 0.2:
                self.add('bounce msg %d qp %d' % (number, delivery))
            elif rng.random() < 0.1:
                self.add('triple bounce: discarding bounce/%d' % number)
            self.add('end msg %d' % number)
            del self.queued[number]

    def restart(self):
        """Starts again: deliveries that were running are done once more."""
        if self.rng.random() < 0.1:
            self.add('status: exiting')
            self.running, self.delivery = {}, 0

    def status(self):
        self.add('status: local %d/10 remote %d/20' % (
            len(self.running), self.rng.randrange(20)))


def queue_events(rng, begin):
    queue = RandomQueue(rng, begin)
    steps = [queue.submit, queue.start, queue.start, queue.finish,
             queue.finish, queue.status, queue.restart]
    while not queue.events:
        for _ in range(rng.choice([10, 50, 200])):
            rng.choice(steps)()
    return queue.events


def lose_lines(rng, events):
    """Leaves out some lines, but no half of a line of a session."""
    cut = set()
    for time, line in events:
        who = re.sub(rb'^@\S+ ', b'', line).split(b' ')[:1]
        part = line.endswith((b'+', b'|'))
        if part or tuple(who) in cut or rng.random() < 0.9:
            yield time, line
        (cut.add if part else cut.discard)(tuple(who))


def write_sessions(rng, directory, zone, begin, make=session_events):
    """Fills a log directory with sessions, whose beginning or end may be cut
    off."""
    os.makedirs(directory, exist_ok=True)
    events = make(rng, begin)
    if rng.random() < 0.3:
        events = events[rng.randrange(len(events)):]
    if rng.random() < 0.3:
        events = events[:rng.randrange(len(events) + 1)]
    if rng.random() < 0.15:     # a logger that was killed has lost lines
        events = list(lose_lines(rng, events))
    kind = rng.choice(['tai64n'] * 5 + ['leap', 'rfc3339', 'svlogd-tt', 'iso',
                                        'local', 'unix-nano', 'none'])
    if kind == 'none' and any(line[:1] == b'@' for _, line in events):
        kind = 'tai64n'     # one line with a stamp would stamp others
    prefix = rng.choice([b''] * 4 + [b'smtp ', b'mail:  '])
    data, files = b'', rng.choice([1, 1, 2, 4])
    for i, (time, line) in enumerate(events):
        stamp = b''
        if kind != 'none':
            stamp = random_log.STAMPS[kind](time, zone).encode() + b' '
        data += stamp + prefix + line + b'\n'
        if files > 1 and rng.random() < files / len(events):
            name = random_log.label(time + 1, kind == 'leap') + '.s'
            random_log.put(directory, name, data, time // BILLION + 1)
            data = b''
    time = events[-1][0] if events else begin * BILLION
    random_log.put(directory, 'current', data, time // BILLION + 1)
