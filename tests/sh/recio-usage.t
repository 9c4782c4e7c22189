#!/bin/sh
# Wrong use: one sentence, exit 100, and the program is not run.
. "$(dirname "$0")/../lib.sh"

wrong() {
	recio "$@" touch ran 2>err
	is "recio $*: exit 100" $? 100
	is "recio $*: one line is printed" "$(wc -l <err)" 1
	ok "recio $*: the line begins with recio:" grep -q '^recio: ' err
}
wrong -y
is "an unknown option is named" "$(cat err)" \
	"recio: fatal: unknown option '-y': --help lists the options"
wrong -vy
is "an unknown option behind others is named" "$(cat err)" \
	"recio: fatal: unknown option '-y': --help lists the options"
wrong --foo
is "an unknown long option is named" "$(cat err)" \
	"recio: fatal: unknown option '--foo': --help lists the options"
RECIO=-y recio -e touch ran-unrecorded 2>err
is "RECIO: an unknown option is named" "$(cat err)" \
	"recio: warning: nothing will be recorded: RECIO: unknown option '-y': --help lists the options"
wrong -r -x
wrong -f both
wrong -p ftp
wrong -w 0
wrong -w ten
wrong -k ten
wrong -k 1t
wrong -n 0
wrong -n 1
wrong -n -1
wrong -n 99999999999
wrong -T 0
wrong -T 86401
wrong -T 1s
ok "recio $*: the program is not run" [ ! -e ran ]
recio 2>err
is "no program: exit 100" $? 100
ok "no program: the usage is printed" grep -q '^recio: usage: recio ' err
recio -w 2>err
is "an option without its argument: exit 100" $? 100
is "an option without its argument is named" "$(cat err)" \
	"recio: fatal: missing argument of option '-w'"
recio --help >help 2>err
is "--help: exit 0" $? 0
ok "--help: the text goes to stdout" grep -q '^usage: recio ' help
is "--help: nothing goes to stderr" "$(cat err)" ''
recio --version >version
is "--version: exit 0" $? 0
ok "--version: the text goes to stdout" grep -q '^recio [0-9.]*$' version
recio --help >/dev/full 2>/dev/null
is "--help to a full disk: exit 111" $? 111
done_testing
