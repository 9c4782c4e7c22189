#!/bin/sh
# Completion for bash and zsh: what it offers is what the program takes, and
# each program's is found by its name.
. "$(dirname "$0")/../lib.sh"
make_install() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$top" BUILD="$BUILD" \
		PREFIX="$T/prefix" install >out 2>&1
}

# The name of the completion of a program.
completion_of() {
	case ${1##*/} in
	rlogsess) echo rlogread ;;
	*) echo "${1##*/}" ;;
	esac
}

# What bash offers for a line of words, the last one being completed.
offers() {
	bash -c '. "$0" && COMP_WORDS=("$@") && COMP_CWORD=$(($# - 1)) &&
		file=${0##*/} && compopt() { :; } &&
		"_${file%.bash}" "$1" "${COMP_WORDS[COMP_CWORD]}" \
			"${COMP_WORDS[COMP_CWORD - 1]}" &&
		printf "%s\n" "${COMPREPLY[@]}"' \
		"$top/completion/$(completion_of "$1").bash" "$@" | tr '\n' ' '
}

# What zsh knows of a program: a line for each thing that can stand there.
zsh_knows() {
	zsh -f -c 'service=$1; _arguments() { print -rl -- "$@" }; . $0' \
		"$top/completion/_$(completion_of "$1")" "$1"
}

# The options, from either, one a line.
bash_options() {
	offers "$1" - | tr -s ' ' '\n' | sort
}
zsh_options() {
	zsh_knows "$1" | sed -n 's/^\(([^)]*)\|\*\|\)\(-[-a-zA-Z0-9]*\)=*\[.*/\2/p' |
		sort
}

# All that --help names, and what it does not need to.
options_of() {
	{
		"$1" --help | grep -o -- '-[-a-zA-Z0-9]*' |
			grep -e '^-[a-zA-Z0-9]$' -e '^--[a-z-]*$'
		printf '%s\n' --help --version
	} | sort -u
}

for name in rlogread rlogfetch rlogship; do
	ok "bash parses $name's completion" bash -n "$top/completion/$name.bash"
	ok "zsh parses $name's completion" zsh -n "$top/completion/_$name"
done
for program in rlogread rlogsess rlogfetch rlogship; do
	options_of "$program" >options
	ok "$program: options are found" test "$(wc -l <options)" -gt 14
	bash_options "$program" >offered
	same "$program: bash offers the options of --help, and no other" \
		options offered
	zsh_options "$program" >offered
	same "$program: zsh offers the options of --help, and no other" \
		options offered
done

ok 'make install' make_install
for program in rlogread rlogsess; do
	# bash-completion finds a file by the name of the command.
	XDG_DATA_DIRS=$T/prefix/share bash -c '
		. /usr/share/bash-completion/bash_completion
		_completion_loader "$0"; complete -p "$0"' "$program" >loaded
	is "$program: bash loads it by its name" "$(cat loaded)" \
		"complete -F _rlogread $program"
	zsh -f -c 'fpath=($1 $fpath); autoload -U compinit; compinit -D -u
		print $_comps[$2]' '' "$T/prefix/share/zsh/site-functions" \
		"$program" >loaded
	is "$program: zsh loads it by its name" "$(cat loaded)" _rlogread
done

mkdir -p logs/smtpd 'logs/two words'
is '-o u: the forms of rlogread that begin so' \
	"$(offers rlogread -o u)" 'utc unix '
is '-o t: the forms of rlogsess that begin so' \
	"$(offers rlogsess -o t)" 'text table '
rlogsess --help | sed -n '/^  -o form/,/^  -p/ s/^  -o form\|^ \{9,\}//p' |
	tr -s ' \n' ' ' | sed 's/^ //; s/ or / /; s/,//g; s/ $//' >forms
is '-o: all forms of rlogsess' "$(offers rlogsess -o '' | sed 's/ $//')" \
	"$(cat forms)"
is 'zsh: all forms of rlogsess' "$(zsh_knows rlogsess |
	sed -n 's/.*--output.*:form:(\(.*\))$/\1/p' | sort -u)" "$(cat forms)"
is '-o: all forms of rlogship' "$(offers rlogship -o '')" 'json raw sessions '
is 'n: the schemes of rlogship that begin so' "$(offers rlogship n)" \
	'nats:// natss:// '
is 'rlogship: a directory is completed' "$(offers rlogship url logs/s)" \
	'logs/smtpd '
is '--output=j: the forms that begin so' \
	"$(offers rlogread --output = j)" 'json '
is 'a program named by its path is completed' \
	"$(offers /usr/bin/rlogsess -o s)" 'stats '
is '-L: the kinds of labels' "$(offers rlogread -L '')" 'auto djb leap '
is '--since: words for times' "$(offers rlogread --since to)" 'today '
is 'a directory is completed' "$(offers rlogread logs/s)" 'logs/smtpd '
is 'a directory with a space in its name is completed' \
	"$(offers rlogread logs/t)" 'logs/two words '
is '-k: a directory of the file is completed' \
	"$(offers rlogsess -k logs/s)" 'logs/smtpd '
is '-i: nothing is offered for an address' "$(offers rlogsess -i lo)" ' '
is 'long options are completed' "$(offers rlogread --fo)" '--follow '
done_testing
