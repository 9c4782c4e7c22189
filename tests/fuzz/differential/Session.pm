# One session of a stream with a real server behind recio -p: gives what the
# client got, what was recorded, and the logins that were used.
package Session;
use strict;
use warnings;
use Fcntl qw(F_DUPFD);
use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Socket;
use Time::HiRes qw(time);
use Stream qw(expand);
use Exporter 'import';
our @EXPORT_OK = qw(run_session);

# Seconds: how long a client waits for an answer, which may never come; until no
# more comes; at most for the first answer; and for the end, which Dovecot does not
# see behind a BDAT that is not complete.
use constant { ANSWER => 0.08, QUIET => 0.04, PATIENCE => 300, CLOSING => 60 };

# The most bytes without an answer that recio keeps.
use constant HELD => 16384;

# Becomes recio in front of the server: the client on descriptors 0 and 1, the
# record on 3, what the server says of itself on 2; the connection to a server
# that listens on 6 and 7, between which and 0 and 1 s6-ioconnect copies.
sub become_recio {
	my ($server, $protocol, %descriptor) = @_;
	my %high = map { $_ => fcntl($descriptor{$_}, F_DUPFD, 20) }
		keys %descriptor;
	POSIX::dup2($high{client}, $_) for 0, 1;
	POSIX::dup2($high{diary}, 2);
	POSIX::dup2($high{record}, 3);
	if ($high{connection}) {
		POSIX::dup2($high{connection}, $_) for 6, 7;
	}
	POSIX::close($_) for values %high;
	{
		exec 'recio', '-p', $protocol, '-n', 3, $server->{port}
			? 's6-ioconnect' : @{$server->{command}};
	}
	POSIX::_exit(127);
}

sub start {
	my ($server, $protocol) = @_;
	my $connection = $server->{port} && (IO::Socket::INET->new(
		PeerAddr => '127.0.0.1', PeerPort => $server->{port})
		or die "unable to connect to $server->{name}: $!\n");
	socketpair my $near, my $far, AF_UNIX, SOCK_STREAM, 0
		or die "unable to make a socket: $!\n";
	pipe my $record, my $record_end or die "unable to make a pipe: $!\n";
	open my $diary, '+>:raw', undef or die "unable to make a file: $!\n";
	my $pid = fork // die "unable to fork: $!\n";
	become_recio($server, $protocol, client => $far, diary => $diary,
		record => $record_end, $connection
			? (connection => $connection) : ()) if $pid == 0;
	return { pid => $pid, client => $near, record_from => $record,
		diary_file => $diary, received => '', record => '',
		local_port => $connection && $connection->sockport };
}

# Takes what is there until $done says so, or for $limit seconds.
sub take {
	my ($session, $limit, $done) = @_;
	my %to = (received => $session->{client},
		record => $session->{record_from});
	my $end = time + $limit;
	until ($done->()) {
		my $left = $end - time;
		my $open = IO::Select->new(map { $to{$_} }
			grep { !$session->{over}{$_} } keys %to);
		return 0 if $left <= 0 || !$open->count;
		for my $ready ($open->can_read($left)) {
			my ($what) = grep { $to{$_} == $ready } keys %to;
			my $n = sysread $ready, $session->{$what}, 65536,
				length $session->{$what};
			$session->{over}{$what} = 1 unless $n;
		}
	}
	return 1;
}

# A line more than there was, and it is whole, and in SMTP the last of its answer.
sub answered {
	my ($session, $before) = @_;
	return $session->{over}{received} ||
		length $session->{received} > $before &&
		$session->{received} =~ /^(?!\d\d\d-).*\n\z/m;
}

sub until_quiet {
	my ($session) = @_;
	for (1 .. 10) {
		my $before = length $session->{received};
		return unless take($session, QUIET, sub {
			length $session->{received} > $before
				|| $session->{over}{received} });
		return if $session->{over}{received};
	}
}

sub send_packets {
	my ($session, $stream, $new_login) = @_;
	my %last;
	my $unanswered = 0;
	for my $packet (@{$stream->{packets}}) {
		my $before = length $session->{received};
		my $text = expand($packet->{text}, sub {
			push @{$session->{logins}}, $new_login->();
			return $session->{logins}[-1];
		}, \%last, $session->{received});
		utf8::downgrade($text);
		$session->{sent} .= $text;
		syswrite $session->{client}, $text;
		$unanswered += length $text;
		$session->{flooded} = 1 if $unanswered > HELD;
		take($session, $packet->{waits} ? ANSWER : 0,
			sub { answered($session, $before) });
		$unanswered = 0 if length $session->{received} > $before;
		last if $session->{over}{received};
	}
	$session->{marks} = $last{marks} // [];
}

sub run_session {
	my ($server, $stream, $new_login) = @_;
	my $session = start($server, $stream->{protocol});
	$session->{logins} = [];
	$session->{sent} = '';
	take($session, PATIENCE, sub { answered($session, 0) });
	send_packets($session, $stream, $new_login);
	until_quiet($session);
	shutdown $session->{client}, 1;
	take($session, CLOSING, sub { $session->{over}{record} });
	unless ($session->{over}{record}) {
		$session->{hung} = 1;
		kill 'KILL', $session->{pid};
	}
	waitpid $session->{pid}, 0;
	close $session->{client};
	take($session, PATIENCE, sub { $session->{over}{record} });
	seek $session->{diary_file}, 0, 0;
	local $/;
	$session->{diary} = readline $session->{diary_file};
	delete @{$session}{qw(client record_from diary_file over)};
	return $session;
}

1;
