#!/usr/bin/env bash
# Finds git-lfs for the story of large files; installs Debian's when there is none and that is possible.
set -u
command -v git-lfs >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing git-lfs for the story of large files"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends git-lfs >/dev/null && exit 0
fi
echo "No git-lfs found: the story of large files will be skipped. Install it with: apt install git-lfs" >&2
exit 0
