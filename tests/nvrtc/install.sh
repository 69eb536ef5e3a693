#!/usr/bin/env bash
# Unpacks NVIDIA's run-time compiler (NVRTC 12.4, for Linux x86-64) from Debian's non-free component into a cache folder outside the
# repository and prints that folder. Nothing is installed on the system or redistributed. The mirror is the one that this machine's apt
# already uses. Ends with a message and exit code 1 where it cannot be had.
set -euo pipefail
cache=${PASSATK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/passatk}/nvrtc-12.4
release=trixie
packages=(libnvrtc12 libnvrtc-builtins12.4)

if [ -e "$cache/libnvrtc.so.12" ]; then
    echo "$cache"
    exit 0
fi
fail() {
    echo "NVRTC could not be had: $1" >&2
    exit 1
}
[ "$(uname -sm)" = "Linux x86_64" ] || fail "the packages are for Linux on x86-64."
command -v apt-get >/dev/null && command -v dpkg >/dev/null || fail "this machine has no apt."
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -vE '^ *#' | grep -oE '[a-z]+://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ') || true
[ -n "$mirror" ] || fail "apt names no Debian mirror."
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keyring" ] || fail "$keyring is missing; install debian-archive-keyring."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,archives/partial,state,parts,packages}
: >"$work/state/status"
printf 'deb [signed-by=%s] %s %s non-free\n' "$keyring" "$mirror" "$release" >"$work/sources.list"
apt_private() {
    apt-get -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts="$work/parts" -o Dir::State="$work/state" \
        -o Dir::State::Lists="$work/lists" -o Dir::State::Status="$work/state/status" -o Dir::Cache="$work" \
        -o Dir::Cache::Archives="$work/archives" -o APT::Sandbox::User=root -o APT::Architecture=amd64 "$@"
}
apt_private update -qq >&2 || fail "apt update failed."
(cd "$work/packages" && apt_private download -qq "${packages[@]}" >&2) || fail "apt download of ${packages[*]} failed."
mkdir -p "$work/root"
for package in "$work"/packages/*.deb; do
    dpkg -x "$package" "$work/root"
done
mkdir -p "$(dirname "$cache")"
staged=$(mktemp -d "$(dirname "$cache")/staged.XXXXXX")
find "$work/root" -name 'libnvrtc*.so*' -exec cp -a {} "$staged/" \;
[ -e "$staged/libnvrtc.so.12" ] || fail "the packages hold no libnvrtc.so.12."
mv -T "$staged" "$cache" 2>/dev/null || rm -rf "$staged"
[ -e "$cache/libnvrtc.so.12" ] || fail "$cache could not be written."
echo "$cache"
