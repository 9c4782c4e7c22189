#!/usr/bin/perl
# For tests/examples.sh: takes examples out of a document, and compares what they
# print with what the document shows.
#
#   doc-examples.pl man|readme DIR <text
#
# finds the displays of a rendered section (lines that are indented by 9 or
# more) or the fenced blocks of a README. In one that begins with "#!", block
# N becomes DIR/N.script. Otherwise a line "$ COMMAND", with the lines after it
# while a quote is open or the line ends in | or \, becomes DIR/N.K.cmd, and
# the lines below it, which it prints, DIR/N.K.want. Prints the names without
# suffix, in order. In a man page each display must be one or the other, or a
# configuration: its first line ends with "{".
#
#   doc-examples.pl same WANT GOT
#
# succeeds if both are the same but for what is different each time: process
# IDs, labels, times, ports. The two directions of a session and other lines are
# compared each in its own order. A line "..." in WANT stands for any lines; then
# all of it is compared in one order.
use strict;
use warnings;

sub fail { die "doc-examples.pl: fatal: @_\n" }

sub slurp {
	my ($file) = @_;
	open my $in, '<', $file or fail "unable to open $file: $!";
	local $/;
	return <$in> // '';
}

sub spit {
	my ($file, $text) = @_;
	open my $out, '>', $file or fail "unable to create $file: $!";
	print $out $text or fail "unable to write $file: $!";
	close $out or fail "unable to write $file: $!";
}

sub displays {
	my @blocks = ([]);
	while (<STDIN>) {
		if (s/^ {9,}//) {
			push @{$blocks[-1]}, $_;
		} elsif (@{$blocks[-1]}) {
			push @blocks, [];
		}
	}
	return grep { @$_ } @blocks;
}

sub fences {
	my (@blocks, $in);
	while (<STDIN>) {
		if (/^```/) {
			$in = !$in;
			push @blocks, [] if $in;
		} elsif ($in) {
			push @{$blocks[-1]}, $_;
		}
	}
	return @blocks;
}

sub goes_on {
	my ($command) = @_;
	return $command =~ /[|\\]$/ || ($command =~ tr/'//) % 2;
}

sub commands {
	my ($name, @lines) = @_;
	my $k = 0;
	while (@lines) {
		my $command = shift @lines;
		$command =~ s/^\$ // or fail "not a command: $command";
		$command .= shift @lines while goes_on($command) && @lines;
		my $want = '';
		$want .= shift @lines while @lines && $lines[0] !~ /^\$ /;
		$k++;
		spit("$name.$k.cmd", $command);
		spit("$name.$k.want", $want);
		print "$name.$k\n";
	}
}

sub take_out {
	my ($kind, $dir) = @_;
	my $n = 0;
	for my $block ($kind eq 'man' ? displays() : fences()) {
		my $name = "$dir/" . ++$n;
		if ($block->[0] =~ /^#!/) {
			spit("$name.script", join '', @$block);
			print "$name\n";
		} elsif ($kind eq 'man' && $block->[0] =~ /\{$/) {
			next;
		} elsif ($kind eq 'man' || grep { /^\$ / } @$block) {
			commands($name, @$block);
		}
	}
	fail 'no examples' unless $n;
}

sub normal {
	my ($file) = @_;
	my @lines = split /\n/, slurp($file);
	for (@lines) {
		s/\s+$//;
		s/\@[0-9a-f]{24}/\@LABEL/g;
		s/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}(?:\d{3})?/TIME/g;
		s/^((?:TIME |\@LABEL )*)\d+ ([<>:]) /$1PID $2 /;
		s/tcpserver: (pid|ok|end) \d+/tcpserver: $1 PID/;
		s/127\.0\.0\.1:+\K\d+/PORT/g;
		s/\d+\.\d{3} seconds/N seconds/g;
	}
	return @lines;
}

sub by_direction {
	my (%lines);
	push @{$lines{/PID ([<>]) / ? $1 : ''}}, $_ for @_;
	return map { @{$lines{$_} // []} } '<', '>', '';
}

sub same {
	my ($want_file, $got_file) = @_;
	my @want = normal($want_file);
	my @got = normal($got_file);
	if (grep { $_ eq '...' } @want) {
		my $pattern = join '', map {
			$_ eq '...' ? '(?:.*\n)*' : quotemeta . '\n'
		} @want;
		return join('', map { "$_\n" } @got) =~ /\A$pattern\z/;
	}
	return join("\n", by_direction(@want)) eq join("\n", by_direction(@got));
}

my ($what, @args) = @ARGV;
fail 'usage: doc-examples.pl man|readme DIR | same WANT GOT' unless @args;
if ($what eq 'same') {
	exit !same(@args);
}
take_out($what, @args);
