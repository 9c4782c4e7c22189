#!/usr/bin/perl
# multilog, s6-log and svlogd are killed between any two of their calls that
# change a directory, with and without a processor, while they rotate, start on
# what a crash has left, and end. Each state that this leaves is taken over by
# rlog, which is killed in it in the same way; then one of them comes back, and
# at last rlog: every line that was on the disk is there once after each rlog
# that has started, and after each of the others that comes then; each starts.
# CRASH_LONG=1: all places, all of these loggers; SEED: other samples.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use POSIX 'mkfifo';
use Crash;
use Takeover;

srand($ENV{SEED} // 5);
work_in();
my (%tried, %states);

# Kills the logger at this stop of a life that begins in such a directory: the
# directory is $base/left.
sub leave_killed {
	my ($logger, $setup, $stop) = @_;
	fresh('left');
	$setup->();
	$logger->{prepare}->();
	my $in = filled_pipe(lines_for('peer'));
	my $status = end_of(run($in, tool('stop-at'), '-o', '../said', $stop,
		@{$logger->{command}}));
	return $status eq 'hung' ? 'it hangs' : '';
}

# Every state that this logger leaves, each once: [how, its files].
sub states_of {
	my ($logger, $name, $setup) = @_;
	my @stops = changing_stops($logger, $setup);
	@stops = sample(long_form() ? 400 : 30, @stops);
	my (%seen, @states);
	for my $stop (@stops) {
		my $wrong = leave_killed($logger, $setup, $stop->[0]);
		return ["it hangs at @$stop", undef] if $wrong;
		my $signature = signature('.');
		next if $seen{$signature}++;
		push @states, ["@$stop[1,2]", keep_state()];
	}
	return @states;
}

# rlog takes it over, and ends in order.
sub taken_over {
	my ($state, $processor) = @_;
	restore_state($state->[1]);
	my $before = on_disk('.');
	my $status = end_of(run(filled_pipe(lines_for('new')), 'rlog',
		@{rlog_script($processor)}));
	return "rlog ends so: $status: " . slurp('err') if $status ne 0;
	return 'rlog says: ' . slurp('err') if -s 'err';
	return once('.', [keys %$before], lines_for('new')) || leftovers('.');
}

# rlog is killed in the state, a logger comes, then rlog once more.
sub there_and_back {
	my ($state, $stop, $back) = @_;
	my @rlog = ('rlog', @{rlog_script(1)});
	my @all;
	restore_state($state->[1]);
	my @before = keys %{on_disk('.')};
	my $unresolved = unresolved('.');
	my $in = filled_pipe(lines_for('rlog'));
	end_of(run($in, tool('stop-at'), '-o', '../said', $stop, @rlog));
	return 'the lock is still taken' unless unlocked('.');
	my $pending = grep { $unresolved->{$_} } keys %{unresolved('.')};
	my @then = keys %{on_disk('.')};
	for my $line (@before) {
		return "rlog has lost $line" unless grep { $_ eq $line } @then;
	}
	$back->{prepare}->();
	unlink 'err';
	my $status = life($back, lines_for('back'));
	# rlog had no time for what the first one has left. s6-log fails to
	# start on that; multilog may overwrite its `previous`.
	if ($pending) {
		$status = life($back, lines_for('back')) if $status ne 0;
		@before = keys %{on_disk('.')};
	}
	return "$back->{name} can't go on: $status: " . slurp('err')
		if $status ne 0;
	my $wrong = $pending ? '' : once('.', \@then, lines_for('back'));
	return "after $back->{name}: $wrong" if $wrong;
	unlink 'err';
	$status = end_of(run($in, @rlog));
	return "the last rlog ends so: $status: " . slurp('err')
		if $status ne 0;
	$wrong = once('.', \@before, lines_for('rlog'), lines_for('back')) ||
		leftovers('.');
	return "after the last rlog: $wrong" if $wrong;
	return '';
}

# Stops of rlog in the state at which it has changed the directory, or will.
sub rlog_stops {
	my ($state) = @_;
	restore_state($state->[1]);
	return changing_stops({ command => ['rlog', @{rlog_script(1)}],
		prepare => sub { } }, sub { }, lines_for('rlog'));
}

sub test_states {
	my ($logger, $what, $setup) = @_;
	my @states = states_of($logger, $what, $setup);
	my (@wrong, $answer);
	$states{$logger->{name}} += @states;
	for my $state (@states) {
		for my $processor (0, 1) {
			$answer = $state->[1] ? taken_over($state, $processor)
				: $state->[0];
			$tried{over}++;
			push @wrong, "killed $state->[0]: $answer" if $answer;
		}
	}
	ok(@states && !@wrong, "$logger->{name}, $what: rlog takes over " .
		@states . ' different states');
	diag($_) for sample(12, @wrong);
	@wrong = ();
	my $n = 0;
	for my $state (long_form() ? @states : sample(4, @states)) {
		my @stops = rlog_stops($state);
		for my $stop (sample(long_form() ? 40 : 8, @stops)) {
			my @back = loggers($logger->{processor});
			@back = $back[rand @back] unless long_form();
			for my $back (@back) {
				$answer = there_and_back($state, $stop->[0], $back);
				$n++;
				push @wrong, "killed $state->[0], rlog killed " .
					"@$stop[1,2] ($stop->[0]), $back->{name}: $answer"
					if $answer;
			}
		}
	}
	$tried{back} += $n;
	ok(!@wrong, "$logger->{name}, $what: there and back, $n times");
	diag($_) for sample(12, @wrong);
	diag(scalar @wrong, ' wrong') if @wrong;
}

# The processor of a killed logger goes on, while rlog is there and after that.
sub test_orphan {
	my ($logger) = @_;
	my $name = "$logger->{name}, killed while its processor runs";
	if (!killed_in_processor($logger)) {
		fail("$name: no processor runs");
		return;
	}
	my $state = signature('.');
	my $before = on_disk('.');
	my $status = end_of(run(filled_pipe(lines_for('new')), 'rlog',
		@{rlog_script(1)}));
	is($status, 0, "$name ($state): rlog takes over") or diag slurp('err');
	is(once('.', [keys %$before], lines_for('new')) || leftovers('.'), '',
		"$name: every line is there once");
	open my $gate, '+<', '../gate' or die;
	syswrite $gate, "go\n";
	ok(eventually(sub { -e '../done' }), 'the processor goes on');
	is(once('.', [keys %$before], lines_for('new')) || leftovers('.'), '',
		'and changes nothing');
}

# s6-log's lock does not extend to the child that becomes its processor: after
# s6-log was killed, that child opens its files by name while rlog runs.
sub test_late_child {
	my @lines = map { "$_\n" } 1 .. 9;
	fresh('left');
	write_file('@400000005fffffff00000000.u', join '', @lines[0 .. 2]);
	write_file('previous', join '', @lines[3 .. 8]);
	write_file('state', "old\n");
	chmod 0744, 'previous', '@400000005fffffff00000000.u';
	unlink '../gate', '../begun';
	mkfifo('../gate', 0600) or die;
	open my $gate, '+<', '../gate' or die;
	write_file('../processor', <<'END');
sed s/^/x/
echo new >&5
test -e ../begun || { echo >../begun; read go <../gate; }
END
	open my $previous, '<', 'previous' or die;
	my @rlog = @{rlog_script(1)};
	my $pid = run(filled_pipe(lines_for('new')), 'rlog',
		map { s/sed.*/sh ..\/processor/r } @rlog);
	ok(eventually(sub { -e '../begun' }),
		'a late child of a killed s6-log: a processor of rlog runs');
	write_file('processed', join '', map { "x$_" } readline $previous);
	write_file('newstate', "of s6-log\n");
	syswrite $gate, "go\n";
	is(end_of($pid), 0, 'a late child: rlog takes over')
		or diag slurp('err');
	is(once('.', \@lines, lines_for('new')), '',
		'a late child: every line is there once');
	is(slurp('state'), "new\n", 'a late child: the state is that of rlog');
	is(end_of(run(filled_pipe(''), 'rlog', @rlog)) . leftovers('.'), 0,
		'a late child: the next rlog removes its files');
}

for my $logger (loggers(0), loggers(1)) {
	my $with = $logger->{processor} ? 'with a processor' : 'without';
	if (!installed($logger)) {
		skip_counted("there is no $logger->{name}",
			$logger->{processor} ? 10 : 6);
		next;
	}
	test_states($logger, "$with, rotating", sub { });
	test_states($logger, "$with, starting after a crash", \&make_crash);
	test_states($logger, "$with, starting after a processor",
		\&make_processed);
	test_orphan($logger) if $logger->{processor};
}
test_late_child();
diag("$tried{over} take-overs, $tried{back} times there and back; states: ",
	join ' ', map { "$_ $states{$_}" } sort keys %states);
done_testing();
