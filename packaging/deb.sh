#!/usr/bin/env bash
# Builds the Debian package from a binary that is there already. The same binary and the same commit give
# the same bytes.
#
#   packaging/deb.sh [--binary FILE] [--out FOLDER]
#
# Needs dpkg-deb, gzip and binutils. SOURCE_DATE_EPOCH dates it; without it the last commit does.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022
export LC_ALL=C TZ=UTC

binary=target/release/ondol
out=out
while [ $# -gt 0 ]; do
  case "$1" in
    --binary) binary=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    *) echo "deb.sh: unknown argument $1; usage: deb.sh [--binary FILE] [--out FOLDER]" >&2; exit 2 ;;
  esac
done
[ -x "$binary" ] || { echo "deb.sh: no program at $binary; run cargo build --release first" >&2; exit 1; }
for tool in dpkg-deb gzip objdump strip; do
  command -v "$tool" >/dev/null || { echo "deb.sh: $tool is missing; apt-get install dpkg binutils" >&2; exit 1; }
done

: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
version=$("$binary" --version | awk '{ print $2 }')-1
architecture=$(dpkg --print-architecture)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
chmod 755 "$stage"
root=$stage/root
doc=$root/usr/share/doc/ondol
install -d "$root/DEBIAN" "$doc/beds"

put() { install -D -m 644 "$1" "$root/$2"; }
squeeze() { gzip -9n "$@"; }

# The program: one file, which holds everything that it needs. Names of functions stay for reports of faults.
install -D -m 755 "$binary" "$root/usr/bin/ondol"
strip --strip-debug --remove-section=.comment "$root/usr/bin/ondol"

put packaging/ondol.service usr/lib/systemd/system/ondol.service
put packaging/ondol-twin.service usr/lib/systemd/system/ondol-twin.service
put packaging/ondol.default etc/default/ondol

# Manual and completions come from the commands themselves.
"$binary" man "$root/usr/share/man/man1"
squeeze "$root"/usr/share/man/man1/*.1
install -d "$root/usr/share/bash-completion/completions" "$root/usr/share/zsh/vendor-completions" \
  "$root/usr/share/fish/vendor_completions.d"
"$binary" completions bash >"$root/usr/share/bash-completion/completions/ondol"
"$binary" completions zsh >"$root/usr/share/zsh/vendor-completions/_ondol"
"$binary" completions fish >"$root/usr/share/fish/vendor_completions.d/ondol.fish"

# What is worth reading.
for file in README.md SAFETY.md GLOSSARY.md NOTICE docs/build-a-bed.md; do
  [ ! -e "$file" ] || put "$file" "usr/share/doc/ondol/$(basename "$file")"
done
put safety/limits.toml usr/share/doc/ondol/limits.toml
for bed in beds/*.toml; do put "$bed" "usr/share/doc/ondol/beds/$(basename "$bed")"; done
put packaging/README.Debian usr/share/doc/ondol/README.Debian
put CHANGELOG.md usr/share/doc/ondol/NEWS
sed "s/@VERSION@/$version/; s/@DATE@/$(date -R -d "@$SOURCE_DATE_EPOCH")/" packaging/debian/changelog \
  >"$doc/changelog.Debian"
target=$(rustc -vV | sed -n 's/^host: //p')
cargo run --locked --quiet -p xtask -- sbom --target "$target" --out "$doc/sbom.cdx.json"
cargo run --locked --quiet -p xtask -- licences --target "$target" --out "$doc/licences.txt"
squeeze "$doc/NEWS" "$doc/changelog.Debian" "$doc/licences.txt"
# The form wants each line of a text indented, and a dot on each empty one.
field() { sed 's/[[:space:]]*$//; s/^$/./; s/^/ /' "$1"; }
awk -v mit=<(field LICENSE-MIT) -v cc=<(field population/LICENSE) '
  /^@MIT@$/ { while ((getline line < mit) > 0) print line; next }
  /^@CC@$/ { while ((getline line < cc) > 0) print line; next }
  { print }' packaging/debian/copyright >"$doc/copyright"

# The newest version of the C library that any symbol asks for.
libc=$(objdump -T "$root/usr/bin/ondol" | grep -o 'GLIBC_[0-9][0-9.]*' | sort -uV | tail -n 1)
size=$(find "$root" -mindepth 1 -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' | awk '{ sum += $1 } END { print int(sum / 1024) + 1 }')
cat >"$root/DEBIAN/control" <<CONTROL
Package: ondol
Version: $version
Architecture: $architecture
Maintainer: The Ondol authors <ondol@localhost>
Installed-Size: $size
Depends: libc6 (>= ${libc#GLIBC_}), libgcc-s1, init-system-helpers (>= 1.52)
Recommends: chromium | firefox-esr | www-browser, tzdata
Section: misc
Priority: optional
Description: control system of a spine-scanning thermal massage bed
 The page of the bed, the care guide for people with back pain, and a physical
 twin of bed and body on which all of it runs without a bed. It works on this
 computer alone and sends nothing anywhere.
 .
 Not a medical device. Every figure of the twin is of a simulated person.
CONTROL
echo /etc/default/ondol >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 "packaging/debian/$script" "$root/DEBIAN/$script"; done
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -print | sed 's|^\./||' | sort | xargs md5sum) \
  >"$stage/md5sums"
install -m 644 "$stage/md5sums" "$root/DEBIAN/md5sums"

find "$root" -print0 | xargs -0 touch --no-dereference --date="@$SOURCE_DATE_EPOCH"
mkdir -p "$out"
package=$out/ondol_${version}_$architecture.deb
dpkg-deb --root-owner-group --threads-max=1 -Zxz -z4 --build "$root" "$package" >/dev/null
echo "$package"
