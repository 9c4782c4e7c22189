# The part `ship` of the bench: rlogship beside libnats alone and beside omrelp of
# rsyslog, rlogfetch, their memory, and what a shipper that reads costs rlog and
# recio. It needs nats-server; RELP needs rsyslog as package/deps fetches it.
use strict;
use warnings;

our ($runs, $build, $dir);
my $top = "$FindBin::Bin/../..";
$ENV{PATH} .= ":/usr/sbin:$top/build/packages/nats-server/usr/sbin";

# The servers of a cluster, or one server, in the directory nats; they end with
# the bench.
my (@servers, $nats);

sub free_ports {
	my @listeners = map { IO::Socket::INET->new(Listen => 1,
		LocalAddr => '127.0.0.1') or die } 1 .. shift;
	return map { $_->sockport } @listeners;
}

# start(COMMAND...): returns its pid.
sub start {
	my @command = @_;
	my $pid = fork // die;
	return $pid if $pid;
	open STDOUT, '>', '/dev/null';
	open STDERR, '>', '/dev/null';
	exec @command or die;
}

# Seconds of processor time of all children that were waited for; times() counts
# hundredths.
sub children_time {
	my $used = pack 'q18';
	syscall 98, -1, $used;	# getrusage, RUSAGE_CHILDREN
	my ($user, $user_part, $system, $system_part) = unpack 'q4', $used;
	return $user + $system + ($user_part + $system_part) / 1e6;
}

sub until_true {
	my ($what, $code) = @_;
	for (1 .. 6000) {
		return if $code->();
		select undef, undef, undef, 0.01;
	}
	die "timed out: $what\n";
}

sub start_servers {
	my ($count) = @_;
	my @ports = free_ports($count);
	my @routes = free_ports($count);
	mkdir 'nats';
	for my $n (0 .. $count - 1) {
		open my $f, '>', "nats/$n.conf" or die;
		print $f "server_name: n$n\nhost: 127.0.0.1\nport: $ports[$n]\n",
			"log_file: \"$dir/nats/$n.log\"\n",
			"jetstream { store_dir: \"$dir/nats/$n\" }\n";
		print $f "cluster { name: bench, host: 127.0.0.1, ",
			"port: $routes[$n], routes: [",
			join(',', map { "nats://127.0.0.1:$_" } @routes), "] }\n"
			if $count > 1;
		close $f;
		push @servers, start('nats-server', '-c', "nats/$n.conf");
	}
	$nats = join ',', map { "127.0.0.1:$_" } @ports;
	# A cluster that has no leader yet does not answer.
	until_true('a stream', sub { system("$top/doc/examples/nats/make-stream " .
		"-r $count $nats BENCH 'bench.>' >/dev/null 2>&1") == 0 });
}

sub end_servers {
	kill 'KILL', @servers;
	waitpid $_, 0 for @servers;
	@servers = ();
	system 'rm -rf nats';
}
END { local $?; end_servers() }

my $subject = 0;	# each run has its own
my $first;		# that of the log that make_log ships

# shipped(BYTES): ships the log d.
sub shipped {
	my ($bytes) = @_;
	return sub {
		$subject++;
		seconds("rlogship -1 -b $bytes -n h/s$subject " .
			"nats://$nats/BENCH/bench.$subject d 2>/dev/null");
	};
}

# loaded(BYTES, OPTION): publishes the objects that rlogship sends, by libnats
# alone.
sub loaded {
	my ($bytes, $option) = @_;
	return sub {
		$subject++;
		seconds("$build/tests/tools/nats-load $option nats://$nats " .
			"BENCH bench.$subject $bytes <sent");
	};
}

# make_log(N): files `lines`, and `d`, a log of them.
sub make_log {
	my ($number) = @_;
	open my $f, '>', 'lines' or die;
	printf $f "%d < line number %d of a log that is shipped\n", $_ % 30000, $_
		for 1 .. $number;
	close $f;
	system('rm -rf d; rlog t s16777215 n100 ./d <lines') == 0 or die;
}

# File `sent`: the objects that rlogship makes of the log.
sub make_sent {
	shipped('256k')->();
	$first = $subject;
	system("$top/tests/tools/read-stream.py $nats BENCH | " .
		"perl -MMIME::Base64 -ne '/\"data\": \"([^\"]*)\"/ and " .
		"print decode_base64(\$1)' >sent") == 0 or die;
}

