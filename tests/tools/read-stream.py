#!/usr/bin/env python3
"""Prints all messages of a stream in their order, an object of JSON a line:
sequence, subject, headers, and data in base64.

usage: read-stream.py HOST:PORT[,...] STREAM [SERVER]

With SERVER, the name of a server in a cluster, the messages are those that this
server has stored: a consumer that lives there reads them.
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


def print_message(reply, subject, headers, data):
    sequence, pending = (int(word) for word in (reply.split('.')[i]
                                                for i in (-4, -1)))
    print(json.dumps({'sequence': sequence, 'subject': subject,
                      'headers': headers,
                      'data': base64.b64encode(data).decode()}))
    return pending


def read(nats, stream, server):
    name = make_consumer(nats, stream, server)
    pending = nats.api('STREAM.INFO.' + stream)['state']['messages']
    while pending:
        subject, reply, headers, data = nats.message()
        if reply.startswith('$JS.ACK.%s.%s.' % (stream, name)):
            pending = print_message(reply, subject, headers, data)
        elif headers.get('Status') == '100' and reply:
            nats.publish(reply)
        elif 'Nats-Consumer-Stalled' in headers:
            nats.publish(headers['Nats-Consumer-Stalled'])
    nats.api('CONSUMER.DELETE.%s.%s' % (stream, name))


if __name__ == '__main__':
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    read(nats_wire.Connection(sys.argv[1]), sys.argv[2],
         sys.argv[3] if len(sys.argv) > 3 else None)
