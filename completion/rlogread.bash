# Completion of rlogread and rlogsess for bash; installed under both names.

_rlogread() {
	local cur=$2 prev=$3 forms options words=

	case ${1##*/} in
	rlogsess)
		forms='text flat table json csv stats html bytes hex mail pcapng ladder metrics'
		options='-i -K -k -M -m -n -p -r -s -t --address --bad --columns
			--direction --from --heading --into --match --messages --msg
			--number --pid --quiet-time --reply --rest --state-file --stuck
			--time --trace'
		;;
	*)
		forms='raw local tai64nlocal utc iso unix json'
		options='-n -q --lines --quiet'
		;;
	esac
	options+=' -c -f -L -o -S -U -v --cursor-file --dir --end --follow --help
		--labels --last --output --since --start --until --verbose --version'
	COMPREPLY=()
	case $cur in
	--*=*)
		prev=${cur%%=*}
		cur=${cur#*=}
		;;
	esac
	[ "$prev" != = ] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	[ "$cur" != = ] || cur=
	case $prev in
	-o | --output) words=$forms ;;
	-L | --labels) words='auto djb leap' ;;
	-S | --since | --start | -U | --until | --end)
		words='today yesterday now -10m -1h -1d'
		;;
	--last) words='10m 1h 1d' ;;
	-n | --lines | --number) words='10 100 1000 all' ;;
	-r | --reply) words='4xx 5xx' ;;
	--time) words='raw local tai64nlocal utc iso unix' ;;
	--direction) words='in out' ;;
	-i | --address | --columns | --from | -m | --match | --msg | -p | --pid | \
		-t | --quiet-time | --trace) return ;;
	-c | --cursor-file | -k | --state-file) ;;
	*) [ "${cur#-}" = "$cur" ] || words=$options ;;
	esac
	if [ "$words" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	else
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
} &&
	complete -F _rlogread rlogread rlogsess
