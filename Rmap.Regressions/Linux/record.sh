#!/bin/sh
# Records sequences on a kernel made by build-kernel.sh.
#
#   record.sh KERNEL SEQUENCES OUTPUT_DIR
#
# SEQUENCES: a file with one sequence {"name","seed","config","ops":[...]} a line. One recording each: OUTPUT_DIR/NAME.json.
# What the kernel says goes to OUTPUT_DIR/console.txt. The kernel stops at its first warning; then the exit code is 1.
set -eu

[ $# -eq 3 ] || { echo "usage: $0 KERNEL SEQUENCES OUTPUT_DIR" >&2; exit 2; }
[ -x "$1" ] || { echo "record: there is no kernel $1; build-kernel.sh makes one" >&2; exit 1; }
mkdir -p "$3"
rm -f "$3/console.txt"
HOME=$(mktemp -d) # User-Mode Linux needs one, for a folder .uml
export HOME
trap 'rm -rf "$HOME"' EXIT
pin="taskset -c $(($$ % $(nproc)))" # the kernel and its processes take turns: on one processor that is twice as fast
$pin true 2> /dev/null || pin=
$pin "$1" mem=192M con=null con0=null ssl=null panic_on_warn=1 loglevel=5 seccomp=auto < "$2" 2> "$3/console.txt" | awk -v folder="$3" '
    /^\{"kernel":/ {
        name = $0
        sub(/^\{"kernel":"[^"]*","name":"/, "", name)
        sub(/".*/, "", name)
        file = folder "/" name ".json"
    }
    /^\{"error":/ { print > "/dev/stderr"; next }
    file != "" { print > file }
    file != "" && /^\]\}/ { close(file); file = ""; count++ }
    END {
        print count + 0 " recordings in " folder
        if (file != "") { print "record: the kernel stopped within " file "; see " folder "/console.txt" > "/dev/stderr"; exit 1 }
    }'
