# Completion of rlogsess for bash.

_rlogsess() {
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
			'text flat table json stats' -- "$cur")
		;;
	-L | --labels)
		mapfile -t COMPREPLY < <(compgen -W 'auto djb leap' -- "$cur")
		;;
	-S | --since | --start | -U | --until | --end)
		mapfile -t COMPREPLY < <(compgen -W \
			'today yesterday now -10m -1h -1d' -- "$cur")
		;;
	-r | --reply)
		mapfile -t COMPREPLY < <(compgen -W '4xx 5xx' -- "$cur")
		;;
	-c | --cursor-file | -k | --state-file)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	-i | --address | -m | --match | -p | --pid | -t | --quiet-time) ;;
	*)
		case $cur in
		-*)
			mapfile -t COMPREPLY < <(compgen -W '-c -f -i -K -k -L -M -m -o -p -r
				--pid -S -s -t -U -v --address --bad --dir --end
				--cursor-file --follow --help --messages
				--labels --match --output --quiet-time
				--reply --since --start --until --verbose
				--state-file --version' -- "$cur")
			;;
		*)
			compopt -o filenames
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			;;
		esac
		;;
	esac
} &&
	complete -F _rlogsess rlogsess
