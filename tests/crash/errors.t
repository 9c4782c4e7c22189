#!/usr/bin/perl
# rlog, with an error injected into each system call that it makes: it says so,
# or tries again, or ends; it never loses, doubles or tears a line. Then with an
# error that stays, until TERM. The short form takes a sample of all calls and
# errors; CRASH_LONG=1 takes all. SCRIPT names one script.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Crash;
use Scripts;
use Time::HiRes ();

my @errors = qw(EIO ENOSPC EINTR EACCES EDQUOT);
my $tried = 0;
work_in();

sub traces {
	my $status = system 'strace -o /dev/null true 2>/dev/null';
	return $status == 0;
}

# How often each call is made: before rlog's own work begins, and in all.
sub calls {
	my ($script) = @_;
	my (%first, %n, %before);
	my @stops = grep { $_->[2] eq 'before' } stops($script);
	$n{$_->[1]}++ for @stops;
	return %n;
}

# In the loader's time calls of the same names are made.
sub loaders {
	fresh('loader');
	my %n;
	open my $list, '-|', tool('stop-at'), '-l', 'rlog', '--version' or die;
	while (<$list>) {
		my ($call, $when) = split;
		$n{$call}++ if $when eq 'before';
	}
	close $list;
	# What --version does itself: looks at its output, writes and exits.
	$n{write}--;
	return %n;
}

# rlog under strace, which is its child, so that a signal for rlog gets there.
sub injected {
	my ($script, $call, $what) = @_;
	my @directives = @{$script->{script}};
	# Nobody wants to wait for two seconds each time.
	splice @directives, $directives[0] =~ /^[tT]/, 0, 'r10ms';
	return ('strace', '-D', '-qq', '-o', '/dev/null', '-e', "trace=$call",
		'-e', "inject=$call:$what", 'rlog', @directives);
}

# The run without errors that follows, and what is wrong after it.
sub goes_on {
	my ($script, $in) = @_;
	my $status = end_of(run($in, 'rlog', @{$script->{script}}));
	return "the next one ends so: $status: " . slurp('err') if $status ne 0;
	return wrong($script);
}

sub once {
	my ($script, $call, $error, $when) = @_;
	fresh('run');
	my $in = filled_pipe(@{$script->{input}});
	my $status = end_of(run($in,
		injected($script, $call, "error=$error:when=$when")));
	$tried++;
	return 'it hangs: ' . slurp('err') if $status eq 'hung';
	return "it ends so: $status: " . slurp('err') if $status !~ /^(0|111)$/;
	return "it ends without a word" if $status && slurp('err') !~ /^rlog: /m;
	return goes_on($script, $in);
}

# From this call on always: it must still end when it is told to.
sub for_ever {
	my ($script, $call, $error, $when) = @_;
	fresh('run');
	my $in = filled_pipe(@{$script->{input}});
	my $pid = run($in, injected($script, $call, "error=$error:when=$when+"));
	for (1 .. 100) {
		last if slurp('err') =~ /^rlog: /m || has_ended($pid);
		Time::HiRes::sleep(0.01);
	}
	$tried++;
	kill 'TERM', $pid;
	my $status = end_of($pid);
	return "TERM does not end it: " . slurp('err') if $status eq 'hung';
	my $answer = goes_on($script, $in);
	# A status file that could not be written for ever is only said to lag.
	return $answer && $answer =~ /^status:/ ? '' : $answer;
}

sub test_script {
	my ($script, $turn) = @_;
	my %n = calls($script);
	my %loader = loaders();
	my @wrong;
	# These do not fail, or not in these ways.
	delete @n{qw(exit_group rt_sigreturn rt_sigprocmask rt_sigaction
		signalfd4 wait4 getpid)};
	for my $call (sort keys %n) {
		my $skip = $loader{$call} // 0;
		my @when = map { $_ + $skip } 1 .. $n{$call};
		@when = sample(4, @when) if !long_form();
		my $i = $turn;
		for my $when (@when) {
			for my $error (long_form() ? @errors : $errors[$i++ % @errors]) {
				my $answer = once($script, $call, $error, $when);
				push @wrong, "$call $when $error: $answer" if $answer;
			}
		}
	}
	for my $call (qw(write writev fsync fdatasync ftruncate renameat renameat2
		openat unlinkat fchmod fchmodat clone fork vfork)) {
		# Not while the intake is made, which the first renameat names: it
		# would go on without.
		next if !$n{$call} || $call eq 'renameat' && $n{$call} == 1;
		my $when = ($loader{$call} // 0) + int($n{$call} * 0.7 + 1);
		my $answer = for_ever($script, $call,
			$errors[$turn % 2 ? 0 : 1], $when);
		push @wrong, "$call from $when on: $answer" if $answer;
	}
	ok(!@wrong, "$script->{name}: errors in " . keys(%n) . ' calls');
	diag(substr $_, 0, 300) for sample(15, @wrong);
	diag(scalar @wrong, ' wrong') if @wrong;
}

my @tested = grep { $_->{faults} } scripts();
my $turn = 0;
if (!traces()) {
	skip_counted('strace cannot trace here', scalar @tested);
} elsif (`ldd $ENV{BUILD}/rlog 2>/dev/null` =~ /asan/) {
	skip_counted('a sanitizer takes the errors for its own', scalar @tested);
} else {
	for my $script (@tested) {
		$turn++;
		test_script($script, $turn)
			if !defined $ENV{SCRIPT} || $script->{name} =~ /$ENV{SCRIPT}/;
	}
	diag("$tried runs with errors");
}
done_testing();
