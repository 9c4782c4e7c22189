# One storm, as it was planned: rlog lives again and again on the same input, each
# life with a script of its own, until a signal or the input's end ends it. In
# which life a line was written is kept for the model.
package StormRun;
use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use POSIX ':sys_wait_h';
use Time::HiRes qw(sleep time);
use Crash;
use StormPlan 'REST';

our @EXPORT_OK = 'carry_out';

# Whoever runs this in the background may have had them ignored.
$SIG{$_} = 'DEFAULT' for qw(INT HUP TERM ALRM QUIT);

use constant {
	F_SETPIPE_SZ => 1031,
	FIONREAD => 0x541b,
	PIPE => 1 << 20,
	LIMIT => 300,		# seconds to end in
	STALL => 20,		# seconds in which it may take no input
	# A line can begin before its end is there when the ring is full: of its
	# size, less than a block before the line and less than a packet behind
	# it may be without use.
	RING => 262_144 - 2 * 4096,
	MARK => 'mark',
	READY => 9,
};

sub open_pipe {
	my ($run) = @_;
	pipe $run->{out}, $run->{in} or die "pipe: $!";
	fcntl $run->{in}, F_SETPIPE_SZ, PIPE;
	fcntl $run->{in}, F_SETFL, O_NONBLOCK | fcntl $run->{in}, F_GETFL, 0;
	$run->{eof} = 0;
	$run->{untouched} = 1;
}

sub close_input {
	my ($run) = @_;
	close $run->{in} if !$run->{eof};
	$run->{eof} = 1;
}

sub unread {
	my ($run) = @_;
	my $n = pack 'i', 0;
	ioctl $run->{out}, FIONREAD, $n or die "FIONREAD: $!";
	return unpack 'i', $n;
}

# Reads what rlog passes on, unless this life is to find nobody who does.
sub drain_output {
	my ($run) = @_;
	return if $run->{life}{stalled};
	while (sysread $run->{forwarded}, my $bytes, 65536) {
		$run->{passed} .= $bytes;
	}
}

# True as soon as it is so, false after so many seconds.
sub await {
	my ($run, $seconds, $so) = @_;
	my $until = time + $seconds;
	for (;;) {
		drain_output($run);
		return 1 if $so->();
		return 0 if time >= $until;
		sleep 0.001;
	}
}

sub reaped {
	my ($run) = @_;
	return 1 if defined $run->{status};
	$run->{status} = $? if waitpid($run->{pid}, WNOHANG) == $run->{pid};
	return defined $run->{status};
}

sub exec_rlog {
	my ($run, @command) = @_;
	my ($ready, $said) = @{$run}{'says_ready', 'err'};
	open STDIN, '<&', $run->{out} or POSIX::_exit(111);
	open STDERR, '>>', $said or POSIX::_exit(111);
	open STDOUT, '>&', $run->{forwards} or POSIX::_exit(111);
	POSIX::dup2(fileno $ready, READY) or POSIX::_exit(111);
	$ENV{STORM_MARK} = "$run->{top}/" . MARK;
	setpgrp 0, 0;
	{ no warnings; exec { $command[0] } @command; }
	POSIX::_exit(127);
}

sub start {
	my ($run, $life) = @_;
	my $end = $life->{end};
	my @command = ('rlog', @{$life->{script}{argv}}, 'd' . READY);
	unshift @command, tool('stop-at'), '-o', "$run->{top}/said", '-s',
		POSIX->can("SIG$end->{signal}")->(), $end->{stop}
		if $end->{kind} eq 'at';
	$run->{life} = $life;
	$run->{status} = undef;
	unlink "$run->{top}/" . MARK;
	pipe my $ready, $run->{says_ready} or die "pipe: $!";
	$run->{pid} = fork // die "fork: $!";
	exec_rlog($run, @command) if !$run->{pid};
	close $run->{says_ready};
	fcntl $ready, F_SETFL, O_NONBLOCK;
	$run->{ready} = $ready;
	$run->{is_ready} = 0;
}

sub ready {
	my ($run) = @_;
	return $run->{is_ready} ||= sysread($run->{ready}, my $byte, 1) // 0;
}

sub send_signal {
	my ($run, $signal) = @_;
	return if reaped($run) || $run->{life}{end}{kind} eq 'at';
	ready($run);
	kill $signal, $run->{pid};
	$run->{signals}{$signal}++;
}

# The position of the stream moves to here: these lines belong to this life, or
# to a later one.
sub written_to {
	my ($run, $position) = @_;
	$run->{position} = $position;
	for (; $run->{next} < @{$run->{lines}}; $run->{next}++) {
		my $line = $run->{lines}[$run->{next}];
		my $enough = $line->{begin} + RING;
		$enough = $line->{end} if $line->{end} < $enough;
		last if $position < $enough;
		$line->{since} = $run->{n};
	}
}

