# Scripts of rlog for the storm: made at random, and read again as rlog.8 says,
# so that the model knows for each line where it goes and how it looks there.
package StormScript;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT_OK = qw(new_storm random_script outputs_of shown escaped
	units pick chance SIZE);

use constant SIZE => 100_000;	# of the largest current

sub pick { return $_[rand @_] }

sub chance { my ($percent) = @_; return rand(100) < $percent }

# Each makes the file STORM_MARK, so that a signal can come in the middle.
my %processors = (
	copy => 'cat',
	slow => ': >"$STORM_MARK"; sleep 0.03; cat',
	deaf => 'trap "" TERM; : >"$STORM_MARK"; sleep 0.03; cat',
	failing => ': >"$STORM_MARK"; [ $(($$ % 3)) != 0 ] && cat',
	broken => ': >"$STORM_MARK"; head -c 700 && [ $(($$ % 2)) != 0 ] && cat',
	never => ': >"$STORM_MARK"; cat; exit 1',
	count => ': >"$STORM_MARK"; n=$(cat <&4); n=$((n + 1)); echo $n >&5 &&'
		. ' echo "P $n" && cat',
	gzip => ': >"$STORM_MARK"; gzip -n',
);

# What a directory keeps for the whole storm.
sub random_dir {
	my ($name, $kind) = @_;
	my %dir = (name => $name, number => 10_000);
	if (!$kind->{whole}{$name} && chance(30)) {
		$dir{pruned} = 1;
		$dir{number} = pick(2, 3, 5, 10);
		$dir{total} = pick(5000, 20_000, 60_000) if chance(40);
		$dir{age} = pick('50ms', '200ms', '1d') if chance(15);
	}
	if ($kind->{room} && $name ne 'a' && chance(60)) {
		$dir{keep} = pick(0, 1, 3);
		$dir{pruned} = 1;
	}
	$dir{processor} = pick(qw(copy slow deaf failing broken count gzip),
		chance(5) ? 'never' : 'count') if chance($kind->{processors});
	$dir{suffix} = '.gz' if ($dir{processor} // '') eq 'gzip';
	return \%dir;
}

# What all scripts of one storm have in common.
sub new_storm {
	my ($kind) = @_;
	my @names = ('a' .. ('a', 'b', 'c', 'd')[rand 4]);
	my %storm = (%$kind, stamp => pick('t', 't', 'tL', 'T', ''));
	# Without a mark of its own in every directory nobody could say whether a
	# line that is in none was dropped.
	$storm{whole} = { a => 1 } if $kind->{drops} || chance(50);
	$storm{processors} = $kind->{drops} ? 70 : pick(0, 30, 80);
	$storm{restamps} = chance(25);
	$storm{moves} = chance(50);
	$storm{forms} = chance(40);
	$storm{dirs} = { map { $_ => random_dir($_, \%storm) } @names };
	$storm{intake} = $kind->{memory} ? 'J' : chance(20) ? 'Jring' : '';
	$storm{status} = chance(25) ? pick('', '+', '-') : undef;
	return \%storm;
}

# One of: nothing, a pattern, an expression. The stamp is one word.
sub random_selectors {
	my ($stamp) = @_;
	my $word = $stamp ? '* ' : '';
	my $kind = int rand 5;
	return pick(
		[['+', '*']], [['+', '*']],
		[['-', '*'], ['+', "$word* kind$kind *"]],
		[['+', '*'], ['-', "$word* kind$kind *"]],
		[['+', '*'], ['-', "${word}0*$kind kind*"]],
		[['~-', '.'], ['~+', 'kind[' . $kind . '4] ']],
		[['~+', '.'], ['~-', "^[0-9]*[$kind][0-9] "]],
		[['~-', 'x[a-z]*[0-9]{2}']], [['f', '']]);
}

sub settings_of {
	my ($storm, $dir) = @_;
	my @set = ('n' . $dir->{number}, 's' . pick(4096, 4096, 5000, 9000,
		30_000, SIZE), 'l' . pick(0, 100, 2000), 'S' . ($dir->{total} // 0),
		'A' . ($dir->{age} // 0) . ($dir->{age} ? '' : 's'),
		'x' . ($dir->{suffix} // ''),
		'!' . ($dir->{processor} ? $processors{$dir->{processor}} : ''));
	push @set, 'N' . $dir->{keep} if defined $dir->{keep};
	push @set, 'R' . pick('0s', '0s', '20ms',
		'20ms@local', '1s') if chance(30);
	push @set, 'F' . pick('', '1ms', '1s') if chance(10);
	return @set;
}

# Nothing is written with N unless its directory says so: they are put last. And
# where directories come and go, the one with the ring in it stays the first.
sub ordered {
	my ($storm, @dirs) = @_;
	my @any = sort { $a->[0] <=> $b->[0] } map {
		my $first = $_->{name} eq 'a' && $storm->{moves} && !$storm->{intake};
		[$first ? -1 : rand() + defined $_->{keep}, $_] } @dirs;
	return map { $_->[1] } @any;
}

# A script in the making: what is said next goes to argv, and what outputs_of goes
# through to actions, in the form that is in force.
sub act {
	my ($script, @action) = @_;
	push @{$script->{actions}}, [@action, { %{$script->{form}} }];
}

sub add_selectors {
	my ($script, @selectors) = @_;
	for my $selector (@selectors) {
		push @{$script->{argv}}, join '', @$selector;
		act($script, @$selector);
	}
}

sub add_status {
	my ($script, $storm) = @_;
	my $word = $script->{stamp} ? '* ' : '';
	add_selectors($script, ['-', '*'], ['+', "$word* kind2 *"])
		if $storm->{status};
	push @{$script->{argv}}, '=status';
	act($script, '=', 'status');
	add_selectors($script, ['+', '*']) if $storm->{status};
}

sub change_form {
	my ($script) = @_;
	my ($form, $argv) = @{$script}{'form', 'argv'};
	$form->{prefix} = pick('', '<a> ', '<long prefix> ');
	push @$argv, "p$form->{prefix}";
	return if !chance(50) && !$form->{visible};
	push @$argv, 'v';
	$form->{visible} = 1;
}

sub add_directory {
	my ($script, $storm, $dir) = @_;
	my $argv = $script->{argv};
	my $all = $storm->{plain} || $storm->{whole}{$dir->{name}};
	add_selectors($script, !$all ? @{random_selectors($script->{stamp})} :
		$storm->{plain} ? () : ['+', '*']);
	change_form($script) if $storm->{forms} && chance(50);
	push @$argv, 'e' and act($script, 'e', '') if chance(20);
	push @$argv, '1' and act($script, '1', '')
		if $storm->{forwards} && !grep { $_ eq '1' } @$argv;
	push @$argv, settings_of($storm, $dir), "./$dir->{name}";
	act($script, 'dir', $dir->{name});
	push @{$script->{dirs}}, $dir->{name};
}

# argv; stamp; dirs: names in order; actions: what outputs_of goes through.
sub random_script {
	my ($storm, $before) = @_;
	my %script = (stamp => $storm->{stamp}, actions => [], dirs => [],
		form => { prefix => '', visible => 0 });
	my @dirs = map { $storm->{dirs}{$_} } sort keys %{$storm->{dirs}};
	@dirs = grep { $_->{name} eq 'a' || chance(70) } @dirs
		if $storm->{moves} && chance(40);
	$script{stamp} = pick($storm->{stamp}, 'T', '')
		if $before && $storm->{restamps};
	$script{argv} = [$script{stamp} || (), $storm->{intake} || (),
		'r' . pick(20, 200) . 'ms'];
	push @{$script{argv}}, 'D' . pick(10, 100) . 'ms'
		if $storm->{drops} && chance(85);
	add_status(\%script, $storm) if defined $storm->{status};
	add_directory(\%script, $storm, $_) for ordered($storm, @dirs);
	return \%script;
}

# A pattern of multilog's: a star stands for all up to its next character.
my %patterns;

sub pattern {
	my ($text) = @_;
	return $patterns{$text} //= do {
		my $re = '';
		while ($text =~ /\G(\*?)(.?)/gs) {
			last if !length "$1$2";
			$re .= $1 ? length $2 ? "[^\Q$2\E]*+" : '.*' : '';
			$re .= quotemeta $2;
		}
		qr/\A$re\z/s;
	};
}

# name => form of each output of the script that gets a line: a directory's name,
# 1, or =. A note of rlog's own goes to every directory.
sub outputs_of {
	my ($script, $text, $is_note) = @_;
	my ($selected, $taken, %outputs) = (1, 0);
	my $seen = substr +($script->{stamp} ? '@' . '0' x 24 . ' ' : '') . $text,
		0, 1000;
	for my $action (@{$script->{actions}}) {
		my ($kind, $what, $form) = @$action;
		if ($is_note) {
			$outputs{$what} = $form if $kind eq 'dir';
		} elsif ($kind eq '+') {
			$selected ||= $seen =~ pattern($what);
		} elsif ($kind eq '-') {
			$selected &&= $seen !~ pattern($what);
		} elsif ($kind eq '~+') {
			$selected ||= $text =~ /$what/s;
		} elsif ($kind eq '~-') {
			$selected &&= $text !~ /$what/s;
		} elsif ($kind eq 'f') {
			$selected = !$taken;
		} elsif ($selected) {
			$taken = 1;
			$outputs{$kind eq 'dir' ? $what : $kind} = $form;
		}
	}
	return \%outputs;
}

my $character = qr/[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]
	|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]
	|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}
	|\xf4[\x80-\x8f][\x80-\xbf]{2}/x;

# A line in pieces that have one look in each form: {text, plain}, plain if v
# leaves it as it is.
sub units {
	my ($text) = @_;
	my @units;
	while ($text =~ /\G(?:([\x09\x20-\x5b\x5d-\x7e]+)|$character|.)/gs) {
		push @units, { text => $&, plain => defined $1 };
	}
	return \@units;
}

# What v makes of these bytes in the middle of a line.
sub escaped {
	my ($text) = @_;
	$text =~ s{(\\)|([\x00-\x08\x0a-\x1f\x7f]|\xc2[\x80-\x9f])
		|($character)|([\x80-\xff])}
		{defined $1 ? "\\\\" : defined $3 ? $3 :
			join '', map { sprintf "\\x%02x", ord } split //, $2 // $4}gex;
	return $text;
}

# A line in its form, without its stamp.
sub shown {
	my ($text, $form) = @_;
	return $form->{prefix} . $text if !$form->{visible};
	my $end = $text =~ s/\r\z// ? "\r" : '';
	return $form->{prefix} . escaped($text) . $end;
}

1;