# Fetches all that the stream has of one subject.
sub fetched {
	system 'rm -rf fetched';
	seconds("rlogfetch -1 nats://$nats/BENCH/bench.$first " .
		'fetched s16777215 n100 2>/dev/null');
}

# The most memory that a process has had so far, KiB.
sub memory_of {
	my ($pid) = @_;
	open my $f, '<', "/proc/$pid/status" or return;
	my ($most) = map { /^VmHWM:\s+(\d+)/ } <$f>;
	return $most;
}

# memory(COMMAND): the most memory that it has until its end, KiB; read every
# millisecond. SUBJECT is a new subject.
sub memory {
	my ($command) = @_;
	return sub {
		$subject++;
		my $pid = start(split / /, $command =~ s/SUBJECT/$subject/gr);
		my $most;
		while (my $now = memory_of($pid)) {
			$most = $now;
			select undef, undef, undef, 0.001;
		}
		waitpid $pid, 0;
		$? == 0 or die "failed: $command\n";
		return $most;
	};
}

sub ship_throughput {
	make_log(200_000);
	for my $count (1, 3) {
		start_servers($count);
		make_sent();
		compare("200,000 lines to a stream, R$count, -b $_",
			'seconds from the start of the program to its end',
			['libnats, our headers', loaded(1024 * s/k//r, '-h')],
			['libnats alone', loaded(1024 * s/k//r, '')],
			['rlogship', shipped($_)]) for '64k', '256k';
		compare("200,000 lines of a stream, R$count, to a log", 'seconds',
			['rlogfetch', \&fetched]);
		end_servers();
	}
}

sub ship_memory {
	make_log(200_000);
	start_servers(1);
	make_sent();
	compare('memory at the most, 200,000 lines', 'KiB',
		['rlogship', memory("rlogship -1 -n h/sSUBJECT " .
			"nats://$nats/BENCH/bench.SUBJECT d")],
		['rlogfetch', memory("rlogfetch -1 nats://$nats/BENCH/bench.$first " .
			'fetchedSUBJECT s16777215 n100')]);
	end_servers();
}

# rsyslog's programs and modules, unpacked; false if they were not fetched.
sub unpack_rsyslog {
	for my $name (qw(rsyslog rsyslog-relp librelp0 libestr0 libfastjson4)) {
		my ($package) = glob "$top/build/packages/${name}_*.deb"
			or return 0;
		system('dpkg', '-x', $package, 'rsyslog') == 0 or die;
	}
	return 1;
}

# start_rsyslog(NAME, CONFIGURATION): returns its pid.
sub start_rsyslog {
	my ($name, $configuration) = @_;
	my ($libraries) = glob "$dir/rsyslog/usr/lib/*-linux-*";
	system "rm -rf work.$name $name.pid; mkdir work.$name";
	open my $f, '>', "$name.conf" or die;
	print $f "global(workDirectory=\"$dir/work.$name\")\n$configuration\n";
	close $f;
	return start('env', "LD_LIBRARY_PATH=$libraries",
		"$dir/rsyslog/usr/sbin/rsyslogd", '-M', "$libraries/rsyslog", '-i',
		"$dir/$name.pid", '-n', '-f', "$dir/$name.conf");
}

# The server keeps what it acknowledges, as doc/examples/relp/rsyslog.conf does.
sub start_relp_server {
	my ($port) = free_ports(1);
	push @servers, start_rsyslog('server', <<"CONF");
module(load="imrelp")
input(type="imrelp" port="$port" address="127.0.0.1" ruleset="kept")
ruleset(name="kept" queue.type="Direct") {
	action(type="omfile" file="$dir/stored"
		template="RSYSLOG_SyslogProtocol23Format")
}
CONF
	until_true('rsyslog listens', sub {
		IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") });
	return $port;
}

my $relp_lines = 10_000;

sub all_stored {
	open my $f, '<', 'stored' or return 0;
	seek $f, -1000, 2;
	return !!grep { /line number $relp_lines / } <$f>;
}

# Starts a sender, waits until the server has stored all lines, and ends it.
# Returns the seconds by the clock, the sender's processor time and its memory in
# KiB.
sub relp_run {
	my ($start) = @_;
	# rsyslog keeps the file open.
	truncate 'stored', 0 if -e 'stored';
	my $began = time;
	my $pid = $start->();
	until_true('all lines are stored', \&all_stored);
	my $took = time - $began;
	my $memory = memory_of($pid);
	my $before = children_time();
	kill 'TERM', $pid;
	waitpid $pid, 0;
	return ($took, children_time() - $before, $memory);
}

# columns(CODE): code for each of three columns. That of the first runs CODE; the
# others return the rest of its results.
sub columns {
	my ($code) = @_;
	my @kept;
	return sub {
		my ($first, @others) = $code->();
		push @kept, \@others;
		return $first;
	}, map { my $column = $_; my $run = 0;
		sub { $kept[$run++][$column] } } 0, 1;
}

# Both read files and are told nothing of the lines before: rsyslog has no
# state, and rlogship no cursor.
sub ship_relp {
	make_log($relp_lines);
	if (!unpack_rsyslog()) {
		print "\nRELP: rsyslog was not fetched by package/deps\n";
		return;
	}
	my $port = start_relp_server();
	my @theirs = columns(sub { relp_run(sub {
		start_rsyslog('sender', <<"CONF") }) });
module(load="imfile")
module(load="omrelp")
input(type="imfile" file="$dir/lines" tag="lines")
action(type="omrelp" target="127.0.0.1" port="$port"
	template="RSYSLOG_SyslogProtocol23Format")
CONF
	my @ours = columns(sub { relp_run(sub {
		unlink 'cursor';
		start(qw(rlogship -c cursor -n h/s), "relp://127.0.0.1:$port",
			'd') }) });
	for my $unit ('seconds until the server has stored them',
		'seconds of processor time of the sender',
		'KiB of memory at the most') {
		compare('10,000 lines to rsyslog by RELP', $unit,
			['rsyslog, imfile and omrelp', shift @theirs],
			['rlogship', shift @ours]);
	}
	end_servers();
	system 'rm -rf stored rsyslog work.*';
}

# followed(COMMAND, CODE): what CODE measures while the command, which prints a
# line when it is ready, follows the log.
sub followed {
	my ($command, $measured) = @_;
	return sub {
		empty();
		$subject++;
		system('echo begin | rlog t ./d') == 0 or die;
		my $pid = open my $ready, '-|', 'sh', '-c', 'exec ' .
			($command =~ s/SUBJECT/$subject/gr) . ' 2>/dev/null' or die;
		<$ready>;
		my $took = $measured->();
		kill 'TERM', $pid;
		close $ready;
		return $took;
	};
}

sub trickle_lines {
	return 0 + `$build/tests/tools/trickle 20000 rlog t ./d 2>/dev/null`;
}

# Milliseconds of processor time of recio, its relay and `cat`. The relay is
# nobody's child: it becomes that of a process of its own.
sub recio_lines {
	pipe(my $out, my $in) or die;
	my $logger = fork // die;
	if (!$logger) {
		close $in;
		open STDIN, '<&', $out;
		exec 'rlog', 't', 's16777215', 'n100', './d';
	}
	close $out;
	my $used = readpipe_of(sub {
		syscall 157, 36, 1, 0, 0, 0;	# prctl, PR_SET_CHILD_SUBREAPER
		my $recio = fork // die;
		if (!$recio) {
			open STDERR, '>&', $in;
			open STDIN, '<', 'lines';
			open STDOUT, '>', '/dev/null';
			exec 'recio', 'cat';
		}
		close $in;
		1 while wait > 0;
		print 1000 * children_time();
	}, $in);
	waitpid $logger, 0;
	return $used;
}

# What the code prints in a process of its own. The file is closed here.
sub readpipe_of {
	my ($code, $file) = @_;
	my $pid = open(my $said, '-|') // die;
	if (!$pid) {
		$code->();
		$| = 1;
		require POSIX;
		POSIX::_exit(0);
	}
	close $file;
	my $line = <$said>;
	close $said;
	return $line;
}

sub ship_beside {
	start_servers(1);
	make_log(1_000_000);
	my @rows = (['alone', 'echo'], ['beside rlogread -f', 'rlogread -f d'],
		['beside rlogship', 'rlogship -d 1 -n h/sSUBJECT ' .
			"nats://$nats/BENCH/bench.SUBJECT d"]);
	compare('one line a write to rlog t, 20,000 times',
		'microseconds of processor time a line of rlog',
		map { ["rlog $_->[0]", followed($_->[1], \&trickle_lines)] } @rows);
	compare('1,000,000 lines through recio, records to rlog',
		'milliseconds of processor time of recio and cat',
		map { ["recio $_->[0]", followed($_->[1], \&recio_lines)] } @rows);
	end_servers();
}

1;
