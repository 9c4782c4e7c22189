#!/bin/sh
# The documents: the man pages pass mandoc's lint, agree with --help, refer to
# pages that exist, and their examples, like all commands of README.md, do what
# they show.
#
# How an example is run (tests/tools/doc-examples.pl finds them):
# - "$ COMMAND" is run by one shell for each display, in one directory for each
#   page, and must succeed and print the lines that are shown below it. Process
#   IDs, labels, times and ports may differ.
# - Port 2525 stands for a free one.
# - Behind a background command others are repeated until they print what is
#   shown; if it listens on the port, that is waited for first.
# - README.md's commands are run in a copy of the source tree, and what they
#   install goes to a directory of the test. A display that begins with "#!" is
#   a run script; there the service's address, 0 25, stands for 127.0.0.1 and
#   the free port.
# - package/check runs this test, so it can't be run by it: it only has to be
#   there. make bench takes too long: its program has to be there.
. "$(dirname "$0")/../lib.sh"

LC_ALL=C.UTF-8
export LC_ALL
examples=$top/tests/tools/doc-examples.pl
port=$(free_port)
time_limit=60
pages=$(cd "$top/doc" && echo *.[1-8])

# In doc/, so that the pages find each other; MANPATH, so that no others count.
# The directory must be there: without any, mandoc looks for no pages at all.
lint() {
	(
		cd "$top/doc" || exit
		MANPATH=$T mandoc -T lint -W style -- *.[1-8]
	) >findings 2>&1
	sed 's/^/# /' findings
	[ ! -s findings ]
}

render() {
	mandoc -T ascii -O width=78 "$top/doc/$1" | sed "s/.$(printf '\b')//g"
}

# The lines on standard input that stand under the heading.
section() {
	awk -v want="$1" '/^[^ ]/ { on = ($0 == want); next } on'
}

squeeze() {
	tr -s ' \n' ' ' | sed 's/^ //; s/ $//'
}

# The syntax of each option or directive in the program's --help...
help_items() {
	"$1" --help | sed -n 's/^  \([^ ][^ ]*\( [^ ][^ ]*\)\{0,1\}\)  .*/\1/p'
}

# ...and in the lists of its page.
page_items() {
	sed -n '/\(follows\|^These directives .*\):$/,/^\.El/p' "$top/doc/$1" |
		sed -n 's/^\.It Fl /-/; s/^\.It Cm //; t item
			d; :item
			s/ Ns | Ns Cm /|/g; s/ Ns Cm @/@/; s/ Ns Ar //; s/ \(Ar\|Cm\) / /
			s/\\&//; p'
}

usage_agrees() {
	is "$2: SYNOPSIS is the usage line of --help" \
		"$(render "$2" | section SYNOPSIS | squeeze)" \
		"$("$1" --help | sed -n '1s/^usage: //p')"
	help_items "$1" | sort >help
	page_items "$2" | sort >page
	ok "$2: --help lists something" test -s help
	same "$2: it describes what --help lists, and nothing else" page help
}

references_exist() {
	sed -n 's/^\.Xr \([^ ]*\) \([1-8]\).*/\1.\2/p' "$top/doc/$1" | sort -u >xr
	[ -s xr ] || return 1
	while read -r other; do
		[ -f "$top/doc/$other" ] || {
			echo "# there is no $other"
			return 1
		}
	done <xr
}

# One shell runs the commands of a display: it reads them from descriptor 9.
# background is empty or, behind a background command, how many seconds others
# are repeated.
start_shell() {
	background=
	rm -f "$T/commands"
	mkfifo "$T/commands"
	spawn sh "$T/commands"
	exec 9>"$T/commands"
	echo "cd $1" >&9
}

end_shell() {
	exec 9>&-
	kill -s TERM -- "-$spawned"
	wait_for 10 gone "$spawned"
}

send() {
	echo ". $1.cmd </dev/null >$1.got 2>&1" \
		"; echo \$? >$1.status; mv $1.status $1.done" >&9
}

passes() {
	[ "$(cat "$1.done")" = 0 ] || return 1
	if [ "$page" = README.md ] && [ ! -s "$1.want" ]; then
		return 0
	fi
	"$examples" same "$1.want" "$1.got"
}

# True when there is nothing more to wait for.
settled() {
	[ -e "$1.done" ] || return 1
	passes "$1" || [ -z "$background" ] || {
		rm "$1.done"
		send "$1"
		return 1
	}
}

port_is_bound() {
	grep -qi "^ *[0-9]*: 0100007F:$(printf %04x "$port") 00000000:0000 0A" \
		/proc/net/tcp
}

after_background() {
	background=10
	if grep -qw "$port" "$1.cmd"; then
		wait_for 10 port_is_bound
	fi
}

run_command() {
	if [ "$(cat "$1.cmd")" = package/check ]; then
		ok "$page: package/check is there" test -x "$top/package/check"
		return
	fi
	send "$1"
	wait_for "${background:-$time_limit}" settled "$1"
	title=$(head -n 1 "$1.cmd" | tr -d "\\\\")
	if ! ok "$page: $title" passes "$1"; then
		diff "$1.want" "$1.got" | cat -v | sed 's/^/# /'
		return
	fi
	if grep -q '&$' "$1.cmd"; then
		after_background "$1"
	fi
}

