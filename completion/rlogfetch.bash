# Completion of rlogfetch for bash.

_rlogfetch() {
	local cur=$2 prev=$3 words=

	COMPREPLY=()
	case $prev in
	-S | --since | --start) words='today yesterday now -10m -1h -1d' ;;
	-d | --ready-fd | -n | --sequence) return ;;
	-c | --cursor-file | -D | --directives | -s | --status-file) ;;
	*)
		case $cur in
		-*)
			words='-1 -c -D -d -n -S -s -v --cursor-file --directives
				--help --once --ready-fd --sequence --since --start --status-file
				--verbose --version'
			;;
		n*) words='nats:// natss://' ;;
		esac
		;;
	esac
	if [ "$words" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	else
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
} &&
	complete -F _rlogfetch rlogfetch
