# Completion of rlogread for bash.

_rlogread() {
	local cur=$2 prev=$3

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
	-o | --output)
		mapfile -t COMPREPLY < <(compgen -W \
			'raw local tai64nlocal utc iso unix json' -- "$cur")
		;;
	-L | --labels)
		mapfile -t COMPREPLY < <(compgen -W 'auto djb leap' -- "$cur")
		;;
	-S | --since | --start | -U | --until | --end)
		mapfile -t COMPREPLY < <(compgen -W \
			'today yesterday now -10m -1h -1d' -- "$cur")
		;;
	-c | --cursor-file)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	-n | --lines)
		mapfile -t COMPREPLY < <(compgen -W '10 100 1000' -- "$cur")
		;;
	*)
		case $cur in
		-*)
			mapfile -t COMPREPLY < <(compgen -W '-c -f -L -n -o -q -S -U -v
				--cursor-file --dir --end --follow --help
				--labels --lines --output --quiet --since
				--start --until --verbose --version' -- "$cur")
			;;
		*)
			compopt -o filenames
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			;;
		esac
		;;
	esac
} &&
	complete -F _rlogread rlogread
