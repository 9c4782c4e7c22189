#!/usr/bin/env python3
"""Prints all messages of a stream in their order, an object of JSON a line:
sequence, time in nanoseconds since 1970, subject, headers, and data in base64.

usage: read-stream.py HOST:PORT[,...] STREAM [SERVER]
       read-stream.py -w WORKER HOST:PORT[,...] STREAM

With SERVER, the name of a server in a cluster, the messages are those that this
server has stored: a consumer that lives there reads them.  With WORKER, the name
of a durable consumer, its messages are acknowledged.
"""
import base64
import json
import sys

import nats_wire

TRIES = 200


def make_consumer(nats, stream, server):
    """Makes a consumer that lives on the server, and returns its name.

    The cluster places each consumer on a random server.  That one of TRIES is on
    this one of three fails once in 10 ** 35.
    """
    inbox = nats.inbox + '.messages'
    nats.subscribe(inbox)
    for _ in range(TRIES):
        info = nats.api('CONSUMER.CREATE.' + stream, {
            'stream_name': stream,
            'config': {'deliver_subject': inbox, 'deliver_policy': 'all',
                       'ack_policy': 'none', 'num_replicas': 1,
                       'flow_control': True,
                       'idle_heartbeat': 5 * 10 ** 9}})
        leader = info.get('cluster', {}).get('leader')
        if not server or leader == server:
            return info['name']
        nats.api('CONSUMER.DELETE.%s.%s' % (stream, info['name']))
    raise SystemExit('no consumer on ' + server)


def print_message(subject, reply, headers, data):
    words = reply.split('.')
    print(json.dumps({'sequence': int(words[-4]), 'time': int(words[-2]),
                      'subject': subject, 'headers': headers,
                      'data': base64.b64encode(data).decode()}))
    return int(words[-1])


def read(nats, stream, server=None):
    pending = nats.api('STREAM.INFO.' + stream)['state']['messages']
    name = make_consumer(nats, stream, server)
    while pending:
        subject, reply, headers, data = nats.message()
        if reply.startswith('$JS.ACK.%s.%s.' % (stream, name)):
            pending = print_message(subject, reply, headers, data)
        elif headers.get('Status') == '100' and reply:
            nats.publish(reply)
        elif 'Nats-Consumer-Stalled' in headers:
            nats.publish(headers['Nats-Consumer-Stalled'])
    nats.api('CONSUMER.DELETE.%s.%s' % (stream, name))


def take(nats, stream, worker):
    inbox = nats.inbox + '.messages'
    nats.subscribe(inbox)
    pending = nats.api('CONSUMER.INFO.%s.%s' % (stream, worker))['num_pending']
    nats.publish('$JS.API.CONSUMER.MSG.NEXT.%s.%s' % (stream, worker),
                 b'{"batch":%d}' % max(pending, 1), inbox)
    while pending:
        subject, reply, headers, data = nats.message()
        pending = print_message(subject, reply, headers, data)
        nats.publish(reply, b'+ACK')
    # The server has read the acknowledgements when it answers.
    nats.api('CONSUMER.INFO.%s.%s' % (stream, worker))


def main():
    words = sys.argv[1:]
    if len(words) == 4 and words[0] == '-w':
        take(nats_wire.Connection(words[2]), words[3], words[1])
    elif len(words) in (2, 3):
        read(nats_wire.Connection(words[0]), *words[1:])
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main()
