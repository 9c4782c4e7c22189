#!/bin/sh
# The command line of rlogfetch: wrong use is exit code 100, with a message.
. "$(dirname "$0")/../lib.sh"

url=nats://127.0.0.1:1/RLOG
# refused WORDS... : exit code 100, and the message has $why.
refused() {
	timeout 60 rlogfetch "$@" >out 2>err
	[ $? -eq 100 ] && [ ! -s out ] && grep -qF -- "$why" err
}

why='usage: rlogfetch'
ok 'without a url: the usage' refused
why='invalid url'
ok 'an invalid url' refused nothing
ok 'a url with a password' refused nats://user:secret@h/RLOG
is 'the message has no password' "$(grep -c secret err)" 0
ok 'a url of RELP' refused relp://h
why='unknown option'
ok 'an unknown option' refused -x "$url"
ok 'an unknown long option' refused --nothing "$url"
why='missing argument of'
ok 'an option without its argument' refused -c
why='invalid time'
ok 'an invalid time' refused -S never "$url"
why='invalid sequence'
ok 'an invalid sequence' refused -n 0 "$url"
ok 'a sequence that is no number' refused -n x "$url"
why='exclude each other'
ok '-n and -S' refused -n 1 -S now "$url"
why='invalid descriptor'
ok 'a descriptor that is not open' refused -d 77 "$url"
why='directive t: this program does not take it'
ok 'a directive that changes lines' refused "$url" out t
why='directive sx: a size must follow'
ok 'a wrong directive' refused "$url" out sx
why='unable to take directives of '\''none'\'': No such file or directory'
ok 'a file of directives that is not there' refused -D none "$url" out
why='unable to take directives of '\''.'\'': Is a directory'
ok 'a directory in its place' refused -D . "$url" out
printf 's4096\0n5' >nul
why='it is no text'
ok 'a file with a NUL' refused -D nul "$url" out
head -c 65537 /dev/zero | tr '\0' '#' >long
why='File too large'
ok 'a file of directives that is too long' refused -D long "$url" out
printf '# limits\ns4096\n\nsx\n' >wrong
why='directive sx: a size must follow'
ok 'a wrong directive in a file' refused --directives wrong "$url" out
why='-D needs a directory'
ok 'directives for standard output' refused -D wrong "$url"
ok 'no directory was made' test ! -e out/.cursor
echo 'my file' >mine
why='is not a cursor file of rlogfetch'
ok 'a cursor that is another file' refused -c mine "$url"
is 'which is left alone' "$(cat mine)" 'my file'
printf 'rlogfetch cursor 1\n1 0 5 1 OTHER/x.>\n' >other
why='other is the cursor of another url: OTHER/x.>'
ok 'a cursor of another stream' refused -c other "$url"
timeout 60 rlogfetch -c none/cursor "$url" >out 2>err
is 'a cursor that cannot be written is exit code 111' "$? $(cat out err)" \
	'111 rlogfetch: fatal: unable to write none/cursor: No such file or directory'
echo key >key
chmod 0644 key
ln key cert
why=KEYFILE
ok 'a key that others may read' env KEYFILE="$T/key" CERTFILE="$T/cert" \
	sh -c 'rlogfetch "$1" 2>err; [ $? -eq 100 ] && grep -q "$2" err' - \
	"$url" "$why"
: >file
rlogfetch "$url" file 2>err
is 'a directory that is a file is exit code 111' "$?" 111
ok 'the message names it' grep -q \
	'^rlogfetch: fatal: unable to open directory file: Not a directory' err
is '--version' "$(rlogfetch --version)" "$(rlog --version | sed s/rlog/rlogfetch/)"
done_testing
