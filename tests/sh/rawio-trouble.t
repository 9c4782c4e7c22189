#!/bin/sh
# What goes wrong with the files is said, and the session goes on.
# shellcheck disable=SC2010,SC2012 # these names are plain
. "$(dirname "$0")/../lib.sh"
yes 123456789 | head -c 300000 >bytes

# Each block has 512 bytes or 1024, by the shell. What counts is rawio's limit.
mkdir limited
(ulimit -f 64; rawio -d limited cat <bytes 2>err) | cat >out
same "a file that can't grow: the session goes on" out bytes
said() {
	grep -Eq '^rawio: warning: unable to write [-0-9]*\.(in|out): File too large: the rest of this session is not kept$' err
}
ok "a file that can't grow: a warning is printed" wait_for 10 said
is "a file that can't grow: only one warning is printed" "$(wc -l <err)" 1
for file in limited/*; do
	ok "${file##*.}: holds the beginning" cmp -n "$(stat -c %s "$file")" \
		"$file" bytes
done

if unshare -m true 2>/dev/null; then
	mkdir disk
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m sh -c 'mount -t tmpfs -o size=64k none disk || exit 9
		rawio -d disk cat <bytes 2>err2 | cat >out
		until grep -q "No space left on device: the rest" err2; do :; done'
	is "a full disk is said" $? 0
	same "a full disk: the session goes on" out bytes
else
	skip "no mount of its own here" 2
fi

# Nobody reads what it says, and the pipe is full.
mkdir stuck
mkfifo messages
exec 8<>messages
dd if=/dev/zero of=messages oflag=nonblock bs=4096 count=64 2>/dev/null
(ulimit -f 64; timeout 300 rawio -d stuck cat <bytes 2>&8) | cat >out
same "messages that nobody takes don't hold the session up" out bytes
exec 8>&-

mkdir removed
rawio -d removed sh -c 'rm -r removed; cat' <bytes 2>err | cat >out
same "a directory that is removed meanwhile" out bytes
is "a directory removed meanwhile: nothing is printed" "$(cat err)" ''

if [ "$(id -u)" = 0 ] && setpriv --reuid nobody true 2>/dev/null; then
	mkdir readonly
	chmod 755 . readonly
	out=$(setpriv --reuid nobody --clear-groups \
		"$(command -v rawio)" -d readonly echo said 2>err)
	is "a directory that can't be written: the session goes on" "$out" said
	is "a directory that can't be written: a warning is printed" \
		"$(cat err)" "rawio: warning: unable to create files in readonly, so nothing will be kept: Permission denied"
	chmod 700 readonly
	out=$(setpriv --reuid nobody --clear-groups \
		"$(command -v rawio)" -d readonly/none echo said 2>err)
	is "a directory that can't be looked at: the session goes on" "$out" said
	is "a directory that can't be looked at: a warning is printed" \
		"$(cat err)" "rawio: warning: unable to open directory readonly/none, so nothing will be kept: Permission denied"
else
	skip "not root" 4
fi

mkdir closed
is "2 is closed: the session goes on" "$(rawio -d closed echo said 2>&-)" said
is "2 is closed: the files are there" "$(ls closed | sed 's/.*\.//' | xargs)" \
	"in out"
cat >which.sh <<'S'
open=
for fd in 0 1 2; do
	[ ! -e /proc/$$/fd/$fd ] || open="$open $fd"
done
echo "$open" >which
S
rawio -d closed sh which.sh <&-
is "0 closed: 0 closed" "$(cat which)" " 1 2"
rawio -d closed sh which.sh </dev/null >&- 2>&-
is "1 and 2 closed: both closed" "$(cat which)" " 0"
done_testing
