#!/bin/sh
# Builds a User-Mode Linux kernel that records its own reverse mapping.
#
#   build-kernel.sh KERNEL_SOURCE_TREE OUTPUT_DIR [--patch FILE]...
#
# The result is one executable, OUTPUT_DIR/linux, with the init program and a file system inside it. The source tree is only
# read: OUTPUT_DIR/tree consists of links to it, except for what is patched or added. When nothing has changed since the last
# build, nothing is done; otherwise only what changed is compiled again. JOBS=n sets how many compilers run at once.
set -eu

usage() {
    echo "usage: $0 KERNEL_SOURCE_TREE OUTPUT_DIR [--patch FILE]..." >&2
    exit 2
}

fail() {
    echo "build-kernel: $*" >&2
    exit 1
}

[ $# -ge 2 ] || usage
here=$(cd "$(dirname "$0")" && pwd)
[ -d "$1" ] || fail "$1 is no directory; expected a Linux source tree, such as /usr/src/linux-source-6.12 unpacked"
source=$(cd "$1" && pwd)
mkdir -p "$2"
output=$(cd "$2" && pwd)
shift 2
patches=
while [ $# -gt 0 ]; do
    [ "$1" = --patch ] && [ $# -ge 2 ] || usage
    [ -f "$2" ] || fail "there is no patch $2"
    patches="$patches $(cd "$(dirname "$2")" && pwd)/$(basename "$2")"
    shift 2
done

# What is needed

missing=
need() { command -v "$1" > /dev/null 2>&1 || missing="$missing $2"; }
need gcc gcc
need make make
need flex flex
need bison bison
need bc bc
need patch patch
need sha256sum coreutils
PATH=$PATH:/sbin:/usr/sbin
need mke2fs e2fsprogs
echo 'int main(void) { return 0; }' > "$output/probe.c"
gcc -static -o "$output/probe" "$output/probe.c" 2> /dev/null || missing="$missing libc6-dev(libc.a)"
rm -f "$output/probe.c" "$output/probe"
[ -z "$missing" ] || fail "not installed:$missing. On Debian: apt install gcc make flex bison bc patch libc6-dev e2fsprogs"
[ "$(uname -m)" = x86_64 ] || fail "User-Mode Linux needs x86-64; this is $(uname -m)"
for file in Makefile mm/ksm.c mm/Makefile mm/Kconfig arch/um/Makefile; do
    [ -f "$source/$file" ] || fail "$source has no $file; expected a Linux source tree with arch/um"
done

# Is it there already?

parts="Kbuild Kconfig Makefile arch/um arch/x86 block certs crypto drivers fs include init io_uring ipc kernel lib mm net rust
    samples scripts security sound tools usr virt"
key=$({
    gcc --version
    sha256sum "$here/build-kernel.sh" "$here/kernel.config" "$here"/export/* "$here"/init/* $patches
    cd "$source" && find -L $parts arch/Kconfig -type f -printf '%p %s %T@\n' 2> /dev/null | LC_ALL=C sort
} | sha256sum | cut -d' ' -f1)
if [ -x "$output/linux" ] && [ "$(cat "$output/key" 2> /dev/null)" = "$key" ]; then
    echo "build-kernel: $output/linux is up to date"
    exit 0
fi
rm -f "$output/key"

# The tree: links, and our own files

tree=$output/tree
rm -rf "$output/tree.old"
if [ "$(cat "$output/source" 2> /dev/null)" = "$source" ] && [ -d "$tree" ]; then
    mv "$tree" "$output/tree.old"
else
    rm -rf "$tree" "$output/build"
    mkdir -p "$output/tree.old"
fi
echo "$source" > "$output/source"
mkdir -p "$tree"
ln -s "$source"/* "$tree/"
rm -f "$tree/tree" # in case the output lies inside the source

open() { # turns the link to folder $1 into a folder of links
    [ "$1" = . ] && return
    open "$(dirname "$1")"
    if [ -L "$tree/$1" ]; then
        rm "$tree/$1"
        mkdir "$tree/$1"
        ln -s "$source/$1"/* "$tree/$1/"
    fi
    mkdir -p "$tree/$1"
}
own() { # turns the link to file $1 into a file that may be changed
    open "$(dirname "$1")"
    if [ -L "$tree/$1" ]; then cp --remove-destination "$source/$1" "$tree/$1"; fi
}

open include
open arch/um/include
rm -f "$tree/include/config" "$tree/include/generated" "$tree/arch/um/include/generated" # of a build in the source tree itself

for patch in $patches; do
    sed -n 's#^[-+][-+][-+] [^/]*/\([^	 ]*\).*#\1#p' "$patch" | grep -v '^dev/null$' | sort -u | while read -r file; do own "$file"; done
    patch -d "$tree" -p1 -s -i "$patch" || fail "$patch does not apply to $source"
done

own mm/Makefile
echo 'obj-y += rmap_export.o' >> "$tree/mm/Makefile"
cp "$here"/export/rmap_export*.[ch] "$tree/mm/"
# What versions have in different ways is asked of the header that declares it: NAME FILE PATTERN.
while read -r name file pattern; do
    if tr '\n' ' ' < "$tree/$file" | grep -q -e "$pattern"; then echo "#define $name"; fi
done > "$tree/mm/rmap_export_features.h" <<FEATURES
RMAP_SWAP_MAP include/linux/swap.h swap_map;
RMAP_SWAP_INFO mm/swap.h extern struct swap_info_struct \*swap_info\[\]
RMAP_SWAP_CACHE_BY_ENTRY mm/swap.h swap_cache_get_folio(swp_entry_t entry)
RMAP_REFERENCED_VMA_FLAGS include/linux/rmap.h int folio_referenced([^;]*vma_flags_t \*[^;]*);
RMAP_ANON_PGOFF include/linux/mm.h vma_start_anon_pgoff(
FEATURES
own mm/ksm.c
echo '#include "rmap_export_ksm.h"' >> "$tree/mm/ksm.c"
own include/trace/events/kmem.h
cat "$here/export/rmap_export_hooks.h" >> "$tree/include/trace/events/kmem.h"

# A page that was not accessed yet is mapped for execution only, and x86 lets such a page be read, unless it has protection keys:
# reading must fault everywhere, or the accessed bit stays clear.
own arch/um/kernel/tlb.c
sed -i 's/if (!pte_young(\*pte)) {/& x = 0;/' "$tree/arch/um/kernel/tlb.c"
grep -q 'x = 0;' "$tree/arch/um/kernel/tlb.c" ||
    fail "arch/um/kernel/tlb.c of this tree is not known: where does it take access away from a page that is not pte_young()?"
# Before 6.18 User-Mode Linux compares page-table entries with one of its two private bits, so that KSM's replacing of a page
# fails the first time. Real hardware has no such bits.
own arch/um/include/asm/pgtable.h
sed -i '/^static inline int pte_same(/,/^}/s/& ~_PAGE_NEWPAGE)/\& ~(_PAGE_NEWPAGE | _PAGE_NEWPROT))/' "$tree/arch/um/include/asm/pgtable.h"

# make compiles what is younger than its object: files of ours that did not change keep their age, those of the last build that
# are no longer ours are as young as a change.
(cd "$output/tree.old" && find . -type f) | while read -r file; do own "${file#./}"; done
(cd "$tree" && find . -type f) | while read -r file; do
    if cmp -s "$tree/$file" "$output/tree.old/$file"; then touch -r "$output/tree.old/$file" "$tree/$file"; else touch "$tree/$file"; fi
done
rm -rf "$output/tree.old"

# The guest's files

root=$output/root
mkdir -p "$root" "$output/build"
gcc -Wall -Wextra -Werror -O2 -static -s -o "$root/init" "$here"/init/*.c
rm -f "$root/ext4.img"
mke2fs -q -t ext4 -b 4096 -O ^has_journal -m 0 -E lazy_itable_init=0,root_owner=0:0 "$root/ext4.img" 8M > /dev/null
cat > "$output/initramfs.list" <<LIST
dir /dev 755 0 0
nod /dev/console 600 0 0 c 5 1
nod /dev/null 666 0 0 c 1 3
nod /dev/kmsg 600 0 0 c 1 11
file /init $root/init 755 0 0
file /ext4.img $root/ext4.img 600 0 0
LIST

# The kernel

{
    cat "$here/kernel.config"
    echo "CONFIG_INITRAMFS_SOURCE=\"$output/initramfs.list\""
} > "$output/config"
making=
stop() { # who is stopped leaves no compiler behind
    trap - INT TERM HUP
    [ -z "$making" ] || kill "$making" 2> /dev/null || true
    wait
    exit 1
}
trap stop INT TERM HUP
run() {
    make -C "$tree" ARCH=um O="$output/build" "$@" >> "$output/build.log" 2>&1 &
    making=$!
    wait "$making" || {
        grep -E 'error|Error|undefined' "$output/build.log" | tail -n 15 >&2
        fail "the kernel does not build; all messages are in $output/build.log"
    }
    making=
}
echo "build-kernel: building; messages go to $output/build.log"
: > "$output/build.log"
run KCONFIG_ALLCONFIG="$output/config" allnoconfig
# An option that is not there is dropped in silence. Only those that a tree may call otherwise may be missing.
sed -n '/^# May be missing/q; /^CONFIG_/p' "$here/kernel.config" | while read -r option; do
    grep -qxF "$option" "$output/build/.config" ||
        fail "this tree does not allow $option; see $output/build/.config. Has the option another name there (git grep in */Kconfig)?"
done
# Our own files first: what does not compile there is known within a minute.
run -j"${JOBS:-$(nproc)}" mm/rmap_export.o mm/ksm.o
run -j"${JOBS:-$(nproc)}" linux
cp "$output/build/linux" "$output/linux.new"
mv "$output/linux.new" "$output/linux"
echo "$key" > "$output/key"
echo "build-kernel: $output/linux"
