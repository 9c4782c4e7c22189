#!/bin/sh
# A log without any session, or any message: a sentence says how many lines were
# read, and what to try.  A filter that nothing passes is no such case.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC
smtp=$top/tests/samples/smtpd.log
queue=$top/tests/samples/qmail-send.log

# said DESCRIPTION MESSAGE ARGUMENT...: exit 0, and this on standard error.
said() {
	what=$1
	message=${2:+rlogsess: warning: $2}
	shift 2
	rlogsess "$@" >out 2>err
	is "$what: exit 0" $? 0
	is "$what" "$(cat err)" "$message"
}
lines=$(wc -l <"$queue")
said "a log of qmail-send without -M" \
	"no session in $lines lines, but messages of qmail-send: try -M" "$queue"
for form in flat table json csv stats; do
	said "-o $form: a log of qmail-send without -M" \
		"no session in $lines lines, but messages of qmail-send: try -M" \
		-o $form "$queue"
done
said "a filter, and a log of qmail-send without -M" \
	"no session in $lines lines, but messages of qmail-send: try -M" \
	-i 192.0.2.7 "$queue"
lines=$(wc -l <"$smtp")
said "-M: a log of sessions" \
	"no message in $lines lines, but sessions: try without -M" -M "$smtp"
cp "$smtp" again
said "-M: a log of sessions, read from standard input and a file" \
	"no message in $((2 * lines)) lines, but sessions: try without -M" \
	-M - "$smtp" <again
seq -f 'line %g' 100 >hundred
head -n 99 hundred >few
said "no session in many lines" \
	"no session in 100 lines: is it a log of tcpserver, recio or recordio? rlogread shows its lines" \
	hundred
said "-M: no message in many lines" \
	"no message in 100 lines: is it a log of qmail-send? rlogread shows its lines" \
	-M hundred
said "no session in few lines, as in a quiet log" "" few
said "no line at all" "" /dev/null
said "a filter that no session passes" "" -p 1 "$smtp"
said "-M: a filter that no message passes" "" -M -m nobody "$queue"
said "one session in many lines" "" - <<END
$(cat hundred)
4711 < EHLO me 
END
head -n 1 "$queue" >beginning
printf 'starting delivery 1: msg 12345 to local a\n' >next
rm -f state
said "-M: messages that are carried on" "" -M -k state beginning
said "-M: the lines of messages that are carried on" "" -M -k state next
said "-k: a state with open messages, and no line" "" -M -k state /dev/null
printf '%s\n' 'rlogsess state 1 messages 9' end >ended
said "-k: a state of messages that have ended, and no message in many lines" \
	"no message in 100 lines: is it a log of qmail-send? rlogread shows its lines" \
	-M -k ended hundred

# One that follows says it when it has read what is there.
mkdir dir
cp "$queue" dir/current
rm -f err
spawn sh -c 'exec rlogsess -f dir 2>err'
ok "-f: it is said while the log is followed" \
	wait_for 10 grep -q '^rlogsess: warning: no session in' err
kill "$spawned"
wait "$spawned"
is "-f: it is said once" "$(wc -l <err)" 1
done_testing
