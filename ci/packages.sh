#!/usr/bin/env bash
# The Debian package: built twice alike, its bill of materials and licences checked, installed, tried,
# removed and purged; nothing of it may stay but what people told.
#
#   ci/packages.sh [--binary FILE] [--venv FOLDER]
#
# Installing needs root and dpkg, and a computer on which Ondol is not installed; else that part is left out,
# with the reason. No running systemd is needed.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=target/release/ondol
venv=out/venv-sbom
while [ $# -gt 0 ]; do
  case "$1" in
    --binary) binary=$2; shift 2 ;;
    --venv) venv=$2; shift 2 ;;
    *) echo "packages.sh: unknown argument $1" >&2; exit 2 ;;
  esac
done
say() { printf -- '-- %s\n' "$1"; }
fail() { echo "packages.sh: $1" >&2; exit 1; }

if ! command -v dpkg-deb >/dev/null; then
  say "left out: no dpkg-deb here, so no Debian package can be built"
  exit 0
fi

say "built twice, the same bytes"
rm -rf out/packages out/packages-again out/packages-open
package=$(packaging/deb.sh --binary "$binary" --out out/packages)
again=$(umask 077 && packaging/deb.sh --binary "$binary" --out out/packages-again)
cmp "$package" "$again"
ls -l "$package"
dpkg-deb --contents "$package" | awk '$2 != "root/root" { print; bad = 1 } END { exit bad }' \
  || fail "a file is not root's"
dpkg-deb -x "$package" out/packages-open
doc=out/packages-open/usr/share/doc/ondol
for file in copyright changelog.Debian.gz licences.txt.gz sbom.cdx.json README.Debian limits.toml build-a-bed.md; do
  [ -s "$doc/$file" ] || fail "the package lacks $file"
done
[ -s out/packages-open/usr/share/man/man1/ondol.1.gz ] || fail "the package has no manual"
bash -n out/packages-open/usr/share/bash-completion/completions/ondol

say "the bill of materials, before the validator of those who made the format"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check -r ci/sbom-requirements.txt
"$venv/bin/python" ci/check_sbom.py "$doc/sbom.cdx.json"

if [ "$(id -u)" != 0 ]; then
  say "left out: installing needs root"
  exit 0
fi
if dpkg-query -W -f '${Status}' ondol 2>/dev/null | grep -q installed; then
  say "left out: Ondol is installed here, and this would remove it"
  exit 0
fi
if [ -e /var/lib/ondol ] || [ -e /var/lib/private/ondol ]; then
  say "left out: there are records in /var/lib/ondol"
  exit 0
fi

# What the package may touch; what dpkg itself writes is not of the package.
footprint() {
  find /etc /usr /var /opt -xdev \( -path /var/lib/dpkg -o -path /var/cache -o -path /var/log -o -path /usr/src \
    -o -path /usr/local \) -prune -o -print 2>/dev/null | sort
}
before=$(mktemp)
after=$(mktemp)
folder=$(mktemp -d)
ended() {
  dpkg --purge ondol >/dev/null 2>&1 || true
  rm -rf "$before" "$after" "$folder"
}
trap ended EXIT
footprint >"$before"

say "installed"
dpkg -i "$package"
cd "$folder"
ondol --version
mkdir -m 700 records
ondol doctor --data "$folder/records" --port 0
ondol session --program first-time --out "$folder/session" >/dev/null
[ -s session/report.html ] || fail "the installed program gave no session"

say "the units"
if command -v systemd-analyze >/dev/null; then
  SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no /usr/lib/systemd/system/ondol.service \
    /usr/lib/systemd/system/ondol-twin.service
  # From 0 (nothing is exposed) to 10; the service of a bed stays in the range that is called safe.
  systemd-analyze security --offline=true --threshold=20 --no-pager ondol.service | tail -n 1
  systemd-analyze security --offline=true --threshold=20 --no-pager ondol-twin.service | tail -n 1
else
  say "left out: no systemd-analyze here, the units were not checked"
fi
[ -L /etc/systemd/system/multi-user.target.wants/ondol.service ] || fail "ondol.service is not enabled"
[ ! -e /etc/systemd/system/multi-user.target.wants/ondol-twin.service ] || fail "ondol-twin.service is not off"

if ! ondol serve --help >/dev/null 2>&1; then fail "this version has no serve, which the unit runs"; fi
say "what the unit runs, run by hand"
# As the service would, but for the folder and the port.
line=$(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/ondol.service | sed 's/ \$ONDOL_SERVE//')
line=${line//\/var\/lib\/ondol/$folder/records}
$line --port 0 >serve.log 2>&1 &
served=$!
for _ in $(seq 100); do
  address=$(sed -n 's|.*\(http://127[^ ]*/\).*|\1|p' serve.log | head -n 1)
  [ -z "$address" ] || break
  kill -0 "$served" 2>/dev/null || { cat serve.log; fail "the service's command ended by itself"; }
  sleep 0.1
done
[ -n "$address" ] || { cat serve.log; kill "$served"; fail "no page within ten seconds"; }
python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1] + "api/health", timeout=5).read().decode())' "$address"
kill "$served"
wait "$served" || fail "the service did not end in good order"

say "removed: what people told stays"
install -d -m 700 /var/lib/private
install -d -m 700 /var/lib/private/ondol /var/lib/private/ondol/person-test
echo told >/var/lib/private/ondol/person-test/record.sqlite
ln -s private/ondol /var/lib/ondol
dpkg --remove ondol
[ ! -e /usr/bin/ondol ] || fail "the program stayed"
[ -s /var/lib/ondol/person-test/record.sqlite ] || fail "removing took what people told"

say "purged: it still stays, and a purge without records leaves nothing"
dpkg --purge ondol 2>&1 | tee purge.log
grep -q 'holds people.s records and stays' purge.log || fail "the purge does not say where the records are"
[ -s /var/lib/ondol/person-test/record.sqlite ] || fail "purging took what people told"
rm -r /var/lib/private/ondol/person-test
dpkg -i "$OLDPWD/$package" >/dev/null
dpkg --purge ondol >/dev/null
footprint >"$after"
left=$(comm -13 "$before" "$after" | grep -e '^/etc/' -e '^/usr/' -e ondol || true)
[ -z "$left" ] || { echo "$left"; fail "the purge left this"; }
lost=$(comm -23 "$before" "$after" | grep -e '^/etc/' -e '^/usr/' || true)
[ -z "$lost" ] || { echo "$lost"; fail "the purge took this"; }
say "nothing is left"
