"""A slow and simple reader of log directories, for comparison with rlogread.

Written from rlogread.1, rlogdir.5 and records.5 alone.  It holds the whole log
in memory, parses the stamp of every line, and then selects, merges and writes
lines; nothing is searched or skipped.
"""
import base64
import datetime
import gzip
import itertools
import lzma
import math
import os
import re
import subprocess
import zoneinfo

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
BILLION = 10 ** 9
LEAP_SECONDS = 27       # since 2017
MONTHS = [b'Jan', b'Feb', b'Mar', b'Apr', b'May', b'Jun', b'Jul', b'Aug',
          b'Sep', b'Oct', b'Nov', b'Dec']
PIECE = 256 * 1024      # bytes of a line in one JSON object

LABEL = re.compile(rb'@([0-9a-f]{16})([0-9a-f]{8})(?![0-9a-fA-F])')
DATE = re.compile(rb'(\d{4})-(\d\d)-(\d\d)([T_ ])(\d\d):(\d\d):(\d\d)'
                  rb'(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?(?= |\n|$)')
UNIX = re.compile(rb'(\d{9,10}\.\d+|\d{10})(?= |\n|$)')
SYSLOG = re.compile(rb'([A-Z][a-z][a-z]) ([ \d]\d) (\d\d):(\d\d):(\d\d)'
                    rb'(?:\.(\d+))?(?= |\n|$)')
SPLOGGER = re.compile(rb' \S+ \S+: (\d{9,10}\.\d+)(?= |\n|$)')
ARCHIVE = re.compile(r'(@[0-9a-f]{24}\.[su])(\.[A-Za-z0-9._-]+)?')
RECORD = re.compile(rb'(\d+) ([<>]) (?:(.*)([ +])|(\[EOF\]))', re.S)
DUMP = re.compile(rb'(\d+) ([<>]) ([0-9a-f]{8,16}  ([0-9a-f ]{48})  \|(.+)\|)',
                  re.S)
NOTE = re.compile(rb'(\d+) : (.*)', re.S)


class Line:
    """A line of a file, or the part of it that the file has."""

    def __init__(self, text, source, file, span):
        self.text, self.source, self.file = text, source, file
        self.span = span        # the archive before, and this file, ended
        self.stamp, self.time = 0, None         # bytes, Unix nanoseconds
        self.effective = None   # its own time, or that of the line before
        self.rest = False       # goes on with the line before


def fraction(digits):
    return int((digits or b'0')[:9].ljust(9, b'0'))


def unix_nanoseconds(text):
    whole, _, digits = text.partition(b'.')
    return int(whole) * BILLION + fraction(digits)


def nanoseconds(moment):
    since = moment - EPOCH
    return (since.days * 86400 + since.seconds) * BILLION


def local_times(naive, zone):
    """The Unix times at which the zone's clock shows this, earliest first."""
    times = []
    for fold in (0, 1):
        moment = naive.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == naive:
            times.append(nanoseconds(moment))
    # A time that is skipped is moved by the length of the gap.
    return times or [nanoseconds(naive.replace(tzinfo=zone, fold=0))]


def naive_time(year, month, day, hour, minute, second):
    """The time, or None if there is none; second 60 is the next second."""
    try:
        return (datetime.datetime(year, month, day, hour, minute,
                                  min(second, 59))
                + datetime.timedelta(seconds=second == 60))
    except ValueError:
        return None


