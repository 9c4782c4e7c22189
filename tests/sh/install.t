#!/bin/sh
# Building and installing: what the user sets is honoured, a missing skalibs is
# named, and uninstall takes away what install brought.
. "$(dirname "$0")/../lib.sh"

# Built here, whatever the make that runs this test was told.
build() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u CC -u CFLAGS -u CPPFLAGS \
		-u LDFLAGS PATH="$path" make -s -j2 -C "$top" "$@" >out 2>&1
}

path=$(echo "$PATH" | sed "s,^$BUILD:,,")
version=$(sed -n 's/^version=//p' "$top/package/info")

files() {
	(cd "$1" && find . ! -type d | LC_ALL=C sort)
}

# A compiler that writes down what it is asked for.
cat >cc <<EOF
#!/bin/sh
echo "\$*" >>$T/asked
exec gcc "\$@"
EOF
chmod +x cc
ok "make, with variables of its own" build BUILD="$T/b" CC="$T/cc" \
	CFLAGS='-O1 -DFROM_CFLAGS' CPPFLAGS=-DFROM_CPPFLAGS \
	LDFLAGS=-Wl,-rpath,/from/ldflags all ||
	head -n 5 out | sed 's/^/# /'
is "no warning" "$(cat out)" ""
grep -e ' -c ' asked >compiled
grep -e " -o $T/b/r[a-z]* " asked >linked
ok "files were compiled" test -s compiled
ok "every program is linked by that compiler" test "$(grep -c . linked)" = \
	"$(wc -l <"$top/package/modes")"
for flag in -O1 -DFROM_CFLAGS -DFROM_CPPFLAGS -std=c11 -Wall; do
	is "every file is compiled with $flag" \
		"$(grep -cv -e " $flag " compiled)" 0
done
is "every program is linked with LDFLAGS" \
	"$(grep -cv -e '-Wl,-rpath,/from/ldflags ' linked)" 0
is "recio says its version" "$("$T/b/recio" --version)" "recio $version"
is "rlog says its version" "$("$T/b/rlog" --version)" "rlog $version"

path=/opt/recio/bin:$path
ok "make install" build BUILD="$T/b" DESTDIR="$T/dest" PREFIX=/opt/recio install
is "make install prints nothing" "$(cat out)" ""
for file in bin/recio bin/rlog share/man/man1/recio.1 share/man/man8/rlog.8 \
	share/man/man5/records.5 share/man/man5/rlogdir.5 \
	share/doc/recio/README.md share/doc/recio/LICENSE \
	bin/rlogread share/bash-completion/completions/rlogread \
	share/bash-completion/completions/rlogsess \
	bin/rlogfetch share/man/man1/rlogfetch.1 \
	share/bash-completion/completions/rlogfetch \
	share/zsh/site-functions/_rlogread share/zsh/site-functions/_rlogfetch \
	bin/rlogship share/man/man1/rlogship.1 \
	share/bash-completion/completions/rlogship \
	share/zsh/site-functions/_rlogship \
	lib/recio/companion.so lib/recio/companion-tls.so bin/rlogsess share/lnav/formats/recio/recio.json \
	share/doc/recio/examples/daemontools/smtpd/log/run; do
	ok "$file is installed" test -f "dest/opt/recio/$file"
done
is "nothing is installed elsewhere" \
	"$(files dest | grep -cv '^\./opt/recio/')" 0
is "the installed recio works" \
	"$(echo hello | dest/opt/recio/bin/recio cat 2>/dev/null)" hello
family='print unpack "S", getpeername STDIN'
peer_of() {
	perl "$top/tests/tools/peer.pl" end "$1" perl -e "$family" 2>/dev/null
}
is "the installed recio shows its peer to the program" \
	"$(peer_of dest/opt/recio/bin/recio)" "2<eof>"