# Writes so many bytes, or what the pipe takes of them.
sub write_some {
	my ($run, $n) = @_;
	return if $run->{eof};
	my $stream = substr $run->{stream}, $run->{position}, $n;
	my $w = length $run->{extra} ?
		syswrite $run->{in}, $run->{extra} : 0;
	return if !defined $w;
	substr $run->{extra}, 0, $w, '';
	return if length $run->{extra};
	while (length $stream) {
		$w = syswrite $run->{in}, $stream;
		return if !defined $w;
		$run->{untouched} = 0;
		written_to($run, $run->{position} + $w);
		substr $stream, 0, $w, '';
	}
}

sub fill_disk {
	my ($run) = @_;
	open my $f, '>>:unix', 'ballast' or return;
	for my $size (1 << 20, 4096) {
		1 while syswrite $f, "\0" x $size;
	}
	$run->{fills}++;
}

sub take_step {
	my ($run, $kind, $value) = @_;
	if ($kind eq 'write') {
		write_some($run, $value);
	} elsif ($kind eq 'wait') {
		await($run, $value / 1000, sub { reaped($run) });
	} elsif ($kind eq 'signal') {
		send_signal($run, $value);
	} elsif ($kind eq 'stop') {
		send_signal($run, 'STOP');
		await($run, $value / 1000, sub { reaped($run) });
		send_signal($run, 'CONT');
	} elsif ($kind eq 'mark') {
		unlink "$run->{top}/" . MARK;
		await($run, $value / 1000, sub { -e "$run->{top}/" . MARK });
	} elsif ($kind eq 'drain') {
		await($run, $value / 1000, sub { !unread($run) });
	} elsif ($kind eq 'fill') {
		fill_disk($run);
	} elsif ($kind eq 'free') {
		unlink 'ballast';
	}
}

# The line that the stream is in the middle of, and how much of it is written.
sub partial {
	my ($run) = @_;
	for my $n ($run->{next} - 1, $run->{next}) {
		next if $n < 0 || $n > $#{$run->{lines}};
		my $line = $run->{lines}[$n];
		return ($line, $run->{position} - $line->{begin})
			if $run->{position} > $line->{begin} &&
				$run->{position} < $line->{end};
	}
	return;
}

# So much of it that its number can be told; false if the pipe has no room.
sub show_number {
	my ($run) = @_;
	my ($line, $n) = partial($run);
	return 1 if !$line || $n >= 20;
	my $more = 20 - $n;
	$more = $line->{end} - $run->{position}
		if $more > $line->{end} - $run->{position};
	write_some($run, $more);
	($line, $n) = partial($run);
	return !$line || $n >= 20;
}

# The rest of the line is not written: the next byte begins another one.
sub cut_line {
	my ($run) = @_;
	my ($line, $n) = partial($run) or return;
	$line->{text} = substr $line->{text}, 0, $n;
	$line->{newline} = 0;
	$line->{since} //= $run->{n};
	$run->{position} = $line->{end};
	$run->{next} = $line->{n} + 1;
	return $line;
}

# Without a ring, a line that is not complete may have got its newline when a
# signal came: then what follows is a line of its own.
sub end_in_memory {
	my ($run) = @_;
	my $line = cut_line($run) or return;
	$line->{rest} = sprintf ' cut %06d', $line->{n};
	$line->{newline} = 1;
	$run->{extra} = "$line->{rest}\n";
}

# The next life reads from another pipe, if all of this one was read.
sub switch {
	my ($run) = @_;
	return if length $run->{extra} || unread($run);
	cut_line($run);
	close_input($run);
	open_pipe($run);
	reboot($run) if $run->{storm}{reboots} && !$run->{life}{killed};
}

# The machine is started again, in order: the ring is of another boot.
sub reboot {
	my ($run) = @_;
	my $ring = $run->{storm}{intake} =~ s/^J//r ||
		"$run->{life}{script}{dirs}[0]/intake";
	return if $run->{storm}{intake} eq 'J' || !-e $ring;
	system(tool('other-boot') . " $ring </dev/null") == 0 or
		fault($run, "$ring is no good ring");
	$run->{signals}{reboot}++;
}

sub fault {
	my ($run, $what) = @_;
	push @{$run->{bad}}, "life $run->{n}: $what";
}

# The process, and what it was traced by.
sub kill_all {
	my ($run) = @_;
	kill 'KILL', -$run->{pid};
	await($run, LIMIT, sub { reaped($run) && !kill 0, -$run->{pid} });
}

