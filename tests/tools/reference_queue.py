"""A slow and simple reader of qmail-send's log, for comparison with rlogsess -M.

Written from rlogsess.1 and from what qmail-log(5) says of the lines.
"""
import re

from reference_reader import BILLION, text_value, time_text
from reference_sessions import find_queue_prefix, text_of, utc_text

FORMS = [
    ('new', re.compile(rb'new msg (?P<msg>\d+)')),
    ('info', re.compile(rb'info msg (?P<msg>\d+): bytes (?P<bytes>\d+) from '
                        rb'<(?P<sender>.*)> qp (?P<qp>\d+) uid \d+', re.S)),
    ('starting', re.compile(rb'starting delivery (?P<delivery>\d+): '
                            rb'msg (?P<msg>\d+) to (?P<channel>local|remote) '
                            rb'(?P<recipient>.*)', re.S)),
    ('delivery', re.compile(rb'delivery (?P<delivery>\d+): '
                            rb'(?P<outcome>success|failure|deferral): '
                            rb'(?P<text>.*)', re.S)),
    ('bounce', re.compile(rb'bounce msg (?P<msg>\d+) qp \d+')),
    ('bounce', re.compile(rb'triple bounce: discarding bounce/(?P<msg>\d+)')),
    ('end', re.compile(rb'end msg (?P<msg>\d+)')),
]
QUIET = 8 * 86400 * BILLION


def parse(text):
    for kind, form in FORMS:
        found = form.fullmatch(text)
        if found:
            return kind, found
    return None, None


class Delivery:
    def __init__(self, mail, line, found):
        self.mail, self.line, self.found = mail, line, found
        self.outcome, self.text, self.end = b'unknown', None, None
        self.sender, self.size = None, 0        # known when it ends

    def seconds(self, since, digits=3):
        if self.end is None or not self.end.stamp or since is None or \
                not since.stamp:
            return None
        return (self.end.time - since.time) // 10 ** 6 / 1000

    def json(self):
        value = {'delivery': int(self.found['delivery'])}
        if self.line.stamp:
            value['start'] = utc_text(self.line.time)
        seconds = self.seconds(self.line)
        if seconds is not None:
            value['seconds'] = seconds
        value['channel'] = self.found['channel'].decode()
        value['recipient'] = text_value(self.found['recipient'])
        value['outcome'] = self.outcome.decode()
        if self.text:
            value['text'] = text_value(self.text[:4096])
        return value

    def row(self, zone, several):
        mail = self.mail
        start = mail.lines[0] if mail.started else None
        fields = [
            time_text(self.line.time, 'local', zone) if self.line.stamp else '-',
            seconds_text(self.seconds(self.line)),
            seconds_text(self.seconds(start)),
            '%d' % mail.number, self.sender or '-',
            '%d' % self.size if self.sender else '-',
            self.found['channel'].decode(), self.found['recipient'].decode(),
            self.outcome.decode(), (self.text or b'-').decode()]
        return '\t'.join(fields + [mail.log.path] * several) + '\n'


def seconds_text(seconds):
    return '-' if seconds is None else '%.3f' % seconds


class Mail:
    def __init__(self, number, log):
        self.number, self.log, self.lines = number, log, []
        self.started = self.bounced = False
        self.sender, self.size, self.qp = None, 0, 0
        self.ended, self.marks, self.deliveries = [], set(), []
        self.reason, self.age_until = None, None

    def count(self, outcome):
        return sum(delivery.outcome == outcome for delivery in self.ended)

    def json(self, several):
        value = {'message': self.number}
        times = [line.time for line in self.lines if line.stamp]
        if times:
            value['start'], value['end'] = utc_text(times[0]), \
                utc_text(times[-1])
            value['seconds'] = (times[-1] - times[0]) // 10 ** 6 / 1000
        if self.sender:
            value['from'], value['size'] = self.sender, self.size
        for outcome in (b'success', b'deferral', b'failure'):
            value[outcome.decode()] = self.count(outcome)
        if self.bounced:
            value['bounced'] = True
        if self.qp:
            value['qp'] = self.qp
        if 'open' in self.marks and self.started and times:
            value['age'] = (self.age_until - times[0]) // 10 ** 6 / 1000
        if self.reason:
            value['reason'] = text_value(self.reason[:255])
        value['marks'] = sorted(self.marks)
        value['deliveries'] = [delivery.json() for delivery in self.ended]
        value['lines_left_out'] = 0
        if several:
            value['source'] = self.log.path
        value['lines'] = [text_value(line.text.removesuffix(b'\n'))
                          for line in self.lines]
        return value

    def text(self, several):
        out = b'rlogsess: source: %s\n' % self.log.path.encode() * several
        return out + b''.join(line.text.removesuffix(b'\n') + b'\n'
                              for line in self.lines) + b'\n'


