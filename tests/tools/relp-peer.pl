# A server of RELP that answers as a script says: perl relp-peer.pl SCRIPT LOG
#
# It prints its port. Each connection takes the next line of SCRIPT, the last one
# is taken again and again. A line has words, which are done in their order:
#
#   open         reads the frame "open" and answers it
#   read:N       reads N messages, or to the client's end
#   ok:I,J...    answers 200 to the messages with these numbers, counted from 1
#                on in this connection, in this order
#   no:I         answers 500 to message I
#   pause:N      waits N seconds
#   say:TEXT     sends TEXT, in which _ is a space and \n a newline
#   all          answers 200 to each message, and to close, as it is read
#   hang         answers nothing until the client has gone
#   end          closes the connection
#
# LOG gets a line "connect" for each connection, and for each message that was
# read a line with its text and the number of the connection.
use strict;
use warnings;
use IO::Socket::INET;

my ($script, $log) = @ARGV;
open my $in, '<', $script or die "$script: $!\n";
chomp(my @scripts = <$in>);
open my $out, '>>', $log or die "$log: $!\n";
$out->autoflush;
STDOUT->autoflush;
$SIG{PIPE} = 'IGNORE';
my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1')
	or die "listen: $!\n";
print $listener->sockport, "\n";

my ($client, $connection, @numbers);

# Reads a frame: number, command, data. Empty at the client's end.
sub read_frame {
	my $head = '';
	while ($head !~ /^\d+ [a-z]+ (?:0\n|[1-9]\d* )\z/) {
		my $n = read $client, my $byte, 1;
		return unless $n;
		$head .= $byte;
		die "no frame: $head\n" if length $head > 60;
	}
	my ($number, $command, $len) = split ' ', $head;
	return ($number, $command, '') unless $len;
	my $n = read $client, my $data, $len + 1;
	return if !defined $n || $n < $len + 1;
	die "no end of frame $number\n" unless chop $data eq "\n";
	return ($number, $command, $data);
}

sub answer {
	my ($number, $text) = @_;
	print {$client} "$number rsp ", length $text, " $text\n";
}

sub read_message {
	my ($number, $command, $data) = read_frame() or return;
	return ($number, $command) unless $command eq 'syslog';
	push @numbers, $number;
	print {$out} $data =~ s/.*?\] //r, " $connection\n";
	return ($number, $command);
}

sub answer_all {
	while (my ($number, $command) = read_message()) {
		if ($command eq 'close') {
			print {$client} "$number rsp 0\n0 serverclose 0\n";
			return;
		}
		answer($number, '200 OK');
	}
}

my %does = (
	open => sub {
		my ($number) = read_frame();
		answer($number, "200 OK\nrelp_version=0\ncommands=syslog\n");
	},
	read => sub {
		for (1 .. $_[0]) {
			read_message() or last;
		}
	},
	ok => sub {
		answer($numbers[$_ - 1], '200 OK') for split /,/, $_[0];
	},
	no => sub {
		answer($numbers[$_[0] - 1], '500 disk is full');
	},
	pause => sub {
		sleep $_[0];
	},
	say => sub {
		print {$client} $_[0] =~ s/\\n/\n/gr =~ tr/_/ /r;
	},
	all => \&answer_all,
	hang => sub {
		my $rest;
		1 while sysread $client, $rest, 1 << 16;
	},
	end => sub { },
);

for ($connection = 1;; $connection++) {
	$client = $listener->accept or next;
	$client->autoflush;
	print {$out} "connect\n";
	@numbers = ();
	my $line = $connection > @scripts ? $scripts[-1]
		: $scripts[$connection - 1];
	for my $word (split ' ', $line) {
		my ($verb, $rest) = split /:/, $word, 2;
		$does{$verb}->($rest);
	}
	close $client;
}
