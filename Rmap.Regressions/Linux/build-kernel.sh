#!/bin/sh
# Builds a User-Mode Linux kernel that records its own reverse mapping.
#
#   build-kernel.sh KERNEL_SOURCE_TREE OUTPUT_DIR [--patch FILE]...
#
# The result is one executable, OUTPUT_DIR/linux, with the init program and a file system inside it. The source tree is only
# read: OUTPUT_DIR/tree is a copy made of links, in which patched files and the exporter take the links' places. When nothing
# has changed since the last build, nothing is done. JOBS=n sets how many compilers run at once.
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
    sha256sum "$here/build-kernel.sh" "$here/kernel.config" "$here"/export/* "$here/init/init.c" $patches
    cd "$source" && find -L $parts arch/Kconfig -type f -printf '%p %s %T@\n' 2> /dev/null | LC_ALL=C sort
} | sha256sum | cut -d' ' -f1)
if [ -x "$output/linux" ] && [ "$(cat "$output/key" 2> /dev/null)" = "$key" ]; then
    echo "build-kernel: $output/linux is up to date"
    exit 0
fi
rm -f "$output/key" "$output/linux"

# The tree: links, and our own files

tree=$output/tree
rm -rf "$tree"
mkdir -p "$tree/arch"
for part in $parts; do
    if [ -e "$source/$part" ]; then cp -rs "$source/$part" "$tree/$(dirname "$part")/"; fi
done
for other in "$source"/* "$source"/arch/*; do # only looked into by Kconfig
    if [ ! -e "$tree${other#"$source"}" ]; then ln -s "$other" "$tree${other#"$source"}"; fi
done
rm -rf "$tree/.config" "$tree/include/config" "$tree/include/generated" "$tree/arch/um/include/generated" "$tree/arch/x86/include/generated"

own() { # turns a link into a file that may be changed, as old as the original
    if [ -L "$tree/$1" ]; then cp -pL "$tree/$1" "$tree/$1.own" && mv -f "$tree/$1.own" "$tree/$1"; fi
}

for patch in $patches; do
    sed -n 's#^[-+][-+][-+] [^/]*/\([^	 ]*\).*#\1#p' "$patch" | sort -u | while read -r file; do own "$file"; done
    patch -d "$tree" -p1 -s -i "$patch" || fail "$patch does not apply to $source"
done

cp -p "$here"/export/rmap_export.[ch] "$tree/mm/"
append() { # adds our file $2 to the tree's file $1, which stays as old as its parts: only what changed is compiled again
    own "$1"
    cat "$here/export/$2" >> "$tree/$1"
    if [ "$source/$1" -nt "$here/export/$2" ]; then touch -r "$source/$1" "$tree/$1"; else touch -r "$here/export/$2" "$tree/$1"; fi
}
append mm/ksm.c rmap_export_ksm.h
append include/trace/events/kmem.h rmap_export_hooks.h
own mm/Makefile && echo 'obj-y += rmap_export.o' >> "$tree/mm/Makefile"
if grep -q 'swap_map;' "$tree/include/linux/swap.h"; then
    echo 'CFLAGS_rmap_export.o += -DRMAP_HAVE_SWAP_MAP' >> "$tree/mm/Makefile"
fi

change() { # edits a file of the tree with sed; it stays as old as it is
    own "$1"
    sed -i "$2" "$tree/$1"
    touch -r "$source/$1" "$tree/$1"
}
# A page that was not accessed yet is mapped for execution only, and x86 lets such a page be read, unless it has protection keys:
# reading must fault everywhere, or the accessed bit stays clear.
change arch/um/kernel/tlb.c 's/if (!pte_young(\*pte)) {/& x = 0;/'
grep -q 'x = 0;' "$tree/arch/um/kernel/tlb.c" ||
    fail "arch/um/kernel/tlb.c of this tree is not known: where does it take access away from a page that is not pte_young()?"
# Before 6.18 User-Mode Linux compares page-table entries with one of its two private bits, so that KSM's replacing of a page
# fails the first time. Real hardware has no such bits.
change arch/um/include/asm/pgtable.h '/^static inline int pte_same(/,/^}/s/& ~_PAGE_NEWPAGE)/\& ~(_PAGE_NEWPAGE | _PAGE_NEWPROT))/'

# The guest's files

root=$output/root
mkdir -p "$root" "$output/build"
gcc -Wall -Wextra -Werror -O2 -static -s -o "$root/init" "$here/init/init.c"
rm -f "$root/ext4.img"
mke2fs -q -t ext4 -b 4096 -O ^has_journal -m 0 -E lazy_itable_init=0,root_owner=0:0 "$root/ext4.img" 8M
cat > "$output/initramfs.list" <<LIST
dir /dev 755 0 0
nod /dev/console 600 0 0 c 5 1
nod /dev/null 666 0 0 c 1 3
file /init $root/init 755 0 0
file /ext4.img $root/ext4.img 600 0 0
LIST

# The kernel

{
    cat "$here/kernel.config"
    echo "CONFIG_INITRAMFS_SOURCE=\"$output/initramfs.list\""
} > "$output/config"
run() {
    make -C "$tree" ARCH=um O="$output/build" "$@" >> "$output/build.log" 2>&1 || {
        grep -E 'error|Error|undefined' "$output/build.log" | tail -n 15 >&2
        fail "the kernel does not build; all messages are in $output/build.log"
    }
}
echo "build-kernel: building; messages go to $output/build.log"
: > "$output/build.log"
run KCONFIG_ALLCONFIG="$output/config" allnoconfig
for option in KSM SWAP SHMEM TMPFS SYSVIPC MIGRATION USERFAULTFD DEBUG_VM EXT4_FS BLK_DEV_RAM; do
    grep -q "^CONFIG_$option=y" "$output/build/.config" || fail "this tree does not allow CONFIG_$option; see $output/build/.config"
done
run -j"${JOBS:-$(nproc)}" linux
cp "$output/build/linux" "$output/linux"
echo "$key" > "$output/key"
echo "build-kernel: $output/linux"
