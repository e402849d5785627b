#!/usr/bin/env bash
# Finds a chromium for the browser tests; installs Debian's when there is none and that is possible.
set -u
for name in chromium chromium-browser google-chrome; do command -v "$name" >/dev/null && exit 0; done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing chromium for the browser tests"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "No chromium found: the browser tests will be skipped. Install it with: apt install chromium" >&2
exit 0
