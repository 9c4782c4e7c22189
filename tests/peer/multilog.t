#!/bin/sh
# Side by side with multilog: scripts and inputs give the same directories
# (names but for their labels, modes, contents), status files, alerts and exit
# codes. Where rlog differs on purpose, at the end, the test says how.
. "$(dirname "$0")/../lib.sh"

# Writes the lines of a file one at a time, each when the one before is read:
# so multilog, which cuts where its buffers end, cuts where lines do.
cat >pace.pl <<'EOF'
open my $in, "<", shift or die;
pipe my $r, my $w or die;
my $pid = fork // die;
if (!$pid) { close $w; open STDIN, "<&", $r; exec @ARGV or die }
$SIG{PIPE} = "IGNORE";
while (<$in>) {
	syswrite $w, $_;
	for (;;) {
		my $n = pack "i", 0;
		ioctl $w, 0x541b, $n or last;    # FIONREAD
		last unless unpack "i", $n;
		select undef, undef, undef, 0.0001;
		last if waitpid($pid, 1) > 0;    # WNOHANG
	}
}
close $r;
close $w;
waitpid $pid, 0;
exit $? >> 8;
EOF

# What there is but the intake: mode, name without label, contents without stamps.
# rlog marks an archive that a processor wrote by g+x.
picture() {
	(cd "$1" && find . -mindepth 1 ! -name intake | LC_ALL=C sort | while read -r f; do
		printf '%s %s\n' "$(stat -c %A "$f" |
			sed 's/^-rwxr-xr--$/-rwxr--r--/')" "$(echo "$f" |
			sed 's/@[0-9a-f]\{24\}/@/')"
		[ ! -f "$f" ] || sed 's/^@[0-9a-f]\{24\} /@ /' "$f"
	done)
}

# run LOGGER SETUP PACED INPUT DIRECTIVE...: its picture goes to LOGGER.txt.
run() {
	logger=$1 setup=$2 paced=$3 input=$4
	shift 4
	rm -rf "work.$logger"
	mkdir "work.$logger"
	(
		cd "work.$logger" || exit
		eval "$setup"
		if [ "$paced" = paced ]; then
			perl ../pace.pl "../$input" "$logger" "$@" 2>../err
		else
			"$logger" "$@" <"../$input" 2>../err
		fi
		echo "exit $?" >../rc
	)
	{
		picture "work.$logger"
		echo "standard error:"
		sed 's/^@[0-9a-f]\{24\} /@ /' err
		cat rc
	} >"$logger.txt"
}

# both INPUT DIRECTIVE...: after $setup, the same picture.
setup=:
paced=bulk
both() {
	run multilog "$setup" "$paced" "$@"
	run rlog "$setup" "$paced" "$@"
	same "$paced $*${setup#:}" rlog.txt multilog.txt
}

# Inputs.
printf '%s\n' 'fatal: one' 'warning: two' 'status: local 1/10' '' '@ four' \
	'x: fatal: five' '*' 'a*b' 'last: fatal' >words
printf 'one\ntwo\nthree' >partial
: >empty
printf '\n' >newline
printf '\n\n\n' >newlines
perl -e 'print map({ chr } 0 .. 255), "\n\0\n\0\0x\n"' >bytes
perl -e 'print "x" x $_, "\n" for 198 .. 202, 972 .. 976, 998 .. 1003' >edges
seq 10000 10999 >numbers
perl -e 'print "y" x 9000, "\n", "z" x 100, "\n"' >long
perl -e 'srand 7; print chr(97 + $_ % 26) x int(rand 300), "\n" for 1 .. 400' \
	>random
perl -e 'srand 9; print "r" x int(rand 3000), "\n" for 1 .. 40' >broad

# Selection.
both words ./d
both words t ./d
both words '-*' ./d
both words '-*' '+fatal*' ./d
both words '-*' '+*fatal*' ./d
both words '-*' '+*: fatal: *' ./d
both words '-*' '+* *: *' ./d
both words '-fatal: one' ./d
both words '-fatal: on' ./d
both words '-fatal: one*' ./d
both words '-' ./d
both words '-*' + ./d
both words '-**' ./d
both words '-a*b' ./d
both words '-*b' ./d
both words t '-* fatal: one' ./d
both words t '-@* fatal*' ./d
both words t '-*' '+* x: *' ./d
both words '-*' ./none '+warning*' ./one '+fatal*' ./two '-*' ./none2
both words ./a '-status: *' ./b '-*' '+x*' ./c
both words "$PWD/abs" 2>/dev/null
rm -rf abs

# Alerts and status files.
both words e
both words '-*' '+*fatal*' e
both words t e ./d
both words '=st'
both words t '=st' ./d
both words '-*' '+fatal*' '=st' '+warning*' '=st2' e
both words '-*' '=st' ./d
both edges e
both edges t e
both edges '=st' ./d
both edges t '=st' ./d
both edges t '-*x' ./d

# Bytes and ends.
both partial ./d
both partial t ./d e '=st'
both empty ./d '=st'
both newline ./d
both newlines t ./d
both bytes ./d
both bytes t '-*' "+*$(printf '\001')*" ./d
both long s20000 ./d

