#!/bin/sh
# All commands of README.md do what they show (tests/examples.sh). They are run in
# a copy of the source tree, and what they install goes to a directory of the test.
# A display that begins with "#!" is a run script; there the service's address,
# 0 25, stands for 127.0.0.1 and the free port. package/check runs this test, so it
# can't be run by it: it only has to be there. make bench takes too long: its
# program has to be there.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/examples.sh"

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

readme_commands
readme_scripts
readme_targets

done_testing
