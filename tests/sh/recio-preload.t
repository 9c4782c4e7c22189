#!/bin/sh
# Where recio is unable to show a program its peer, the session goes on and the
# log gives the reason. recio never preloads a file that another user than its
# owner could have written or replaced.
. "$(dirname "$0")/../lib.sh"
chmod 755 "$T"
version=$(recio --version)
mkdir -p opt/bin opt/lib/recio
cp "$BUILD/recio" "$BUILD/rawio" opt/bin
cp "$BUILD/companion.so" opt/lib/recio

# session RECIO...: runs it on a TCP socket; the client writes its input to got.
# The relay of the session before may still write to the log of that.
session() {
	rm -f log
	timeout 300 perl "$top/tests/tools/peer.pl" 'shut end gone' "$@" \
		>got 2>log 3>other
}

family='print unpack "S", getpeername STDIN'

# shown DESCRIPTION RECIO...: passes if the program sees its peer's address
# family, IPv4.
shown() {
	shown_what=$1
	shift
	session "$@" perl -e "$family"
	is "$shown_what: the program sees the session's peer" \
		"$(head -n 1 got)" "2<eof>"
}

# unshown DESCRIPTION NOTE RECIO...: passes if the program sees the relay's
# local socket and the log has NOTE.
unshown() {
	unshown_what=$1 note=$2
	shift 2
	session "$@" perl -e "$family"
	is "$unshown_what: not preloaded" "$(head -n 1 got)" "1<eof>"
	is "$unshown_what: the log has the reason" \
		"$(grep -o 'unable to show .*' log)" \
		"unable to show perl its peer: $note"
}

shown "recio in its build directory" recio
is "recio in its build directory: no warning" "$(grep -c -e unable -e 'ld\.so' log)" 0
shown "installed recio" opt/bin/recio
shown "installed rawio" opt/bin/rawio -d .
is "installed rawio: no warning" "$(cat log)" ""
ln -s opt/bin/recio link
shown "started through a link" ./link
cd opt/bin || exit 111
shown "started from its own directory" ./recio
cd ../.. || exit 111

object=$T/opt/lib/recio/companion.so
changed=": others than its owner could change it"
chmod 664 "$object"
unshown "the group may write to the companion" "$object$changed" opt/bin/recio
chmod 646 "$object"
unshown "all may write to the companion" "$object$changed" opt/bin/recio
chmod 644 "$object"
chmod 777 opt/lib/recio
unshown "all may write to the companion's directory" "$object$changed" opt/bin/recio
chmod 755 opt/lib/recio
chmod 777 opt/lib
unshown "all may write to its parent directory" "$object$changed" opt/bin/recio
chmod 1777 opt/lib
shown "all may write to a sticky parent directory" opt/bin/recio
chmod 775 opt/lib
unshown "a group may write to its parent directory" "$object$changed" opt/bin/recio
chmod 775 opt/bin
shown "the group may write to recio's directory as well" opt/bin/recio
chmod 755 opt/lib opt/bin
if [ "$(id -u)" = 0 ]; then
	for part in recio/companion.so recio; do
		chown nobody "opt/lib/$part"
		unshown "another user owns $part" "$object$changed" \
			opt/bin/recio
		chown 0 "opt/lib/$part"
	done
	chown -R nobody opt
	shown "the other user owns recio as well" opt/bin/recio
	chown -R 0 opt
else
	skip "only root can give files away" 5
fi
mv "$object" kept
mkdir "$object"
unshown "a directory has the companion's name" "$object$changed" opt/bin/recio
rmdir "$object"
mkfifo "$object"
unshown "a pipe has the companion's name" "$object$changed" opt/bin/recio
rm "$object"
for odd in 'a space' 'a:colon' 'a$dollar'; do
	cp -R opt "$odd"
	cp kept "$odd/lib/recio/companion.so"
	unshown "$odd in the companion's path" \
		"$T/$odd/lib/recio/companion.so: the linker takes no such name" \
		"$odd/bin/recio"
done

if [ -e /usr/local/lib/recio/companion.so ]; then
	skip "recio is installed here, and its companion would be found" 9
else
	gone='/usr/local/lib/recio/companion.so: No such file or directory'
	unshown "the companion is missing" "$gone" opt/bin/recio
	unshown "the companion is missing, with -d" "$gone" opt/bin/recio -d
	unshown "rawio: the companion is missing" "$gone" opt/bin/rawio -d .
	# Neither the current directory nor the environment is searched.
	cp kept companion.so
	unshown "a companion in the current directory is not used" "$gone" \
		env LD_LIBRARY_PATH="$T" LIBDIR="$T" opt/bin/recio
	rm companion.so
	is "a session of pipes needs no companion" \
		"$(opt/bin/recio true </dev/null 2>&1 | grep -c unable)" 0
fi
mv kept "$object"

# Programs into which the dynamic linker preloads nothing.
cp "$(command -v cat)" own
chmod u+s,a+rx own
privileged='it is setuid, setgid or has capabilities'
if [ "$(id -u)" = 0 ] && command -v setuidgid >/dev/null; then
	session setuidgid nobody opt/bin/recio ./own
	is "a setuid program: the log has the reason without -v" \
		"$(grep -o 'unable.*' log)" \
		"unable to show ./own its peer: $privileged"
	session opt/bin/recio -f in ./own
	is "a setuid program that its owner starts: no warning" "$(grep -c unable log)" 0
	chmod u-s own
	chgrp nogroup own
	chmod g+s own
	session opt/bin/recio ./own
	is "a setgid program: the log has the reason without -v" \
		"$(grep -o 'unable.*' log)" \
		"unable to show ./own its peer: $privileged"
	(PATH=$T:$PATH && session opt/bin/rawio -d . own)
	is "rawio warns of a setgid program found in PATH" "$(cat log)" \
		"rawio: warning: unable to show own its peer: $privileged"
else
	skip "only root can be two users, and setuidgid is needed" 4
fi
if echo 'int main(void) { return 0; }' |
	gcc -static -x c -o static - 2>/dev/null; then
	session opt/bin/recio -v ./static
	is "a static program: the log has the reason with -v" "$(grep -o 'unable.*' log)" \
		"unable to show ./static its peer: it is linked statically"
	session opt/bin/recio ./static
	is "a static program: no warning without -v" "$(grep -c unable log)" 0
	printf '#!%s\n' "$T/static" >script
	chmod +x script
	session opt/bin/recio -v ./script
	is "a script run by a static program: the reason with -v" "$(grep -o 'unable.*' log)" \
		"unable to show ./script its peer: it is linked statically"
else
	skip "unable to link a static program" 3
fi
{
	printf '\177ELF\001\001\001'
	head -c 200 /dev/zero
} >foreign
chmod +x foreign
session opt/bin/recio -v ./foreign
is "a program of 32 bits: the log has the reason with -v" "$(grep -ao 'unable to s.*' log)" \
	"unable to show ./foreign its peer: it is for another kind of processor"
echo 'echo hello' >text
chmod +x text
session opt/bin/recio -v ./text
is "a script without an interpreter line: no warning" \
	"$(grep -c unable log)" 0
is "the installed recio was not replaced by the tests" "$(opt/bin/recio --version)" "$version"
done_testing
