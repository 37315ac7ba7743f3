#!/usr/bin/env bash
# Guess, written first: jwt_payload_query('$.iat') returns the digits that are in the token, as it returns the text of a
# claim that is text. The manual says that a floating-point number is returned as a string, and nothing of digits.
#
# Observed with HAProxy 2.6.12, Debian's package, which has to be installed: any number is cut to six digits, whole ones
# too. The run printed:
#   the claim 1772352000 is 1.77235e+09, with 'int' 1772352000
#   the claim 12345.67 is 12345.7, with 'int' 12345
# A header for the API that says when the token was issued is up to 83 minutes off, and not a number that each parser of
# integers accepts. With the second argument 'int', whole numbers are right.
#
# Fails when either line changes.
set -euo pipefail
[[ $(haproxy -v) == 'HAProxy version 2.6.12'* ]]
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >haproxy.cfg <<'CONFIGURATION'
defaults
  mode http
  timeout client 5s
frontend claims
  bind unix@haproxy.sock
  http-request set-var(txn.text) http_auth_bearer,jwt_payload_query('$.claim')
  http-request set-var(txn.int) http_auth_bearer,jwt_payload_query('$.claim','int')
  http-request return status 200 content-type text/plain lf-string "is %[var(txn.text)], with 'int' %[var(txn.int)]"
CONFIGURATION
haproxy -db -q -f haproxy.cfg &
haproxy=$!
trap 'kill "$haproxy"; rm -rf "$folder"' EXIT
encode() { printf '%s' "$1" | base64 --wrap=0 | tr -d '=' | tr '/+' '_-'; }
ask() {
  token=$(encode '{"alg":"none"}').$(encode "{\"claim\":$1}").c2ln
  echo "the claim $1 $(curl --silent --retry 20 --retry-all-errors --retry-delay 1 --unix-socket haproxy.sock --header "Authorization: Bearer $token" http://localhost/)"
}
found=$(ask 1772352000 && ask 12345.67)
echo "$found"
observed="the claim 1772352000 is 1.77235e+09, with 'int' 1772352000
the claim 12345.67 is 12345.7, with 'int' 12345"
if [ "$found" != "$observed" ]; then
  echo 'No longer so.' >&2
  exit 1
fi
