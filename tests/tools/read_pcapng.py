#!/usr/bin/env python3
"""Reads a pcapng file of rlogsess and checks what no other reader does.

usage: read_pcapng.py FILE DIRECTORY

Blocks and options must be whole, comments valid UTF-8 without control bytes,
the checksums of IP and TCP right, and each frame must continue its connection:
its first byte follows the last one of its direction, and it acknowledges all
bytes of the other one.  The bytes of the Nth connection, from 1, are written to
DIRECTORY/N.in and N.out, with a zero byte for each that was not captured; a
line for each connection tells its ends, flags and frames.
"""
import ipaddress
import os
import struct
import sys

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
# Comments of frames with bytes that the log does not have.
MADE_UP = {b'the end of the message is put back', b'the zeros are put in'}


def options(data):
    """The options of a block, as pairs of code and value."""
    found = []
    while data:
        code, length = struct.unpack_from('<HH', data)
        whole = (length + 3) // 4 * 4
        value, rest = data[4:4 + length], data[4 + length:4 + whole]
        assert len(value) == length and rest == bytes(whole - length)
        data = data[4 + whole:]
        if code == 0:
            assert not length and not data, 'options go on after their end'
            return found
        found.append((code, value))
    assert not found, 'options have no end'
    return found


def check_comment(value):
    text = value.decode()
    assert all(c >= ' ' and not '\x7f' <= c <= '\x9f' for c in text), text
    assert not set(text) & set('\u061c\u200e\u200f\u2028\u2029\u202e'), text


def word_sum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 65535) + (total >> 16)
    return total


class Frame:
    def __init__(self, packet, length):
        self.missing = length - len(packet)
        if packet[0] >> 4 == 4:
            self.read_ipv4(packet, length)
        else:
            self.read_ipv6(packet, length)
        tcp = self.tcp
        (self.sport, self.dport, self.sequence, self.next, offset, self.flags,
         window, check) = struct.unpack_from('>HHIIBBHH', tcp)
        header = offset >> 4 << 2
        assert window == 65535 and header == (32 if self.flags & SYN else 20)
        self.payload = tcp[header:]
        if self.missing:
            assert check == 0 and not self.payload.strip(b"\0")
        else:
            pseudo = self.addresses + struct.pack('>II', len(tcp), 6)
            assert word_sum(pseudo + tcp) == 65535, 'checksum of TCP'
        self.length = len(self.payload) + self.missing
        assert self.length <= 65495

    def read_ipv4(self, packet, length):
        assert packet[0] == 0x45 and packet[9] == 6
        assert struct.unpack_from('>H', packet, 2)[0] == length
        assert word_sum(packet[:20]) == 65535, 'checksum of IP'
        self.addresses, self.tcp = packet[12:20], packet[20:]

    def read_ipv6(self, packet, length):
        assert packet[0] == 0x60 and packet[6] == 6
        assert struct.unpack_from('>H', packet, 4)[0] == length - 40
        self.addresses, self.tcp = packet[8:40], packet[40:]

    def ends(self):
        half = len(self.addresses) // 2
        return ((self.addresses[:half], self.sport),
                (self.addresses[half:], self.dport))


class Connection:
    """Frames between two ends.  recorded has the bytes of the log alone."""

    def __init__(self, number, directory):
        self.next, self.acked, self.letters = {}, {}, ''
        self.names, self.frames, self.missing = {}, 0, 0
        self.recorded = [b'', b'']
        self.files = [open(os.path.join(directory, '%d.%s' % (number, name)),
                           'wb') for name in ('in', 'out')]

    def take(self, frame, inbound, comments):
        me, other = ((0, 1) if inbound else (1, 0))
        sender, receiver = frame.ends()
        assert self.names.setdefault(me, sender) == sender
        assert self.names.setdefault(other, receiver) == receiver
        if me in self.next:
            assert frame.sequence == self.next[me], 'sequence'
        if frame.flags & ACK:
            assert frame.next == self.next.setdefault(other, frame.next), 'ack'
        size = frame.length + bool(frame.flags & (SYN | FIN))
        self.next[me] = (frame.sequence + size) % 2 ** 32
        self.files[me].write(frame.payload + bytes(frame.missing))
        if not MADE_UP & comments:
            self.recorded[me] += frame.payload
        self.frames += 1
        self.missing += frame.missing
        for bit, letter in ((SYN, 'S'), (FIN, 'F'), (RST, 'R')):
            if frame.flags & bit:
                self.letters += letter.lower() if me else letter

    def show(self):
        for file in self.files:
            file.close()
        ends = ' '.join('%s,%d' % (ipaddress.ip_address(a), p)
                        for a, p in (self.names[0], self.names[1]))
        return '%s %s %d %d' % (ends, self.letters or '-', self.frames,
                                self.missing)


def blocks(data):
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from('<II', data, at)
        assert length % 4 == 0 and 12 <= length <= len(data) - at
        assert struct.unpack_from('<I', data, at + length - 4)[0] == length
        yield kind, data[at + 8:at + length - 4]
        at += length


def read(data, directory):
    interfaces, connections, last = 0, [], {}
    for kind, body in blocks(data):
        if kind == 0x0a0d0d0a:
            assert body[:16] == struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1)
            interfaces = 0
            options(body[16:])
        elif kind == 1:
            assert body[:8] == struct.pack('<HHI', 101, 0, 0)
            assert dict(options(body[8:]))[9] == b'\x09'
            interfaces += 1
        else:
            assert kind == 6
            interface, _, _, captured, length = struct.unpack_from('<5I', body)
            assert interface < interfaces and captured <= length
            padded = (captured + 3) // 4 * 4
            frame = Frame(body[20:20 + captured], length)
            found = options(body[20 + padded:])
            for code, value in found:
                if code == 1:
                    check_comment(value)
            inbound = dict(found)[2] == b'\x01\0\0\0'
            key = tuple(sorted(frame.ends()))
            known = last.get(key)
            if known is None or frame.flags & (SYN | ACK) == SYN:
                known = last[key] = Connection(len(connections) + 1, directory)
                connections.append(known)
            known.take(frame, inbound,
                       {value for code, value in found if code == 1})
    return connections


def main():
    with open(sys.argv[1], 'rb') as file:
        data = file.read()
    for connection in read(data, sys.argv[2]):
        print(connection.show())


if __name__ == '__main__':
    main()
