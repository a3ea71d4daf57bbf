#!/bin/bash
# Installs the packages of dist/ on a Debian that has only Python, and runs the README's first estimate:
# the wheel, and the source archive, which becomes the pure-Python implementation for want of a compiler.
# Usage: tools/bare_debian.sh SUITE, as root, after make packages by the Python of that suite (3.11 in bookworm).
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD/build/debian
rm -rf "$root"
debootstrap --variant=minbase --include=ca-certificates,python3-venv "$1" "$root" > build/debian.log
cp -r dist examples "$root/root"
# Where the machine's pip looks for packages, and whom it trusts, which the build of the archive needs.
cp /etc/resolv.conf "$root/etc"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs"

# Usage: try IMPLEMENTATION REQUIREMENT OPTION...
try() {
    chroot "$root" env -i HOME=/root PATH=/usr/bin:/bin PIP_CERT=/etc/ssl/certs/ca-certificates.crt bash -euo pipefail -c '
        cd
        python3 -m venv --clear tried
        tried/bin/pip install --quiet --disable-pip-version-check --find-links dist "${@:2}" septet
        printed=$(tried/bin/septet estimate examples/campaign.csv --text body --to phone --rates examples/rates.csv)
        tail -n 1 <<< "$printed"
        tried/bin/septet --version | tee version
        grep -F "($1)" version > /dev/null' try "$@"
}
try compiled --no-index
try python --no-binary septet
