#!/bin/sh
# Completion for bash and zsh: what it offers is what the program takes.
. "$(dirname "$0")/../lib.sh"

# What bash offers for a line of words, the last one being completed.
offers() {
	bash -c '. "$0" && COMP_WORDS=("$@") && COMP_CWORD=$(($# - 1)) &&
		compopt() { :; } && "_$1" "$1" "${COMP_WORDS[COMP_CWORD]}" \
			"${COMP_WORDS[COMP_CWORD - 1]}" &&
		printf "%s\n" "${COMPREPLY[@]}"' \
		"$top/completion/$1.bash" "$@" | tr '\n' ' '
}

# All options of --help, each in the file, for zsh too.
options_of() {
	"$1" --help | grep -o -- '-[-a-zA-Z]*' | grep -e '^-[a-zA-Z]$' -e '^--[a-z-]*$' |
		sort -u
}

missing_in() {
	options_of "$1" | while read -r option; do
		grep -q -e "[ *{,'(]${option}[]=} ,[)]" -e "${option}\$" "$2" ||
			echo "$option"
	done
}

for file in "$top"/completion/*.bash; do
	program=${file##*/}
	program=${program%.bash}
	ok "$program: options are found" test -n "$(options_of "$program")"
	is "$program: bash knows them all" "$(missing_in "$program" "$file")" ''
	is "$program: so does zsh" \
		"$(missing_in "$program" "$top/completion/_$program")" ''
	ok "$program: bash reads it" bash -n "$file"
	ok "$program: zsh reads it" zsh -n "$top/completion/_$program"
	ok "$program: it is for this program" \
		grep -qx "#compdef $program" "$top/completion/_$program"
	for option in $(offers "$program" -); do
		[ "${option#--}" != "$option" ] || continue
		ok "$program: $option exists" sh -c \
			"'$program' --help | grep -q -e '$option' ||
				'$program' '$option' >/dev/null"
	done
done

mkdir -p logs/smtpd 'logs/two words'
is 'forms' "$(offers rlogread -o u)" 'utc unix '
is 'forms of a long option' "$(offers rlogread --output = j)" 'json '
is 'kinds of labels' "$(offers rlogread -L '')" 'auto djb leap '
is 'times' "$(offers rlogread --since to)" 'today '
is 'directories' "$(offers rlogread logs/s)" 'logs/smtpd '
is 'spaces' "$(offers rlogread logs/t)" 'logs/two words '
is 'long options' "$(offers rlogread --fo)" '--follow '
done_testing
