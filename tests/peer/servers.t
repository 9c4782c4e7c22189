#!/bin/sh
# What real servers say of a connection, each in its own words: tcpserver,
# tcpsvd, s6-ipcserver, rblsmtpd.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC

# A session on a port, or on a socket by name; from ADDRESS.
talk() {
	perl -MIO::Socket -e 'my ($to, $from) = @ARGV;
		my $s = $to =~ m{/} ? IO::Socket::UNIX->new(Peer => $to) :
			IO::Socket::INET->new(PeerAddr => "127.0.0.1",
				PeerPort => $to, LocalAddr => $from);
		exit 1 unless $s;
		print $s "EHLO me\r\nQUIT\r\n"; shutdown $s, 1;
		print while <$s>' "$@"
}

# LOG TEXT COUNT: so many lines of the log have this text.
has() {
	[ "$(grep -c -e "$2" "$1")" -ge "$3" ]
}

# ended LOG COUNT: so many sessions have, and the relay of the one that was
# served, which can outlive it. The program may end before its client does, so
# that the client's end is not recorded.
ended() {
	has "$1" ': end ' "$2" && has "$1" '> \[EOF\]' 1
}

server='echo 220 hi; read a; echo 250 ok; read a; echo 221 bye; exit 3'
printf '127.0.0.1:allow\n:deny\n' | tcprules rules.cdb rules.tmp
port=$(free_port)
spawn sh -c 'exec tcpserver -vHRl0 -x rules.cdb 127.0.0.1 "$1" recio sh -c "$2" \
	2>&1 | exec rlog t ./tcpserver' sh "$port" "$server"
ok "tcpserver is up" wait_for 10 has tcpserver/current 'status: 0/' 1
talk "$port" 127.0.0.1 >/dev/null
talk "$port" 127.0.0.2 >/dev/null
ok "tcpserver: two sessions have ended" \
	wait_for 10 ended tcpserver/current 2
is "tcpserver: one was served, one denied" \
	"$(rlogsess -o table tcpserver | cut -f 3,5,10,13,14 | sort)" \
	"$(printf '%s\n%s' '127.0.0.1	me	221 bye	3	-' \
		'127.0.0.2	-	-	100	-')"

port=$(free_port)
mkdir rules
: >rules/127.0.0.2
chmod 0 rules/127.0.0.2
spawn sh -c 'exec tcpsvd -vv -l0 -i rules 127.0.0.1 "$1" recio sh -c "$2" 2>&1 |
	exec rlog t ./tcpsvd' sh "$port" "$server"
ok "tcpsvd is up" wait_for 10 has tcpsvd/current 'listening on' 1
talk "$port" 127.0.0.1 >/dev/null
talk "$port" 127.0.0.2 >/dev/null
ok "tcpsvd: two sessions have ended" wait_for 10 ended tcpsvd/current 2
is "tcpsvd: one was served, one denied" \
	"$(rlogsess -o table tcpsvd | cut -f 3,5,10,13,14 | sort)" \
	"$(printf '%s\n%s' '127.0.0.1	me	221 bye	3	-' \
		'127.0.0.2	-	-	100	-')"
is "tcpsvd: rlogsess shows the ports" "$(rlogsess -o json tcpsvd |
	grep -c '"peer":"127.0.0.[12]","port":"[0-9]*"')" 2

spawn sh -c 'exec s6-ipcserver -v ./socket recio sh -c "$1" 2>&1 |
	exec rlog t ./s6' sh "$server"
ok "s6-ipcserver is up" wait_for 10 has s6/current 'status: 0/' 1
ok "s6-ipcserver serves a client" wait_for 10 talk ./socket
ok "s6-ipcserver: one session has ended" wait_for 10 has s6/current 'end pid' 1
wait_for 10 has s6/current '> \[EOF\]' 1
is "s6-ipcserver: rlogsess shows the session" \
	"$(rlogsess -o table s6 | cut -f 5,10,13,14 | head -n 1)" \
	"me	221 bye	3	-"

port=$(free_port)
spawn sh -c 'exec tcpserver -vHRl0 127.0.0.1 "$1" env RBLSMTPD="go away" \
	rblsmtpd recio sh -c "$2" 2>&1 | exec rlog t ./rbl' sh "$port" "$server"
ok "rblsmtpd is up" wait_for 10 has rbl/current 'status: 0/' 1
talk "$port" 127.0.0.1 >/dev/null
ok "rblsmtpd: one session has ended" wait_for 10 has rbl/current ': end ' 1
is "rblsmtpd: rlogsess shows its reply" "$(rlogsess -o table -r 451 rbl |
	cut -f 3,10,13,14)" "127.0.0.1	451 go away	0	-"
done_testing
