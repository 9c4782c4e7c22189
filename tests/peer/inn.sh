# shellcheck shell=sh
# An INN of the test's own, from its unpacked packages: start_inn starts innd, which
# takes articles from feeders on port $innd and from nnrpd; $nnrpd is the command
# of a server for readers, for tcpserver; stop_inn ends innd. The user that logs in
# is $user.
# shellcheck disable=SC2154 # lib.sh and sessions.sh set the others
. "$top/tests/peer/unpacked.sh"
inn_programs=$T/inn2/usr/lib/news/bin

unpack_inn() {
	unpacked inn2 inn2-inews && cp -R inn2-inews/. inn2
}

# Started by root, INN is another user; started by others, it stays what it is.
inn_user=$(id -un) inn_group=$(id -gn) inn_command=
if [ "$(id -u)" = 0 ]; then
	inn_user=news inn_group=news
	inn_command='setpriv --reuid news --regid news --clear-groups'
fi
inn_command="$inn_command env INNCONF=$T/inn/inn.conf"
inn_command="$inn_command LD_LIBRARY_PATH=$T/inn2/usr/lib/news"

write_inn_conf() {
	cat <<EOF
mta: /bin/true
ovmethod: tradindexed
hismethod: hisv6
pathhost: inn.example.org
domain: example.org
pathnews: $T/inn
pathbin: $inn_programs
runasuser: $inn_user
runasgroup: $inn_group
enableoverview: true
wireformat: true
doinnwatch: false
nnrpdloadlimit: 0
port: $innd
icdsynccount: 1
tlscertfile: $T/inn/cert.pem
tlskeyfile: $T/inn/key.pem
EOF
	for path in etc db run log tmp spool; do
		echo "path$path: $T/inn"
	done
	for path in articles incoming outgoing overview archive; do
		echo "path$path: $T/inn/$path"
	done
}

write_readers_conf() {
	cat <<EOF
auth all {
	auth: "$inn_programs/auth/passwd/ckpasswd -f $T/inn/users"
}
access all {
	users: "*"
	newsgroups: "*"
	access: "RPI"
}
EOF
}

# Its configuration, an empty history, and one group.
make_inn() {
	chmod 711 .
	mkdir inn
	for path in articles incoming outgoing overview archive; do
		mkdir "inn/$path"
	done
	write_inn_conf >inn/inn.conf
	write_readers_conf >inn/readers.conf
	printf 'method tradspool {\nnewsgroups: *\nclass: 0\n}\n' >inn/storage.conf
	printf 'ME:*::\n' >inn/newsfeeds
	printf 'peer local { hostname: 127.0.0.1 streaming: true }\n' \
		>inn/incoming.conf
	for group in control control.cancel junk local.test; do
		printf '%s 0000000000 0000000001 y\n' "$group"
	done >inn/active
	for file in control.ctl moderators newsgroups active.times history \
		distrib.pats subscriptions; do
		: >"inn/$file"
	done
	printf '%s:%s\n' "$user" "$(openssl passwd -6 "$password")" >inn/users
	openssl req -x509 -newkey rsa:2048 -nodes -keyout inn/key.pem \
		-out inn/cert.pem -days 2 -subj /CN=inn.example.org 2>/dev/null
	chmod 600 inn/key.pem
	[ "$inn_user" = "$(id -un)" ] || chown -R "$inn_user:$inn_group" inn
	# shellcheck disable=SC2086 # words
	(cd inn && $inn_command "$inn_programs/makedbz" -i -o -s 1000)
	for part in dir index hash; do
		[ ! -e "inn/history.n.$part" ] ||
			mv "inn/history.n.$part" "inn/history.$part"
	done
}

start_inn() {
	innd=$(free_port)
	make_inn >inn.log 2>&1
	# shellcheck disable=SC2086 # words
	spawn $inn_command "$inn_programs/innd" -f -P "$innd" -4 127.0.0.1 \
		>>inn.log 2>&1
	inn=$spawned
	ok "innd listens on port $innd" wait_for 20 listening "$innd" ||
		sed 's/^/# /' inn.log
	# shellcheck disable=SC2034 # for the tests
	nnrpd="$inn_command $inn_programs/nnrpd -P $innd"
}

# It would look at a SIGTERM only when something else happens.
stop_inn() {
	kill -s KILL -- "-$inn"
}
