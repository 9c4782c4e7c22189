#!/bin/sh
# Wrong use: one sentence, exit 100, and the program is not run.
. "$(dirname "$0")/../lib.sh"

mkdir raw
wrong() {
	rawio "$@" touch ran 2>err
	is "rawio $*: exit 100" $? 100
	is "rawio $*: one line is printed" "$(wc -l <err)" 1
	ok "rawio $*: the line begins with rawio:" grep -q '^rawio: ' err
}
wrong -x
is "an unknown option is named" "$(cat err)" \
	"rawio: fatal: unknown option '-x': --help lists the options"
wrong -f both
wrong -d ''
wrong -d raw/%s
is "an unknown field is refused" "$(cat err)" \
	'rawio: fatal: -d takes the fields %u, %n, %d, %r, %h and %%'
(
	SSLCTLFD=3
	export SSLCTLFD
	rawio -d raw touch ran 2>err
	echo $? >status
)
is "SSLCTLFD is refused" "$(cat status)" 100
ok "SSLCTLFD: the program is not run" [ ! -e ran ]
rawio 2>err
is "no program: exit 100" $? 100
ok "no program: the usage is printed" grep -q '^rawio: usage: rawio ' err
rawio -d 2>err
is "an option without its argument: exit 100" $? 100
is "an option without its argument is named" "$(cat err)" \
	"rawio: fatal: missing argument of option '-d'"
is "no file was made" "$(ls raw)" ''
rawio --help >help 2>err
is "--help: exit 0" $? 0
ok "--help: the text goes to stdout" grep -q '^usage: rawio ' help
is "--help: nothing goes to stderr" "$(cat err)" ''
rawio --version >version
is "--version: exit 0" $? 0
ok "--version: the text goes to stdout" grep -q '^rawio [0-9.]*$' version
rawio --help >/dev/full 2>/dev/null
is "--help to a full disk: exit 111" $? 111

for dir in raw none; do
	rawio -d $dir ./none 2>err
	is "$dir: 127 when there is no such program" $? 127
	is "$dir: a message says that there is no such program" "$(cat err)" \
		'rawio: fatal: unable to run ./none: No such file or directory'
	: >plain
	rawio -d $dir ./plain 2>err
	is "$dir: 126 when it can't be run" $? 126
done
done_testing
