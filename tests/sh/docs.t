#!/bin/sh
# The man pages: they pass mandoc's lint, agree with --help, refer to pages that
# exist, and their examples do what they show (tests/examples.sh).
. "$(dirname "$0")/../lib.sh"
. "$top/tests/examples.sh"

pages=$(cd "$top/doc" && echo *.[1-8])

# In doc/, so that the pages find each other; MANPATH, so that no others count.
# The directory must be there: without any, mandoc looks for no pages at all.
lint() {
	(
		cd "$top/doc" || exit
		MANPATH=$T mandoc -T lint -W style -- *.[1-8]
	) >findings 2>&1
	sed 's/^/# /' findings
	[ ! -s findings ]
}

render() {
	mandoc -T ascii -O width=78 "$top/doc/$1" | sed "s/.$(printf '\b')//g"
}

# The lines on standard input that stand under the heading.
section() {
	awk -v want="$1" '/^[^ ]/ { on = ($0 == want); next } on'
}

squeeze() {
	tr -s ' \n' ' ' | sed 's/^ //; s/ $//'
}

# The syntax of each option or directive in the program's --help...
help_items() {
	"$1" --help | sed -n 's/^  \([^ ][^ ]*\( [^ ][^ ]*\)\{0,1\}\)  .*/\1/p'
}

# ...and in the lists of its page.
page_items() {
	sed -n '/\(follows\|^These directives .*\):$/,/^\.El/p' "$top/doc/$1" |
		sed -n 's/^\.It Fl /-/; s/^\.It Cm //; t item
			d; :item
			s/ Ns | Ns Cm /|/g; s/ Ns Cm @/@/; s/ Ns Ar //; s/ \(Ar\|Cm\) / /
			s/\\&//; p'
}

usage_agrees() {
	is "$2: SYNOPSIS is the usage line of --help" \
		"$(render "$2" | section SYNOPSIS | squeeze)" \
		"$("$1" --help | sed -n '1s/^usage: //p')"
	help_items "$1" | sort >help
	page_items "$2" | sort >page
	ok "$2: --help lists something" test -s help
	same "$2: it describes what --help lists, and nothing else" page help
	is "$1 --help: no line is longer than 80 columns" \
		"$("$1" --help | sed 1d | grep '.\{81\}')" ''
}

references_exist() {
	sed -n 's/^\.Xr \([^ ]*\) \([1-8]\).*/\1.\2/p' "$top/doc/$1" | sort -u >xr
	[ -s xr ] || return 1
	while read -r other; do
		[ -f "$top/doc/$other" ] || {
			echo "# there is no $other"
			return 1
		}
	done <xr
}

# lnav finds its formats below HOME.
HOME=$T/home
export HOME
mkdir -p "$HOME/.config/lnav/formats"
ln -s "$top/doc/lnav" "$HOME/.config/lnav/formats/recio"

page_examples() {
	page=$1
	mkdir "$T/$page"
	ln -s "$top/doc/examples/smtp-responder" \
		"$top/doc/examples/day-files" "$top/doc/examples/nats" "$T/$page"
	render "$page" | section EXAMPLES >examples
	ok "$page: each display is an example or a configuration" \
		take_out man "$T/$page.examples" <examples
	ok "$page: it has examples" test -s "$T/$page.examples/names"
	if [ "$page" = shipping.7 ] && [ -z "$nats_server" ]; then
		skip 'nats-server is not there' 1
		return
	fi
	run_all "$T/$page.examples" "$T/$page"
}

# What man shows and what mandoc shows must be the same to copy from; how far
# they indent it differs.
commands_shown() {
	section EXAMPLES | sed -n 's/^  *\([$] \)/\1/p'
}

renders_alike() {
	MANWIDTH=78 man -l "$top/doc/$1" 2>/dev/null | sed "s/.$(printf '\b')//g" |
		commands_shown >by-man
	render "$1" | commands_shown >by-mandoc
	[ -s by-mandoc ] || echo "there are none" >>by-mandoc
	same "$1: man and mandoc show the same commands" by-man by-mandoc
}

ok "mandoc finds nothing to say" lint
for page in $pages; do
	ok "$page: its references exist" references_exist "$page"
	renders_alike "$page"
	page_examples "$page"
done
usage_agrees rawio rawio.1
usage_agrees recio recio.1
usage_agrees rlog rlog.8
usage_agrees rlogfetch rlogfetch.1
usage_agrees rlogread rlogread.1
usage_agrees rlogsess rlogsess.1
usage_agrees rlogship rlogship.1

done_testing
