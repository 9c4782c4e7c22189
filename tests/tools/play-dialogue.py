#!/usr/bin/env python3
"""Plays a dialogue through recio, each packet after the one before has passed.

usage: play-dialogue.py COMMAND [ARG...] <STEPS

COMMAND is recio with its options, without a program.  A step is a line, "< TEXT"
of the client or "> TEXT" of the server, with CR LF after it; \\xHH is a byte.
"+ TEXT" is a line of the same packet as the one before, and "[EOF]" as TEXT the
end of a side.  Descriptor 2 of COMMAND has the records.
"""
import os
import re
import socket
import subprocess
import sys


def packets(lines):
    found = []
    for line in lines:
        direction, text = line.rstrip('\n').split(' ', 1)
        data = None
        if text != '[EOF]':
            data = re.sub(rb'\\x(..)', lambda m: bytes([int(m.group(1), 16)]),
                          text.encode()) + b'\r\n'
        if direction == '+':
            found[-1][1] += data
        else:
            found.append([direction, data])
    return found


def read_all(read, length):
    while length:
        data = read(min(length, 65536))
        assert data, 'the other side has ended'
        length -= len(data)


def main():
    steps = packets(sys.stdin)
    os.closerange(3, 256)       # those of make, say
    client, inherited = socket.socketpair()
    from_driver, to_server = os.pipe()
    from_server, to_driver = os.pipe()
    # The server: what it reads is passed to this program, and what this program
    # writes is its answer.
    script = ('exec 9<&0 0<&-; cat <&9 >&%d %d<&- 9<&- & exec 9<&- %d>&-; '
              'cat <&%d; exec >&-; wait'
              % (to_driver, from_driver, to_driver, from_driver))
    assert to_driver < 9, 'a shell knows descriptors of one digit'
    process = subprocess.Popen(
        sys.argv[1:] + ['sh', '-c', script], stdin=inherited, stdout=inherited,
        pass_fds=(from_driver, to_driver))
    inherited.close()
    os.close(from_driver)
    os.close(to_driver)
    for direction, data in steps:
        if direction == '<' and data is None:
            client.shutdown(socket.SHUT_WR)
        elif data is None:
            os.close(to_server)
            to_server = None
        elif direction == '<':
            client.sendall(data)
            read_all(lambda n: os.read(from_server, n), len(data))
        else:
            os.write(to_server, data)
            read_all(client.recv, len(data))
    client.shutdown(socket.SHUT_WR)
    while os.read(from_server, 65536):      # the client ends first
        pass
    if to_server is not None:
        os.close(to_server)
    sys.exit(process.wait())


main()