of_libc='get(peername|sock(name|opt))|setsockopt|f?exec|posix_spawnp?$|system$|popen$'
exports_only() {
	is "$1.so exports only the functions that it replaces" \
		"$(nm -D --defined-only "dest/opt/recio/lib/recio/$1.so" |
			cut -d ' ' -f 3 | grep -cvE "^($2)")" 0
	is "$1.so needs no library but libc" \
		"$(readelf -d "dest/opt/recio/lib/recio/$1.so" |
			grep NEEDED | grep -cvE 'libc\.so|libdl\.so')" 0
}
exports_only companion "$of_libc"
exports_only companion-tls "$of_libc|SSL_|gnutls_"
is "example scripts are executable" \
	"$(find dest -name run ! -perm -111)" ""
ok "make uninstall" build BUILD="$T/b" DESTDIR="$T/dest" PREFIX=/opt/recio \
	uninstall
is "make uninstall leaves no file" "$(files dest)" ""

mkdir other
printf '#!/bin/sh\n' >other/rlog
chmod +x other/rlog
path=$T/other:$path
build BUILD="$T/b" DESTDIR="$T/dest" PREFIX=/opt/recio install
is "another rlog that comes first in PATH is warned of" "$(cat out)" \
	"warning: another rlog, $T/other/rlog, comes first in PATH"
path=${path#"$T/other:"}

ok "make STATIC=1" build BUILD="$T/static" STATIC=1 PREFIX="$T/built" all ||
	head -n 5 out | sed 's/^/# /'
for program in recio rlog; do
	is "$program needs no library" "$(
		readelf -d -l "static/$program" 2>&1 | grep -c -e NEEDED -e INTERP
	)" 0
done
is "the static recio works" \
	"$(echo hello | static/recio cat 2>/dev/null)" hello
is "the static recio shows its peer to the program" \
	"$(peer_of static/recio)" "2<eof>"
is "the static rlog works" "$(echo hello | static/rlog ./log && cat log/current)" \
	hello
# recio may be static, its companion is not.
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem \
	-days 2 -subj /CN=mx.example.org 2>/dev/null
cat >server.py <<'S'
import socket, ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('cert.pem', 'key.pem')
s = context.wrap_socket(socket.socket(fileno=0), server_side=True)
s.sendall(b'220 ' + s.recv(100))
s.unwrap()
S
printf '%s\n' T '>NOOP' '<' | python3 "$top/tests/tools/tls-peer.py" -V 1.3 sh -c \
	'exec static/recio -L -p smtp python3 server.py 2>inside' >said
is "the static recio looks inside of TLS: the session is whole" \
	"$(tail -n 1 said)" "exit 0"
ok "the static recio looks inside of TLS: the record is whole" \
	wait_for 20 grep -q '> \[EOF\]' inside
is "the static recio looks inside of TLS: the clear bytes are recorded" \
	"$(sed 's/^[0-9]* //; s/\r* *$//' inside | grep -v EOF)" \
	": TLS TLSv1.3 TLS_AES_256_GCM_SHA384
< NOOP
> 220 NOOP"

# Alone in a directory, recio uses the objects of the place it was built for.
mkdir alone
cp static/recio alone
built=$T/built/lib/recio/companion-tls.so
alone/recio -L touch ran 2>err </dev/null
is "without the object in the place of installation: the message names it" \
	"$(cat err)" "recio: fatal: unable to look inside of TLS: $built: No such file or directory"
ok "without the object in the place of installation: nothing is run" [ ! -e ran ]
install -D -m 644 static/companion-tls.so "$built"
alone/recio -L cat /proc/self/maps >maps 2>err </dev/null
ok "with the object in the place of installation: it is loaded" grep -qF "$built" \
	maps || sed 's/^/# /' err

sentence='recio needs skalibs, headers and libskarnet.a: on Debian install'
sentence="$sentence skalibs-dev, elsewhere see"
sentence="$sentence https://skarnet.org/software/skalibs/"
no_skalibs() {
	what=$1
	shift
	! build BUILD="$T/none" "$@" all
	report $? "$what: the build fails"
	is "$what: the message says once what to install" \
		"$(grep -Fcx "$sentence" out)" 1
	is "$what: nothing is compiled" "$(find none -name '*.o')" ""
}
no_skalibs "without its library" SKA_LIBS=-l:libnone.a
no_skalibs "without its headers" CC="gcc -nostdinc"
done_testing