class Stamps:
    """Parses the stamps of one log, in the order of its lines."""

    def __init__(self, zone, leap):
        self.zone, self.leap, self.before = zone, leap, None
        self.repeated = False   # a local time came twice

    def parse(self, text, span):
        """The length of the stamp and its time; 0 and None without one."""
        for parse in (self.label, self.date, self.unix, self.syslog):
            length, time = parse(text, span)
            # A time at the end of an incomplete line may lack its zone.
            if length == len(text) and parse != self.label:
                return 0, None
            if length:
                return length, time
        return 0, None

    def label(self, text, _):
        found = LABEL.match(text)
        if not found:
            return 0, None
        seconds = int(found[1], 16) - 2 ** 62 - 10
        if self.leap:
            seconds -= LEAP_SECONDS
        return found.end(), seconds * BILLION + int(found[2], 16)

    def of_zone(self, naive, begun):
        times = local_times(naive, self.zone)
        time = times[0]
        self.repeated |= len(times) > 1
        earliest = max(begun * BILLION, self.before or 0)
        if len(times) > 1 and times[0] < earliest - 60 * BILLION:
            time = times[1]
        return time

    def date(self, text, span):
        found = DATE.match(text)
        if not found:
            return 0, None
        naive = naive_time(*(int(found[i]) for i in (1, 2, 3, 5, 6, 7)))
        if not naive:
            return 0, None
        offset, between = found[9], found[4]
        if between == b'_' and offset:
            return 0, None
        if offset and offset != b'Z':
            minutes = int(offset[1:3]) * 60 + int(offset[4:6])
            naive -= datetime.timedelta(
                minutes=-minutes if offset[:1] == b'-' else minutes)
        if between == b' ' and not offset:
            time = self.of_zone(naive, span[0])
        else:
            time = nanoseconds(naive.replace(tzinfo=UTC))
        return found.end(), time + fraction(found[8])

    def unix(self, text, _):
        found = UNIX.match(text)
        if not found:
            return 0, None
        return found.end(), unix_nanoseconds(found[1])

    def syslog(self, text, span):
        found = SYSLOG.match(text)
        if not found or found[1] not in MONTHS:
            return 0, None
        month, written = MONTHS.index(found[1]) + 1, span[1]
        latest = datetime.datetime.fromtimestamp(written, UTC).year + 1
        for year in range(latest, latest - 9, -1):
            naive = naive_time(year, month, int(found[2]),
                               *(int(found[i]) for i in (3, 4, 5)))
            if naive is None:
                continue
            time = self.of_zone(naive, span[0]) + fraction(found[6])
            if time <= (written + 86400) * BILLION:
                own = self.splogger(text[found.end():], naive)
                return found.end(), own or time
        return 0, None

    def splogger(self, text, naive):
        """The time that splogger put after its program's name, or None if it
        is another one than that of the line in any year."""
        found = SPLOGGER.match(text)
        if not found:
            return None
        own = unix_nanoseconds(found[1])
        newest = datetime.datetime.fromtimestamp(own // BILLION, UTC).year + 1
        for year in range(newest, newest - 3, -1):
            same = naive_time(year, *naive.timetuple()[1:6])
            if same and any(abs(own - time) <= 60 * BILLION
                            for time in local_times(same, self.zone)):
                return own
        return None


def unpack(data):
    if data.startswith(b'\x1f\x8b'):
        return gzip.decompress(data)
    if data.startswith(b'\xfd7zXZ\x00'):
        return lzma.decompress(data)
    if data.startswith(b'\x28\xb5\x2f\xfd'):
        return subprocess.run(['zstd', '-dcq'], input=data, check=True,
                              stdout=subprocess.PIPE).stdout
    return data


def files_of(directory):
    names = os.listdir(directory)
    archives = {}
    for name in sorted(names):
        found = ARCHIVE.fullmatch(name)
        if found:       # @LABEL.s itself is before its compressed copies
            archives.setdefault(found[1], name)
    files = [archives[name] for name in sorted(archives)]
    files += [name for name in ('previous', 'current') if name in names]
    return [os.path.join(directory, name) for name in files]


def ended(file):
    """When an archive was ended, by its name; 0 for another file."""
    name = os.path.basename(file)
    if ARCHIVE.fullmatch(name):
        return int(name[1:17], 16) - 2 ** 62 - 10
    return 0


def written(file):
    """When the lines of a file were written at last, for syslog's year."""
    return ended(file) or int(os.stat(file).st_mtime)


def find_log(path):
    for inside in ('', 'log/main', 'main', 'log'):
        directory = os.path.join(path, inside).rstrip('/')
        if os.path.isdir(directory) and (
                files_of(directory)
                or os.path.exists(os.path.join(directory, 'lock'))):
            return directory
    return path


class Log:
    """All lines of a directory, a file, or standard input."""

    def __init__(self, path, zone, labels='auto', data=None, now=0):
        self.zone, self.lines, self.packed = zone, [], set()
        self.path, self.files = '-', []
        if path == '-':
            self.split(data, '-', (0, now))
        else:
            self.path = os.path.realpath(find_log(path))
            self.files = ([self.path] if os.path.isfile(self.path)
                          else files_of(self.path))
            begun = 0
            for file in self.files:
                with open(file, 'rb') as stream:
                    content = stream.read()
                if not file.endswith('/current'):
                    plain = unpack(content)
                    if plain is not content:
                        self.packed.add(file)
                    content = plain
                self.split(content, file, (begun, written(file)))
                begun = ended(file) or begun
        self.leap = labels == 'leap' or (labels == 'auto'
                                         and self.has_leap_labels())
        self.parse()

    def split(self, content, file, span):
        cut = bool(self.lines) and not self.lines[-1].text.endswith(b'\n')
        for text in re.findall(rb'[^\n]*\n|[^\n]+', content):
            line = Line(text, self, file, span)
            line.rest, cut = cut, False
            self.lines.append(line)

    def has_leap_labels(self):
        """What the last label of the youngest file tells, if it does."""
        for lines in reversed(by_file(self.lines)):
            if lines[0].file in self.packed:    # its labels are not looked at
                continue
            labels = [time for line in lines for length, time
                      in [Stamps(self.zone, False).label(line.text, None)]
                      if length]
            ahead = labels and (labels[-1] // BILLION
                                - int(os.stat(lines[0].file).st_mtime))
            if labels and -60 <= ahead <= 40:
                return ahead >= 14
        return False

    def parse(self):
        stamps = Stamps(self.zone, self.leap)
        effective = -math.inf   # lines before the first stamp are oldest
        for line in self.lines:
            line.stamp, line.time = stamps.parse(line.text, line.span)
            if line.stamp:
                line.rest = False       # a crash has cut the line before
                effective = stamps.before = line.time
            line.effective = effective
        self.repeated = stamps.repeated


class Bound:
    """A bound of a window: a time, or a label of the kind that a log has."""

    def __init__(self, time, is_label=False):
        self.time, self.is_label = time, is_label

    def of(self, log):
        return self.time - (LEAP_SECONDS * BILLION
                            if self.is_label and log.leap else 0)


def window(lines, since, until):
    return [line for line in lines
            if (since is None or line.effective >= since.of(line.source))
            and (until is None or line.effective <= until.of(line.source))]


def merge(lists):
    """Repeatedly takes the earliest of the first lines, of the first log among
    equals."""
    places, merged = [0] * len(lists), []
    while True:
        heads = [(lines[place].effective, i) for i, (lines, place)
                 in enumerate(zip(lists, places)) if place < len(lines)]
        if not heads:
            return merged
        _, i = min(heads)
        merged.append(lists[i][places[i]])
        places[i] += 1


def has_plain_order(log):
    """True if each line tells its time alone, and these ascend."""
    return not log.repeated and is_ascending(log.lines)


def is_set_back(log):
    """True if the times in a file fall by more than a minute: then rlogread may
    miss lines of a window.  No random clock is set back as far in one file, but
    a time can be taken for that of the other one of two repeated hours."""
    for lines in by_file(log.lines):
        latest = -math.inf
        for line in lines:
            if line.stamp and line.time < latest - 60 * BILLION:
                return True
            latest = max(latest, line.time or latest)
    return False


def by_file(lines):
    """The lines of each file that has some."""
    return [list(group) for _, group in
            itertools.groupby(lines, key=lambda line: line.file)]


def is_ascending(lines):
    return all(one.effective <= other.effective
               for one, other in zip(lines, lines[1:]))


def last_lines(lines, count):
    """The last lines, where a line that a rotation has cut is one."""
    if count is None:
        return lines
    start = len(lines)
    while start > 0 and count > 0:
        start -= 1
        if start == 0 or not lines[start].rest:
            count -= 1
    return lines[start:]


def offset_text(moment):
    minutes = int(moment.utcoffset().total_seconds()) // 60
    return '%c%02d:%02d' % ('-' if minutes < 0 else '+',
                            abs(minutes) // 60, abs(minutes) % 60)


def time_text(time, form, zone):
    seconds, nano = divmod(time, BILLION)
    utc = EPOCH + datetime.timedelta(seconds=seconds)
    moment = utc.astimezone(zone)
    local = moment.strftime('%Y-%m-%d %H:%M:%S')
    if form == 'local':
        return '%s.%06d' % (local, nano // 1000)
    if form == 'tai64nlocal':
        return '%s.%09d' % (local, nano)
    if form == 'utc':
        return '%s.%06dZ' % (utc.strftime('%Y-%m-%d %H:%M:%S'), nano // 1000)
    if form == 'unix':
        return '%d.%09d' % (seconds, nano)
    return '%s.%09d%s' % (local.replace(' ', 'T'), nano, offset_text(moment))


def text_value(data):
    try:
        return data.decode('utf-8')
    except UnicodeDecodeError:
        return {'base64': base64.b64encode(data).decode()}


def dump_bytes(found):
    """The bytes of a dump, or None if its columns do not agree."""
    try:
        data = bytes.fromhex(found[4].decode())
    except ValueError:
        return None
    groups = [' '.join('%02x' % byte for byte in half)
              for half in (data[:8], data[8:])]
    shown = bytes(byte if 32 <= byte < 127 else ord('.') for byte in data)
    whole = ('%-48s' % '  '.join(groups)).encode()
    return data if (whole, shown) == (found[4], found[5]) else None


def record_members(text):
    """The members of a record or note, or None."""
    found = RECORD.fullmatch(text)
    if found:
        return {'pid': int(found[1]), 'dir': found[2].decode(),
                'payload': text_value(found[3] or b''),
                'more': found[4] == b'+', 'eof': found[5] is not None}
    found = DUMP.fullmatch(text)
    data = found and dump_bytes(found)
    if data:
        return {'pid': int(found[1]), 'dir': found[2].decode(),
                'payload': text_value(found[3]), 'dump': True,
                'more': not data.endswith(b'\n'), 'eof': False}
    found = NOTE.fullmatch(text)
    if found:
        return {'pid': int(found[1]), 'dir': ':',
                'payload': text_value(found[2])}
    return None


def json_object(line, zone):
    value = {}
    if line.stamp:
        value['time'] = time_text(line.time, 'iso', zone)
        value['label'] = text_value(line.text[:line.stamp])
    value['directory'] = line.source.path
    text = line.text.removesuffix(b'\n')[line.stamp:]
    if line.stamp:
        text = text.removeprefix(b' ')
    whole = (line.text.endswith(b'\n') and not line.rest
             and len(line.text) <= PIECE)
    value.update((whole and record_members(text)) or
                 {'text': text_value(text)})
    if line.rest:
        value['rest'] = True
    if not line.text.endswith(b'\n'):
        value['cut'] = True
    return value


def json_objects(lines, zone):
    return [json_object(line, zone) for line in lines]


def write(lines, form, zone):
    """The text of the lines in a form other than json.  A line that lacks its
    newline gets one where another line follows."""
    out = []
    for line, following in zip(lines, lines[1:] + [None]):
        text = line.text
        if form != 'raw' and line.stamp:
            text = time_text(line.time, form, zone).encode() \
                + text[line.stamp:]
        if not text.endswith(b'\n') and following and not following.rest:
            text += b'\n'
        out.append(text)
    return b''.join(out)


def is_bare(log):
    """No line has a stamp: True, False, or None if that may stay unknown, since
    archives outside of the window are not unpacked."""
    if not log.lines or any(line.stamp for line in log.lines):
        return False
    return None if log.packed else True


def read(logs, since=None, until=None, count=None):
    """The lines of a window of logs, merged, and the exit status or None."""
    lists = [window(log.lines, since, until) for log in logs]
    bare = [is_bare(log) for log in logs]
    status = 0
    if since or until:
        status = 1 if True in bare else None if None in bare else 0
    return last_lines(merge(lists), count), status


def zone_named(name):
    return UTC if name == 'UTC0' else zoneinfo.ZoneInfo(name)
