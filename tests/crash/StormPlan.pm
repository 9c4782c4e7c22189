# The plan of one storm, from its number alone: the lines, and for each life of
# rlog its script, what happens meanwhile, and how it ends.
package StormPlan;
use strict;
use warnings;
use Exporter 'import';
use StormInput 'make_lines';
use StormScript qw(new_storm random_script pick chance);

our @EXPORT_OK = qw(plan_storm REST);

use constant REST => 150_000;	# bytes that the last life is given at most

# What happens while a life lasts.
sub random_steps {
	my ($storm) = @_;
	my @steps;
	for (1 .. 1 + rand 5) {
		push @steps, ['write', int pick(rand 200, rand 5000, rand 5000,
			rand 30_000, $storm->{huge} ? rand 400_000 : 0)];
		push @steps, ['wait', rand pick(2, 10, 40)] if chance(60);
		push @steps, ['signal', 'ALRM'] if chance(20);
		push @steps, ['stop', rand pick(5, 30)] if chance(10);
		push @steps, ['mark', 100] if $storm->{processors} && chance(30);
		push @steps, [pick('fill', 'fill', 'free')]
			if $storm->{disk} && chance(40);
	}
	push @steps, ['drain', 100] if chance(30);
	return @steps;
}

my %waits = (KILL => 4, TERM => 3, HUP => 1, INT => 1, eof => 1, STOPKILL => 1,
	TERMKILL => 1, at => 3);

sub random_end {
	my ($storm) = @_;
	my @ends = map { ($_) x $waits{$_} } sort keys %waits;
	# In memory alone what was read goes with a kill.
	@ends = grep { !/KILL|at/ } @ends if $storm->{intake} eq 'J';
	my $end = pick(@ends);
	return { kind => $end, after => rand pick(3, 60) } if $end eq 'TERMKILL';
	return { kind => $end, stop => 1 + int rand pick(150, 400, 900),
		signal => pick('KILL', 'KILL', 'KILL', 'TERM') } if $end eq 'at';
	return { kind => $end };
}

# The whole storm: { lives => [...], lines => [...], ... }
sub plan_storm {
	my ($seed, $may_mount) = @_;
	srand $seed;
	my %kind = (seed => $seed, plain => chance(30), unsafe => chance(40),
		long => chance(40), huge => chance(20), memory => chance(8),
		forwards => chance(20), drops => chance(15),
		disk => chance(15) && $may_mount, changes => chance(75));
	$kind{reboots} = $seed % 2;
	$kind{room} = $kind{disk} && chance(40);
	$kind{memory} = 0 if $kind{drops} || $kind{disk};
	# After a signal it is read byte by byte, for two seconds.
	$kind{huge} = $kind{long} = 0 if $kind{memory};
	my $storm = new_storm(\%kind);
	my ($script, $bytes) = (random_script($storm), REST);
	for (1 .. 3 + rand 14) {
		my @steps = random_steps($storm);
		$bytes += $_->[1] for grep { $_->[0] eq 'write' } @steps;
		push @{$storm->{lives}}, { script => $script, steps => \@steps,
			end => random_end($storm), switch => chance(25),
			stalled => chance(30), ready => chance(70) };
		$script = random_script($storm, $script)
			if $storm->{changes} && chance(60);
	}
	push @{$storm->{lives}}, { script => $script, steps => [],
		end => { kind => 'eof' }, ready => 1, last => 1 };
	$storm->{lines} = make_lines($storm, $bytes);
	$storm->{whole_line} = chance(50);
	return $storm;
}

1;
