#!/usr/bin/env python3
"""Runs a program whose standard error is a terminal, and prints what the
terminal received, with ^M for CR.

usage: on-terminal.py [-1] [-b] [-k SIGNAL] [-r] PROGRAM ARGUMENT...
-1: standard output is the terminal, too; otherwise it is inherited.
-b: the program is in the background of the terminal.
-k: sends the signal once something is on the terminal.
-r: the terminal gives single keys, as a pager lets it.
The program reads standard input from here."""
import fcntl
import getopt
import os
import signal
import struct
import sys
import termios

options, command = getopt.getopt(sys.argv[1:], '1bk:r')
options = dict(options)
terminal, program = os.openpty()
fcntl.ioctl(program, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 60, 0, 0))
mode = termios.tcgetattr(program)
if '-r' in options:
    mode[3] &= ~termios.ICANON
termios.tcsetattr(program, termios.TCSANOW, mode)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(program, termios.TIOCSCTTY, 0)
    child = os.fork() if '-b' in options else 0
    if child:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255)
    if '-b' in options:
        os.setpgid(0, 0)
    os.dup2(program, 2)
    if '-1' in options:
        os.dup2(program, 1)
    os.close(terminal)
    os.execvp(command[0], command)
os.close(program)
text = b''
while True:
    try:
        more = os.read(terminal, 65536)
    except OSError:     # the last one has closed the terminal
        break
    if not more:
        break
    text += more
    if '-k' in options:
        os.kill(pid, getattr(signal, 'SIG' + options.pop('-k')))
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stderr.write(text.decode().replace('\r', '^M'))
sys.exit(status if status >= 0 else 128 - status)