class Stray:
    """The end of a delivery whose beginning is not in the log."""

    def __init__(self, line, found=None):
        self.line, self.found = line, found

    def text(self, several):
        return b'rlogsess: source: %s\n' % self.line.source.path.encode() \
            * several + self.line.text.removesuffix(b'\n') + b'\n\n'

    def row(self, _, several):
        fields = ['-'] * 8 + [self.found['outcome'].decode(),
                              self.found['text'].decode()]
        return '\t'.join(fields + [self.line.source.path] * several) + '\n'


class Queue:
    """The messages of several logs."""

    def __init__(self, logs, merged):
        self.ended, self.rest, self.results = [], [], []
        self.open = {log: {} for log in logs}
        self.running = {log: {} for log in logs}
        self.last = {}
        prefix = {log: find_queue_prefix(log, parse) for log in logs}
        for order, line in enumerate(merged):
            self.take(line, prefix[line.source], order)
        for mail in sorted((mail for table in self.open.values()
                            for mail in table.values()),
                           key=lambda mail: mail.order):
            mail.marks.add('open')
            self.close(mail)

    def take(self, line, prefix, order):
        log = line.source
        if line.stamp:
            self.last[log] = line.time
        for mail in sorted(self.open[log].values(), key=lambda mail: mail.order):
            if line.effective != float('-inf') and \
                    line.effective > mail.lines[-1].effective + QUIET:
                mail.marks.add('quiet')
                self.close(mail)
        kind, found = parse(text_of(line)[len(prefix):])
        mail = None
        if kind == 'delivery':
            delivery = self.running[log].pop(int(found['delivery']), None)
            if delivery:
                mail = delivery.mail
        elif kind:
            mail = self.find_mail(log, kind, int(found['msg']))
        if not mail:
            if not kind:
                self.rest.append(line)
            else:       # the end of a delivery that began before the log
                self.ended.append(Stray(line))
                self.results.append(Stray(line, found))
            return
        mail.lines.append(line)
        mail.order = order
        if kind == 'new':
            mail.started = True
        elif kind == 'info':
            mail.sender = found['sender'].decode() or '<>'
            mail.size, mail.qp = int(found['bytes']), int(found['qp'])
        elif kind == 'starting':
            number = int(found['delivery'])
            if number in self.running[log]:
                self.show(self.running[log].pop(number))
            delivery = self.running[log][number] = Delivery(mail, line, found)
            mail.deliveries.append(delivery)
        elif kind == 'delivery':
            delivery.outcome, delivery.text = found['outcome'], found['text']
            delivery.end = line
            self.show(delivery)
            if delivery.outcome == b'deferral':
                mail.reason = delivery.text
        elif kind == 'bounce':
            mail.bounced = True
        elif kind == 'end':
            self.close(mail)

    def find_mail(self, log, kind, number):
        mail = self.open[log].get(number)
        if mail and kind == 'new':
            mail.marks.add('no-end')
            self.close(mail)
            mail = None
        if not mail:
            mail = self.open[log][number] = Mail(number, log)
        return mail

    def show(self, delivery):
        mail = delivery.mail
        delivery.sender, delivery.size = mail.sender, mail.size
        mail.ended.append(delivery)
        self.results.append(delivery)

    def close(self, mail):
        running = self.running[mail.log]
        for delivery in reversed(mail.deliveries):      # the latest first
            number = int(delivery.found['delivery'])
            if running.get(number) is delivery:
                self.show(running.pop(number))
        del self.open[mail.log][mail.number]
        mail.age_until = self.last.get(mail.log)
        if not mail.started:
            mail.marks.add('no-start')
        self.ended.append(mail)
