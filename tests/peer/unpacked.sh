# shellcheck shell=sh
# unpacked PACKAGE...: takes packages that can't be installed beside others from
# where package/deps has put them, into ./PACKAGE; false if one is not there.
unpacked() {
	for package in "$@"; do
		# shellcheck disable=SC2154 # lib.sh sets it
		for file in "$top/build/packages/${package}_"*.deb; do
			[ -e "$file" ] && dpkg -x "$file" "$package" || return 1
		done
	done
}
