"""Random log directories, as every logger writes them, for comparisons.

Each function draws from the random.Random that it is given, so that a seed
repeats a log.
"""
import datetime
import gzip
import lzma
import os
import subprocess

UTC = datetime.timezone.utc
BILLION = 10 ** 9
LEAP_SECONDS = 27
MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split()

ZONES = ['UTC0', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata',
         'Australia/Lord_Howe']

# Unix times at which logs begin: an ordinary day, both changes of daylight
# saving in Berlin and New York, and New Year.
BEGINNINGS = [1795212000, 1792886000, 1774743000, 1793509000, 1772951000,
              1767220000, 1793400000]


def moment(time, zone=UTC):
    return datetime.datetime.fromtimestamp(time // BILLION, zone)


def label(time, leap=False):
    seconds, nano = divmod(time, BILLION)
    seconds += 2 ** 62 + 10 + (LEAP_SECONDS if leap else 0)
    return '@%016x%08x' % (seconds, nano)


def offset(when):
    minutes = int(when.utcoffset().total_seconds()) // 60
    return '%s%02d:%02d' % ('-' if minutes < 0 else '+',
                            abs(minutes) // 60, abs(minutes) % 60)


def dated(time, zone, between, digits, end=''):
    when = moment(time, zone)
    text = when.strftime(f'%Y-%m-%d{between}%H:%M:%S')
    if digits:
        text += '.' + ('%09d' % (time % BILLION))[:digits]
    return text + (offset(when) if end == 'offset' else end)


def unix(time, digits):
    text = str(time // BILLION)
    return text + ('.' + ('%09d' % (time % BILLION))[:digits] if digits else '')


def syslog(time, zone):
    when = moment(time, zone)
    return '%s %2d %s' % (MONTHS[when.month - 1], when.day,
                          when.strftime('%H:%M:%S'))


# name: (stamp(time, zone), a text that follows it)
STAMPS = {
    'tai64n': lambda time, zone: label(time),
    'leap': lambda time, zone: label(time, True),
    'rfc3339': lambda time, zone: dated(time, UTC, 'T', 9, 'Z'),
    'rfc3339-short': lambda time, zone: dated(time, UTC, 'T', 0, 'Z'),
    'iso': lambda time, zone: dated(time, zone, 'T', 9, 'offset'),
    'svlogd-tt': lambda time, zone: dated(time, UTC, '_', 5),
    'svlogd-ttt': lambda time, zone: dated(time, UTC, 'T', 5),
    'tai64nlocal': lambda time, zone: dated(time, zone, ' ', 9),
    'local': lambda time, zone: dated(time, zone, ' ', 6),
    'local-seconds': lambda time, zone: dated(time, zone, ' ', 0),
    'utc': lambda time, zone: dated(time, UTC, ' ', 6, 'Z'),
    'unix': lambda time, zone: unix(time, 6),
    'unix-nano': lambda time, zone: unix(time, 9),
    'unix-seconds': lambda time, zone: unix(time, 0),
    'syslog': syslog,
    'splogger': lambda time, zone: '%s host qmail: %s'
                                   % (syslog(time, zone), unix(time, 6)),
}

# Texts that are nearly stamps, at the beginning of a line.
NEARLY = [
    '@400000006b00c2ea009a1f1', '@400000006b00c2ea009a1f144 x', '@ x', '@',
    '2026-13-01 10:00:00 x', '2026-02-30T10:00:00Z x', '2026-11-20', '2026 x',
    '2026-11-20 24:00:00 x', '2026-11-20T10:00:00+1:00 x', '179521319 x',
    '1795213194x', 'Nov 31 10:00:00 x', 'Nox 20 10:00:00 x', 'Nov 20 10:00',
    '2026-11-20_10:00:00Z x', '17952131940 x', '1795213194. x', '.5 x',
]


def odd_bytes(rng):
    return bytes(rng.choice([0, 9, 13, 27, 32, 127, 195, 169, 255, 92, 65])
                 for _ in range(rng.randrange(12)))


def dump(offset, data):
    """As recio -x writes it."""
    groups = [' '.join('%02x' % byte for byte in data[at:at + 8])
              for at in (0, 8)]
    text = ''.join(chr(byte) if 32 <= byte < 127 else '.' for byte in data)
    return ('%08x  %-48s  |%s|' % (offset, '  '.join(groups), text)).encode()


def random_dump(rng):
    """A dump behind its direction, perhaps with another byte somewhere."""
    data = bytes(rng.choice(b'AZ |~\n\x00\xff') for _ in
                 range(rng.randrange(17)))
    line = bytearray(b'> ' + dump(rng.randrange(99), data))
    if rng.random() < 0.3:
        line[rng.randrange(len(line))] = rng.choice(b'a0 |.Z')
    return bytes(line)


def text(rng, number):
    """The text of a line, without newline: words, a record, a note, odd
    bytes, or nothing."""
    kind = rng.randrange(12)
    pid = rng.choice([7, 4711, 4712, 99999])
    if kind == 0:
        return b'%d < %s ' % (pid, rng.choice([b'QUIT', b'caf\xc3\xa9\r', b'',
                                                b'\\x00 \\\\', odd_bytes(rng)]))
    if kind == 1:
        return b'%d > 250 line %d+' % (pid, number)
    if kind == 2:
        return b'%d %s' % (pid, rng.choice([b'< [EOF]', b'> [EOF]', b'> ', b'<',
                                             b': TLS', b': ', b'= x ',
                                             b'> no end', b'<  ',
                                             random_dump(rng)]))
    if kind == 3:
        return odd_bytes(rng)
    if kind == 4:
        return b'line %d %s' % (number, b'y' * rng.randrange(300))
    return b'line %d' % number


class Times:
    """The times of a log's lines: mostly ascending."""

    def __init__(self, rng, begin, pace, setback):
        self.rng, self.pace, self.setback = rng, pace, setback
        self.time = self.latest = begin * BILLION + rng.randrange(BILLION)

    def begin_file(self, setback):
        self.time -= setback
        self.latest = self.time

    def next(self):
        """Within a file, a clock is set back by less than a minute."""
        rng = self.rng
        if self.setback and rng.random() < 0.03:
            self.time = max(self.time - rng.randrange(50 * BILLION),
                            self.latest - 50 * BILLION)
        else:
            self.time += rng.choice([0, 1, 1000, rng.randrange(BILLION),
                                     rng.randrange(self.pace)])
        self.latest = max(self.latest, self.time)
        return self.time


def compress(rng, name, data):
    kind = rng.choice(['.gz', '.gz', '.xz', '.zst'])
    if kind == '.gz':
        data = gzip.compress(data, mtime=0)
    elif kind == '.xz':
        data = lzma.compress(data)
    else:
        data = subprocess.run(['zstd', '-qc'], input=data, check=True,
                              stdout=subprocess.PIPE).stdout
    # rlogread looks at the bytes, not at the suffix.
    return name + rng.choice([kind, kind, kind, '.old']), data


def put(directory, name, data, written):
    path = os.path.join(directory, name)
    with open(path, 'wb') as stream:
        stream.write(data)
    os.utime(path, (written, written))


class Plan:
    """What a random log is like."""

    def __init__(self, rng, zone, begin):
        self.zone = zone
        self.kinds = ([rng.choice(list(STAMPS))] if rng.random() < 0.8 else
                      rng.sample([kind for kind in STAMPS if kind != 'leap'],
                                 3))
        self.bare = rng.choice([0, 0, 0, 0.1, 0.5])  # lines without a stamp
        if rng.random() < 0.05:
            self.bare = 1
        # The kind of labels is told by the last one and the file's time.
        self.setback = rng.random() < 0.3 and 'leap' not in self.kinds
        self.archives = rng.choice([0, 0, 1, 2, 3, 5])
        self.lines = rng.choice([0, 1, 3, 10, 40, 40, 300])
        if rng.random() < 0.03:
            self.lines = 5000   # a window is searched for in the file
        # That label is near the end of a file.
        self.long_line = rng.random() < 0.02 and 'leap' not in self.kinds
        self.cut = rng.random() < 0.3   # rotations cut lines
        self.times = Times(rng, begin, rng.choice([1, 60, 3600]) * BILLION,
                           self.setback)


def content(rng, plan, more):
    """The bytes of a file, all in the order of their times; more: another
    file follows."""
    lines, number = [], 0
    for _ in range(rng.randrange(plan.lines + 1)):
        number += 1
        line = text(rng, number)
        if plan.long_line and rng.random() < 0.2:
            line += b'z' * rng.choice([70000, 262000, 300000])
        if rng.random() >= plan.bare:
            stamp = STAMPS[rng.choice(plan.kinds)](plan.times.next(), plan.zone)
            space = b' ' if line or rng.random() < 0.5 else b''
            line = stamp.encode() + space + line
        elif rng.random() < 0.1:
            line = rng.choice(NEARLY).encode()
        lines.append(line + b'\n')
    data = b''.join(lines)
    if data and (plan.cut if more else rng.random() < 0.2):
        data = data[:-1]
        if rng.random() < 0.5 and not data.endswith(b'\n'):
            data += b'h'
    return data


def write_log(rng, directory, zone, begin):
    """Fills a log directory.  Returns the plan of its lines."""
    os.makedirs(directory, exist_ok=True)
    plan, cut = Plan(rng, zone, begin), False
    names = 0
    for i in range(plan.archives + 1):
        last = i == plan.archives
        back = i and plan.setback and rng.random() < 0.3
        plan.times.begin_file(rng.randrange(3600 * BILLION) if back else 0)
        data = content(rng, plan, not last)
        if cut and rng.random() < 0.7:
            data = b' goes on\n' + data
        cut = data and not data.endswith(b'\n')
        written = plan.times.time // BILLION + rng.randrange(2)
        names = max(plan.times.time, names) + 1 + rng.randrange(1000)
        name = label(names, 'leap' in plan.kinds) + rng.choice(['.s', '.s', '.u'])
        if last:
            name = 'current'
            if rng.random() < 0.1:
                name = 'previous'
        elif data and not plan.setback and rng.random() < 0.35:
            if rng.random() < 0.2:
                put(directory, name, data, written)
            name, data = compress(rng, name, data)
        put(directory, name, data, written)
    for name in ('state', 'lock', '@x.s', 'current.old', '@400.s'):
        if rng.random() < 0.2:
            put(directory, name, b'not a line\n', 0)
    return plan
