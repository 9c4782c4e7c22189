#!/bin/sh
# rlogship sends logs of two hosts, rlogfetch keeps them: the directories have
# the lines of the origins, and sessions of the same pid are not mixed.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/nats.sh"
needs_nats

nats_run 1
nats_stream RLOG 'rlog.>'
# A session on each host, of one pid and at the same time.
for line in ': from 192.0.2.1' '< EHLO HOST.example.org ' '> 250 ok ' \
	'< QUIT ' '> 221 bye ' ': exit 0'; do
	for host in mx1 mx2; do
		echo "7 $line" | sed "s/HOST/$host/" | rlog t s50k n1000 "./$host"
	done
done
for host in mx1 mx2; do
	{
		seq 1 2000 | sed 's/$/ is a line of no form \\ "/'
		head -c 300000 /dev/zero | tr '\0' x
		echo
	} | rlog t s50k n1000 "./$host"
	cat "$host"/@* "$host/current" >"$host.origin"
	rlogship -1 -n "$host/smtp" "nats://$nats/RLOG/rlog.$host" "$host" 2>err
	is "$host: rlogship sends the log" "$?$(cat err)" 0
done
rlogfetch -1 "nats://$nats/RLOG" out s30k n1000 2>err
is 'rlogfetch takes them' "$?$(cat err)" 0
for host in mx1 mx2; do
	cat "out/$host/smtp"/@* "out/$host/smtp/current" >got
	ok "$host: the stored lines are the origin's" cmp got "$host.origin"
done
rlogsess -o json out/*/smtp >sessions
is 'sessions of one pid on two hosts are two, with their own lines' \
	"$(sed 's/.*"in":\([0-9]*\),.*"helo":"\([^"]*\)".*/\2 \1/' sessions |
		sort | tr '\n' ' ')" 'mx1.example.org 26 mx2.example.org 26 '
done_testing
