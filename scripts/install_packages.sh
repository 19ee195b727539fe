#!/bin/sh
# Installs the Debian packages that are missing.   usage: scripts/install_packages.sh build|test
# "build": what building and running needs. "test": that, and what ./test needs besides.
set -eu

build_packages="g++ cmake ninja-build pkg-config python3 \
    libboost1.81-dev libboost-json1.81-dev libssl-dev libcurl4-openssl-dev libsqlite3-dev libpq-dev zlib1g-dev libfmt-dev libspdlog-dev \
    libcli11-dev libtomlplusplus-dev libargon2-dev libqrencode-dev libre2-dev libzstd-dev libarchive-dev libssh-dev liblzma-dev libsimdjson-dev libpugixml-dev libzip-dev"
test_packages="clang-19 lld-19 llvm-19 libclang-rt-19-dev clang-tidy-19 ccache git libgtest-dev libgmock-dev libgumbo-dev \
    python3-pytest python3-pytest-xdist python3-jsonschema python3-selenium chromium chromium-driver fonts-noto-cjk \
    postgresql-15 postgresql-common mandoc openssl openssh-server curl zstd xz-utils faketime \
    iproute2 iptables ipset nftables"

case "${1:-}" in
    build) wanted=$build_packages ;;
    test) wanted="$build_packages $test_packages" ;;
    *) echo "usage: $0 build|test" >&2; exit 2 ;;
esac

# shellcheck disable=SC2086
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null | sed -n 's/ installed$//p' || true)
missing=""
for package in $wanted; do
    case "
$installed
" in *"
$package
"*) ;; *) missing="$missing $package" ;; esac
done
[ -n "$missing" ] || exit 0

echo "Installing Debian packages:$missing" >&2
if [ "$(id -u)" = 0 ]; then as_root=""
elif command -v sudo >/dev/null; then as_root="sudo"
else
    echo "These packages are missing and only root can install them; run as root:" >&2
    echo "    apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
install() {
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}
install || { $as_root apt-get update -qq >&2; install; }