sub await_end {
	my ($run) = @_;
	my $began = time;
	if (!await($run, LIMIT, sub { reaped($run) })) {
		fault($run, "it has not ended after ${\LIMIT} seconds");
		kill_all($run);
		return;
	}
	my $took = time - $began;
	$run->{slowest} = $took if $took > ($run->{slowest} // 0);
}

sub look_at_status {
	my ($run) = @_;
	my ($life, $kind) = ($run->{life}, $run->{life}{end}{kind});
	my $status = $run->{status};
	$status = $status & 127 ? 128 + ($status & 127) : $status >> 8;
	# The tracer says it, unless it was killed with what it traces.
	$status = $1 if $kind eq 'at' && $status == 0 &&
		slurp("$run->{top}/said") =~ / (\d+) \d+$/;
	$life->{killed} = $status == 137;
	$life->{began} = ready($run);
	return if $status == 0 || $life->{killed} && $kind =~ /KILL|at/;
	return if !$run->{is_ready} && $status =~ /^(?:129|130|142|143)$/;
	fault($run, "it ended with $status");
}

sub end_life {
	my ($run) = @_;
	my ($life, $end) = ($run->{life}, $run->{life}{end});
	my $kind = $end->{kind};
	# It waits for whoever reads its output where nothing is kept for the next.
	$life->{stalled} = 0 if $kind eq 'eof' || $run->{storm}{intake} eq 'J';
	# Wherever it would have had to stop, it has a time to get there.
	await($run, 0.05, sub { reaped($run) }) if $kind eq 'at';
	if ($kind eq 'eof') {
		# So that it can be seen whether rlog has come to this pipe.
		write_some($run, 40) if $run->{untouched};
		show_number($run) or return end_waiting($run);
		cut_line($run);
		close_input($run);
		await($run, 1, sub { reaped($run) || !unread($run) });
		# A line that is longer than the ring may fill it to the last byte.
		await($run, 3, sub { reaped($run) }) if $run->{storm}{huge};
		return end_waiting($run) if !reaped($run) &&
			($run->{storm}{huge} || unread($run));
	} elsif ($kind =~ /^(TERM|STOP)KILL$/) {
		send_signal($run, $1);
		await($run, ($end->{after} // 2) / 1000, sub { reaped($run) });
		send_signal($run, 'KILL');
	} elsif ($kind eq 'at') {
		kill_all($run) if !reaped($run);
		$run->{signals}{"at a call: $end->{signal}"}++;
	} else {
		show_number($run) if $run->{storm}{intake} eq 'J';
		send_signal($run, $kind);
	}
	await_end($run);
}

# A processor that fails holds it up, with more input than it or the pipe can
# hold: another life goes on, and the last of all without processors.
sub end_waiting {
	my ($run) = @_;
	my $life = $run->{life};
	if ($life->{last}) {
		my @argv = map { s/^!.*/!/sr } @{$life->{script}{argv}};
		push @{$run->{storm}{lives}}, { %$life, end => { kind => 'eof' },
			script => { %{$life->{script}}, argv => \@argv } };
		$life->{last} = 0;
	}
	end_as($run, 'TERM');
}

sub end_as {
	my ($run, $kind) = @_;
	$run->{life}{end}{kind} = $kind;
	end_life($run);
}

sub live {
	my ($run, $life) = @_;
	start($run, $life);
	await($run, 2, sub { ready($run) || reaped($run) }) if $life->{ready};
	for my $step (@{$life->{steps}}) {
		last if reaped($run);
		take_step($run, @$step);
	}
	# A disk that is full for ever would be waited for.
	unlink 'ballast' if $life->{end}{kind} eq 'eof';
	feed_rest($run) if $life->{last};
	end_life($run);
	look_at_status($run);
	drain_output($run);
	end_in_memory($run) if $run->{storm}{intake} eq 'J' && !$run->{eof};
	open_pipe($run) if $run->{eof} && !unread($run) &&
		$run->{n} < $#{$run->{storm}{lives}};
	switch($run) if $life->{switch} && !$run->{eof} && show_number($run);
}

# What is left of the stream, up to the end of a line or not.
sub feed_rest {
	my ($run) = @_;
	return if $run->{eof};
	my $last = $run->{position} + REST;
	my $end = $run->{position};
	for my $line (@{$run->{lines}}) {
		last if $line->{end} > $last;
		$end = $line->{end} if $line->{end} > $end;
	}
	$end -= 5 if !$run->{storm}{whole_line};
	$end = $last if $end <= $run->{position};
	await($run, STALL, sub {
		write_some($run, $end - $run->{position});
		$run->{position} >= $end || reaped($run) });
}

# Carries out the plan in this directory: the run, with what was bad in it.
sub carry_out {
	my ($storm, $top) = @_;
	my %run = (storm => $storm, top => $top, err => "$top/err", n => 0,
		lines => $storm->{lines}, position => 0, next => 0, extra => '',
		passed => '', bad => [], signals => {}, began => time);
	$run{stream} = join '', map { "$_->{text}\n" } @{$storm->{lines}};
	mkdir "$top/log" or die "$top/log: $!";
	system('mount', '-t', 'tmpfs', '-o', 'size=' . (4_000_000 +
		5 * length $run{stream}), 'none', "$top/log") == 0 or die 'mount'
		if $storm->{disk};
	chdir "$top/log" or die "$top/log: $!";
	pipe $run{forwarded}, $run{forwards} or die "pipe: $!";
	fcntl $run{forwarded}, F_SETFL, O_NONBLOCK;
	open_pipe(\%run);
	while ($run{n} < @{$storm->{lives}} && !@{$run{bad}}) {
		live(\%run, $storm->{lives}[$run{n}]);
		$run{n}++;
	}
	$run{ended} = time;
	return \%run;
}

1;