# Rotation, line by line: the same files to the byte.
paced=paced
both numbers s4096 ./d
both numbers t s4096 n100 ./d
both numbers s4096 n3 ./a s6000 n4 ./b ./c
both numbers s1 n1 ./d
both numbers s5000 n2 ./d
both random s4096 n100 ./d
both random t s8192 n100 ./d
both random s4096 n100 '-a*' ./a '-b*' s9999 n3 ./b
both broad s4096 n100 ./d
both broad t s5000 n100 ./d
both long s4096 n100 ./d
both random s4096 n100 '!tr a-z A-Z' ./d
both random s4096 n3 '!cat; n=$(cat <&4); echo $((n + 1)) >&5' ./d
paced=bulk

# Directories that are there: clean, and as crashes leave them.
setup='mkdir d; echo old >d/current; chmod 744 d/current'
both words ./d
setup='mkdir d; echo old >d/current; chmod 644 d/current'
both words ./d
setup='mkdir d; echo old >d/previous; chmod 644 d/previous'
both words ./d
setup='mkdir d; echo a >d/previous; echo b >d/current
	chmod 744 d/previous; chmod 644 d/current'
both words ./d
setup='mkdir d; echo a >d/previous; echo b >d/processed; echo c >d/current
	chmod 744 d/previous; chmod 644 d/processed d/current'
both words ./d
setup='mkdir d; echo a >d/previous; echo b >d/processed; echo c >d/current
	chmod 744 d/previous d/processed; chmod 644 d/current'
both words ./d
setup='mkdir d; echo a >d/previous; chmod 744 d/previous
	ln d/previous d/@400000005fffffff00000000.s'
both words ./d
setup='mkdir d; for i in 1 2 3 4 5; do echo $i \
	>d/@40000000${i}000000000000000.s; done; echo x >d/@short'
paced=paced
both numbers s4096 n4 ./d
setup='mkdir d; for i in 1 2 3 4 5; do echo $i \
	>d/@40000000${i}000000000000000.u; done; chmod 600 d/@*'
both numbers s4096 n3 ./d
paced=bulk
setup='echo short >st; chmod 644 st'
both words '=st'
setup='mkdir elsewhere; ln -s elsewhere d'
both words ./d
setup=:

# In bulk multilog cuts where its 512 bytes end: the sum is the same.
for script in 's4096 n1000' 't s4096 n1000' 's99999 n1000'; do
	seq 100000 140000 >bulk
	# shellcheck disable=SC2086 # words
	for logger in multilog rlog; do
		rm -rf "d.$logger"
		$logger $script "./d.$logger" <bulk
		cat "d.$logger"/@* "d.$logger/current" |
			sed 's/^@[0-9a-f]* //' >"sum.$logger"
	done
	same "in bulk $script: rlog and multilog write the same lines" \
		sum.rlog sum.multilog
	size=$(echo "$script" | sed 's/.*s\([0-9]*\).*/\1/')
	is "in bulk $script: each archive is near its size" \
		"$(find d.rlog -name '@*' \
		\( -size +"$size"c -o -size -"$((size - 2000))"c \))" ''
done

# On purpose different, each as here.
differ() {
	what=$1
	shift
	run multilog "$setup" "$paced" "$@"
	run rlog "$setup" "$paced" "$@"
	ok "differs: $what" sh -c '! cmp -s rlog.txt multilog.txt'
}
code() {
	is "exit codes of multilog and rlog: $1, $2" \
		"$(tail -n 1 multilog.txt), $(tail -n 1 \
		rlog.txt)" "exit $1, exit $2"
}
differ "an unknown directive is wrong use" words ./d xyz
code 0 100
differ "t is the first directive or wrong" words ./d t
code 0 100
differ "a bad number is wrong use" words s12x ./d
code 0 100
differ "no arguments is wrong use" words
code 0 100
differ "an empty status name is wrong use" words '='
code 111 100
differ "a script without action is warned of" words '-*'
code 0 0
setup='perl -e "print qq(o) x 2000" >st'
differ "a longer status file is replaced, not overwritten" words '=st'
setup='mkdir d; echo x >d/state; echo o >d/current; chmod 644 d/current'
differ "the processor's state is kept over a crash" words ./d
is "rlog keeps the state that multilog loses" "$(cat work.rlog/d/state)" x
setup='mkdir d; echo p >d/previous; echo o >d/current; chmod 744 d/*'
differ "a previous beside a clean current becomes an archive" words ./d
setup='mkdir d; echo o >d/current; chmod 644 d/current'
differ "a .u is processed after all" words '!cat' ./d
setup=:
paced=paced
differ "a bare ! is no processor" long s4096 '!' ./d
is "with a bare ! rlog has all lines" \
	"$(cat work.rlog/d/@* work.rlog/d/current | cksum)" \
	"$(cksum <long)"
run multilog "$setup" bulk long ./no/such
run rlog "$setup" bulk long ./no/such
code 111 111
multilog ./x </ 2>/dev/null
is "a read error: multilog exits 0" $? 0
rlog ./x </ 2>/dev/null
is "a read error: rlog exits 111" $? 111
done_testing