# The names of the examples on standard input, taken out to directory $2.
take_out() {
	mkdir "$2"
	sed "s/\\b2525\\b/$port/g" | "$examples" "$1" "$2" >"$2/names"
}

page_examples() {
	page=$1
	mkdir "$T/$page"
	ln -s "$top/doc/examples/smtp-responder" \
		"$top/doc/examples/day-files" "$T/$page"
	render "$page" | section EXAMPLES >examples
	ok "$page: each display is an example or a configuration" \
		take_out man "$T/$page.examples" <examples
	ok "$page: it has examples" test -s "$T/$page.examples/names"
	run_all "$T/$page.examples" "$T/$page"
}

# Runs the displays in $1 in directory $2.
run_all() {
	display=
	while read -r name <&8; do
		[ -e "$name.cmd" ] || continue
		[ "${name%.*}" = "$display" ] || {
			[ -z "$display" ] || end_shell
			display=${name%.*}
			start_shell "$2"
		}
		run_command "$name"
	done 8<"$1/names"
	[ -z "$display" ] || end_shell
}

# What man shows and what mandoc shows must be the same to copy from; how far
# they indent it differs.
commands_shown() {
	section EXAMPLES | sed -n 's/^  *\([$] \)/\1/p'
}

renders_alike() {
	MANWIDTH=78 man -l "$top/doc/$1" 2>/dev/null | sed "s/.$(printf '\b')//g" |
		commands_shown >by-man
	render "$1" | commands_shown >by-mandoc
	[ -s by-mandoc ] || echo "there are none" >>by-mandoc
	same "$1: man and mandoc show the same commands" by-man by-mandoc
}

# A copy without what was built, so that other tests are left alone.
copy_tree() {
	mkdir "$T/copy"
	tar -C "$top" --exclude ./build --exclude ./.git -cf - . |
		tar -C "$T/copy" -xf -
}

needs_no_library() {
	readelf -d "$1" >dynamic && ! grep NEEDED dynamic
}

runs_in_little_memory() {
	echo line | softlimit -m 3000000 \
		"$T/installed/opt/recio/bin/rlog" t "$T/little" &&
		grep -q ' line$' "$T/little/current"
}

readme_commands() {
	page=README.md
	time_limit=300
	copy_tree
	ok 'README.md: its commands are found' \
		take_out readme "$T/readme" <"$top/README.md"
	(
		unset MAKEFLAGS MFLAGS MAKELEVEL
		DESTDIR=$T/installed
		export DESTDIR
		run_all "$T/readme" "$T/copy"
		echo "$test_n $test_failed" >"$T/counts"
	)
	read -r test_n test_failed <"$T/counts"
	for file in usr/local/bin/recio usr/local/bin/rlog opt/recio/bin/recio \
		opt/recio/share/man/man8/rlog.8; do
		ok "README.md: make install has installed /$file" \
			test -s "$T/installed/$file"
	done
	ok 'README.md: STATIC=1 makes a program that needs no library' \
		needs_no_library "$T/installed/opt/recio/bin/rlog"
	ok 'rlog.8: that rlog runs under softlimit -m 3000000' \
		runs_in_little_memory
}

logged() {
	tr -d '\r' <main/current | grep -q "^@[0-9a-f]* [0-9]* $1"
}

# The two run scripts, joined as a supervisor joins them.
readme_scripts() {
	mkdir "$T/service" "$T/bin"
	cd "$T/service" || exit 111
	ln -s "$top/doc/examples/smtp-responder" "$T/bin/qmail-smtpd"
	for script in "$T"/readme/*.script; do
		sed "s/\\b0 25\\b/127.0.0.1 $port/" "$script" >run
		chmod +x run
		if grep -qw "$port" run; then
			mv run service
		else
			mv run log
		fi
	done
	PATH=$T/bin:$PATH spawn sh -c './service | ./log'
	ok 'README.md: the service listens' wait_for 10 port_is_bound
	swaks --server "127.0.0.1:$port" --to joe@example.org --silent
	ok 'README.md: its log shows what the client said' \
		wait_for 10 logged '< RCPT TO:<joe@example.org> '
	ok "README.md: its log shows the server's answer" \
		wait_for 10 logged '> 221 goodbye '
	cd "$T" || exit 111
}

has_target() {
	make -C "$T/copy" -n "$1" >/dev/null
}

# Those that README.md names in a sentence.
readme_targets() {
	awk -F '`' '{ for (i = 2; i < NF; i += 2) if ($i ~ /^make /) print $i }' \
		"$top/README.md" >targets
	while read -r _ target; do
		ok "README.md: there is a make $target" has_target "$target"
	done <targets
	ok 'README.md: make bench has its program' test -x "$top/tests/bench/run"
}

ok "mandoc finds nothing to say" lint
for page in $pages; do
	ok "$page: its references exist" references_exist "$page"
	renders_alike "$page"
	page_examples "$page"
done
usage_agrees rawio rawio.1
usage_agrees recio recio.1
usage_agrees rlog rlog.8
usage_agrees rlogread rlogread.1
usage_agrees rlogsess rlogsess.1
readme_commands
readme_scripts
readme_targets

done_testing
