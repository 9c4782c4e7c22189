#!/bin/sh
# exim4 and qpsmtpd, as Debian configures them, and the servers of the examples: a
# stranger can't send mail through them to other hosts, whether recio, rawio or
# no relay runs them.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/peer/strangers.sh"
# shellcheck disable=SC2034 # for qpsmtpd.sh
user=user password=password

# Debian's exim4, an "internet site". It takes a client without an address for a
# user of this machine.
if [ "$(id -u)" = 0 ]; then
	cp -R /etc/exim4 etc
	sed -i -e "s/^dc_eximconfig_configtype=.*/dc_eximconfig_configtype=internet/" \
		-e "s/^dc_local_interfaces=.*/dc_local_interfaces=''/" \
		etc/update-exim4.conf.conf
	update-exim4.conf -d "$T/etc" -o "$T/exim.conf"
	mkdir exim.spool
	chown Debian-exim:Debian-exim exim.spool
	sed -i -e "s,^spool_directory = .*,spool_directory = $T/exim.spool," \
		-e "s,^log_file_path = .*,log_file_path = $T/exim.spool/%slog," \
		-e 's/^host_lookup = .*/host_lookup =/' exim.conf
	is "exim4: its configuration has the rule for local users" \
		"$(grep -Ec '^ *hosts = : *$|^ *hosts = :$' exim.conf)" 1
	is "exim4 under recordio: an open relay" \
		"$(verdict recordio exim4 -C "$T/exim.conf" -bs)" relayed
	refuses exim4 exim4 -C "$T/exim.conf" -bs
	refuses "exim4 with -oMa" sh -c \
		'exec exim4 -C "$0" -bs -oMa "$TCPREMOTEIP"' "$T/exim.conf"
	# The examples' -oMa is enough, even where exim4 has no peer.
	for example in daemontools runit s6; do
		server=$(sed "s,/exim4 ,&-C $T/exim.conf ," \
			"$top/doc/examples/$example/smtpd/env/SMTPD")
		is "examples/$example: a stranger is refused" \
			"$(verdict recordio sh -c "exec $server")" refused
	done
	server=$(sed -n "s,^Environment=.*'SMTPD=\(.*\)'.*,\1,p" \
		"$top/doc/examples/systemd/smtpd-recorded.service" |
		sed "s,/exim4 ,&-C $T/exim.conf ,")
	is "examples/systemd: a stranger is refused" \
		"$(verdict recordio sh -c "exec $server")" refused
	# Started by another user: exim4 is setuid root.
	sed 's/^trusted_users = .*/trusted_users = uucp : nobody/' exim.conf \
		>trusting.conf
	chmod 1777 exim.spool
	: >log
	is "exim4 started by a trusted user: a stranger is refused" "$(verdict \
		setuidgid nobody recio sh -c \
		'exec exim4 -C "$0" -bs -oMa "$TCPREMOTEIP"' \
		"$T/trusting.conf")" refused
	verdict setuidgid nobody recio exim4 -C "$T/trusting.conf" -bs \
		>/dev/null
	is "exim4 started by another user: the log says that it has no peer" \
		"$(grep -o 'unable to show.*' log | sort -u)" \
		"unable to show exim4 its peer: it is setuid, setgid or has capabilities"
else
	skip "exim4 listens to root only" 20
fi
is "every document that runs exim4 tells it the client's address" \
	"$(grep -rE '(SMTPD=|tcpserver|^exec).*exim4' "$top/README.md" "$top/doc" |
		grep -v -e '-oMa')" ""

# qpsmtpd takes the client's address from tcpserver's environment.
# shellcheck source=tests/peer/qpsmtpd.sh
. "$top/tests/peer/qpsmtpd.sh"
refuses qpsmtpd ./qpsmtpd
done_testing
