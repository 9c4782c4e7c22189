# Completion of rlogship for bash.

_rlogship() {
	local cur=$2 prev=$3 words=

	COMPREPLY=()
	case $prev in
	-o | --output) words='json raw sessions' ;;
	-L | --labels) words='auto djb leap' ;;
	-b | --bytes | -d | --ready-fd | -n | --name) return ;;
	-c | --cursor-file | -s | --status-file) ;;
	*)
		case $cur in
		-*)
			words='-1 -b -c -d -L -n -o -s -v --bytes --cursor-file
				--help --labels --name --once --output --ready-fd
				--status-file --verbose --version'
			;;
		n* | r*) words='nats:// natss:// relp:// relps://' ;;
		esac
		;;
	esac
	if [ "$words" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	fi
	if [ ${#COMPREPLY[@]} -eq 0 ]; then
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
} &&
	complete -F _rlogship rlogship
