#!/bin/sh
# Where rawio's files are, how they are called, and when there are none.
# shellcheck disable=SC2010,SC2012 # these names are plain
. "$(dirname "$0")/../lib.sh"

unset DEBUG HOME IP PROTO USER
# No relay stays behind when nothing is kept: the program is then no parent of
# descriptors that somebody else made.
plain() {
	is "$1: the program runs" "$(echo hello | rawio cat 2>err)" hello
	is "$1: rawio prints nothing" "$(cat err)" ''
	is "$1: the program has its own descriptors" \
		"$(rawio readlink /proc/self/fd/0 </dev/null 2>err)" /dev/null
	is "$1: with DEBUG, the message gives the reason" \
		"$(DEBUG='' rawio true 2>&1)" \
		"rawio: info: nothing will be kept: $2"
	is "$1: with -v, the message gives the reason" "$(rawio -v true 2>&1)" \
		"rawio: info: nothing will be kept: $2"
}
plain "no HOME, no directory" "./dovecot.rawlog is not there"
HOME=$T/home
export HOME
plain "no home" "$T/home/dovecot.rawlog is not there"
mkdir home elsewhere
ln -s "$T/elsewhere" home/dovecot.rawlog
plain "a link" "$T/home/dovecot.rawlog is not a directory"
is "nothing came through the link" "$(ls elsewhere)" ''
ln -s "$T/elsewhere" link
is "-d to a link with a slash: not followed" \
	"$(DEBUG='' rawio -d link/ true 2>&1)" \
	'rawio: info: nothing will be kept: link/ is not a directory'
rm home/dovecot.rawlog
: >home/dovecot.rawlog
plain "a file" "$T/home/dovecot.rawlog is not a directory"
rm home/dovecot.rawlog
mkdir home/dovecot.rawlog

before=$(date +%Y%m%d-%H%M%S)
sh -c 'echo $$ >pid; exec rawio cat' <"$top/LICENSE" >out 2>err
after=$(date +%Y%m%d-%H%M%S)
is "the program's standard error is empty" "$(cat err)" ''
(cd home/dovecot.rawlog && echo *) >names
stem=$(sed 's/\.in .*//' names)
is "two files, with the program's pid" "$(cat names)" "$stem.in $stem.out"
is "the names of the files have the program's process ID" \
	"${stem##*-}" "$(cat pid)"
printf '%s\n' "$before" "${stem%-*}" "$after" >span
ok "the names of the files have the local time of the start" sort -c span
relay_done() {
	cmp -s "$top/LICENSE" "home/dovecot.rawlog/$1"
}
ok "the .in file has the bytes sent to the program" \
	wait_for 10 relay_done "$stem.in"
ok "the .out file has the bytes from the program" \
	wait_for 10 relay_done "$stem.out"
is "nobody else may read the files" \
	"$(stat -c %a "home/dovecot.rawlog/$stem.in" "home/dovecot.rawlog/$stem.out" |
		sort -u)" 600

mkdir raw
(umask 0; rawio -d raw true)
is "without a umask, nobody else may read the files" \
	"$(stat -c %a raw/* | sort -u)" 600

# The relay may be the last to go: only a pipe's end tells that it has.
only() {
	rm -rf raw && mkdir raw
	is "-f $1: the session is whole" \
		"$(echo hello | rawio -d raw -f "$1" tr a-z A-Z)" HELLO
	is "-f $1: one file" "$(ls raw | sed 's/.*\.//')" "$1"
}
only in
is "-f in: the file has the bytes sent to the program" "$(cat raw/*)" hello
only out
is "-f out: the file has the bytes from the program" "$(cat raw/*)" HELLO

# A name that is there already is never touched. The names of the next seconds
# are taken, with the pid that rawio will have.
rm -rf raw && mkdir raw
cat >taken.sh <<'S'
perl -MPOSIX -e 'my $now = time;
	for my $second ($now .. $now + 300) {
		my $name = strftime "raw/%Y%m%d-%H%M%S-$ARGV[0]",
			localtime $second;
		symlink "$ENV{PWD}/victim", "$name.out" or die;
		open my $file, ">", "$name.1.in" or die;
		print $file "mine\n";
	}' $$
exec rawio -d raw echo hello
S
sh taken.sh
is "both of a pair get the same new number" \
	"$(cd raw && ls | sed -n 's/.*-\([0-9]*\.2\)/\1/p' | sed 's/^[0-9]*//')" \
	"$(printf '.2.in\n.2.out')"
is "files that were there are unchanged" "$(cat raw/*.1.in | sort -u)" mine
ok "nothing came through a link" [ ! -e victim ]

named() {
	rm -rf raw && mkdir raw
	"$@" >out 2>err
	ls raw | sed -n 's/-[0-9]*-[0-9]*-[0-9]*\.in$//p'
}
is "-I: the name has TCPREMOTEIP" \
	"$(PROTO=TCP TCPREMOTEIP=192.0.2.7 IP=192.0.2.8 \
	named rawio -I -d raw true)" 192.0.2.7
is "-I: the name has the address that Dovecot sets" \
	"$(IP=2001:db8::7 named rawio -I -d raw true)" \
	2001:db8::7
is "-I: bytes unfit for a name are replaced" \
	"$(IP=../../../tmp/x named rawio -I -d raw true)" \
	_._.._.._tmp_x
is "-I: the name has the address of the socket's peer" \
	"$(named perl "$top/tests/tools/peer.pl" end \
	rawio -I -d raw true)" 127.0.0.1
rm -rf raw && mkdir raw
rawio -I -d raw true </dev/null
is "-I: the name without a known address" \
	"$(ls raw | grep -Ec '^[0-9]{8}-[0-9]{6}-')" 2

# A directory of the user's own.
rm -rf raw && mkdir -p raw/joe@example.org raw/100% outside
is "%u: the session is whole" "$(echo hello |
	USER=joe@example.org rawio -d raw/%u tr a-z A-Z)" HELLO
is "%u: the files are in the user's directory" \
	"$(cat raw/joe@example.org/*)" "hello
HELLO"
ok "%n %d %h %%: the files are there" sh -c \
	'USER=joe@raw HOME=$PWD rawio -d %h/%d/100%% true && [ "$(ls raw/100%)" ]'
# without VALUE ARGUMENT...: the program runs, no file is made, and err is what
# rawio says without and with -v.
without() {
	value=$1
	shift
	find . | sort >before
	is "USER='$value': the program runs" "$(echo hello |
		USER=$value rawio -d "raw/%u" "$@" cat 2>err)" hello
	find . | sort >after
	same "USER='$value': no file is made" before after
}
touch before after err
for value in ../outside .. . / joe/../../outside .hidden "$(printf 'a\nb')" "$(printf 'a\033[mb')"; do
	without "$value"
	is "USER='$value': a warning tells that" "$(cat err)" "rawio: warning: the \
value of %u in raw/%u can't be a directory's name, so nothing will be kept"
done
without ''
is "no value: rawio prints nothing" "$(cat err)" ''
without '' -v
is "no value: with -v, the message gives the reason" "$(cat err)" \
	'rawio: info: nothing will be kept: %u in raw/%u has no value'
without nobody -v
is "no directory: with -v, the message gives the reason" "$(cat err)" \
	'rawio: info: nothing will be kept: raw/nobody is not there'
long=$(printf '%04200d' 0)
is "a long HOME: the program runs" "$(echo hello | HOME=$long rawio cat 2>err)" \
	hello
is "a long HOME: a warning tells that" "$(cat err)" "rawio: warning: unable to \
open directory \$HOME/dovecot.rawlog, so nothing will be kept: File name too long"
done_testing
