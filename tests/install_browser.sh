#!/bin/sh
# A Chromium for the browser tests: the one that is there, else the system's package where we are root, else
# Playwright's own. Where none can be had the browser tests are skipped by name (and fail under CI).
set -u
python=$1
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing the system's chromium for the browser tests ..."
    if apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; then
        exit 0
    fi
fi
echo "Fetching Playwright's Chromium for the browser tests ..."
if ! PLAYWRIGHT_BROWSERS_PATH=.browsers "$python" -m playwright install chromium >/dev/null 2>&1; then
    echo "No Chromium could be had: the browser tests will be skipped. Install your system's chromium package to run them." >&2
fi
exit 0
