#!/bin/sh
# Servers of RELP that answer out of order, late, twice, never, with junk or 500,
# or that close: no message is taken for acknowledged that is not, none is lost,
# and the client connects anew.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/relp-peer.sh"

send_to_peer() {
	"$tools/relp-send" "relp://127.0.0.1:$relp_port" "$@" 2>&1
}

relp_peer 'open all'
is "messages that are acknowledged" "$(seq 3 | send_to_peer)" "sent 3"
is "are read once, in order" "$(read_by_peer)" "connect 1 1 2 1 3 1"
is "300 messages in windows of 128" "$(seq 300 | send_to_peer)" "sent 300"
is "are read once" "$(grep -c ' 2$' log)" 300

relp_peer 'open read:1 ok:1 read:4 ok:5,3,4,2 all'
is "answers in another order" "$(seq 5 | send_to_peer)" "sent 5"
is "acknowledge all the same" "$(read_by_peer)" "connect 1 1 2 1 3 1 4 1 5 1"

relp_peer 'open read:1 ok:1 read:4 ok:2,4 end' 'open all'
is "a gap in the answers before the end of the connection" \
	"$(seq 5 | send_to_peer)" \
	"the connection broke: the connection broke, 2
sent 5"
is "makes the client send from the gap on" "$(read_by_peer)" \
	"connect 1 1 2 1 3 1 4 1 5 1 connect 3 2 4 2 5 2"

relp_peer 'open read:1 ok:1 read:4 ok:2,2 hang' 'open all'
is "an answer that arrives twice ends the session" \
	"$(seq 5 | send_to_peer | head -n 1)" \
	"the server's answer makes no sense: unexpected answer of RELP, 2"

relp_peer 'open read:1 hang' 'open all'
is "no answer ends the session in time" "$(seq 2 | send_to_peer 3000)" \
	"the server did not answer in time: the server did not answer in time, 0
sent 2"
is "and the messages are sent again" "$(read_by_peer)" \
	"connect 1 1 connect 1 2 2 2"

relp_peer 'hang' 'say:220_smtp.example.org end' 'open all'
is "a server that says nothing, and one that speaks another protocol" \
	"$(seq 2 | send_to_peer 3000)" \
	"the server did not answer in time: the server did not answer in time, 0
the server's answer makes no sense: the server does not speak RELP, 0
sent 2"

relp_peer 'open read:1 ok:1 read:3 ok:2 no:3 ok:4 all' 'open read:1 no:1' \
	'open read:1 no:1' 'open all'
is "a message that is refused again and again" "$(seq 4 | send_to_peer)" \
	"the server refuses the request: 500 disk is full, 2
the server refuses the request: 500 disk is full, 0
the server refuses the request: 500 disk is full, 0
sent 4"
is "is sent alone, until it is taken" "$(read_by_peer)" \
	"connect 1 1 2 1 3 1 4 1 connect 3 2 connect 3 3 connect 3 4 4 4"

relp_peer 'open read:1 ok:1 read:2 say:3_rsp_6_200_OK\n0_serverclose_0\n hang' 'open all'
is "a server that announces its end" "$(seq 3 | send_to_peer)" \
	"the connection broke: the server closes the session, 2
sent 3"
is "gets no message twice that it has acknowledged" "$(read_by_peer)" \
	"connect 1 1 2 1 3 1 connect 3 2"

# A late answer of a session that was given up belongs to nobody.
relp_peer 'open read:2 hang' 'open say:3_rsp_6_200_OK\n hang' 'open all'
is "an answer to a message that was not sent yet" \
	"$(seq 2 | send_to_peer 3000 | tail -n 2)" \
	"the server's answer makes no sense: unexpected answer of RELP, 0
sent 2"

# Each answer is slow; all of them together last longer than the patience.
relp_peer 'open read:1 ok:1 read:4 pause:2 ok:2 pause:2 ok:3 pause:2 ok:4,5 all'
is "answers that are late" "$(seq 5 | send_to_peer 5000)" "sent 5"
is "are awaited as long as there is progress" "$(relp_connects)" 1

# An endless answer.
relp_peer "open read:1 say:2_rsp_999999999_x hang" 'open all'
is "an answer that is too long" "$(seq 2 | send_to_peer | head -n 1)" \
	"the server's answer makes no sense: the server does not speak RELP, 0"

# Told to end: what is in flight is awaited, no more is sent.
relp_peer 'open read:1 ok:1 read:3 hang'
seq 300 >lines
"$tools/relp-send" "relp://127.0.0.1:$relp_port" 100000 <lines >sent 2>&1 &
sender=$!
ok "the server has messages" wait_for 20 sh -c 'test "$(wc -l <log)" -ge 5'
kill "$sender"
wait "$sender"
is "a client that is told to end does not wait for ever" \
	"$(sed 's/: .*,/,/' sent)" "$(printf '%s\n' 'told to stop, 1' 'sent 0')"

is "no server listens" "$(seq 1 | "$tools/relp-send" \
	"relp://127.0.0.1:$(free_port)" | sed 's/:[0-9]*:/:PORT:/; q')" \
	"no server answers: 127.0.0.1:PORT: Connection refused, 0"
is "a host without an address" "$(seq 1 | "$tools/relp-send" \
	"relp://no.such.host.invalid" 3000 | sed 's/invalid:.*/invalid:/; q')" \
	"no server answers: no.such.host.invalid:"
relp_peer 'open all'
is "the second server of a URL takes the place of the first" \
	"$(seq 2 | "$tools/relp-send" \
		"relp://127.0.0.1:$(free_port),127.0.0.1:$relp_port")" "sent 2"
done_testing
