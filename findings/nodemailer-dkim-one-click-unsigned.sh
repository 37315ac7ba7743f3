#!/usr/bin/env bash
# Guess, written first: DKIM in nodemailer signs List-Unsubscribe-Post along with List-Unsubscribe when the mail has both.
# RFC 8058, section 4, requires both in the signature; otherwise the receiver should not offer one-click unsubscription.
#
# Observed with nodemailer 10.6.0: the header names that it signs by default are a list older than that RFC, with
# List-Unsubscribe but not List-Unsubscribe-Post. The run printed:
#   signed by default: list-unsubscribe
#   with headerFieldNames: list-unsubscribe, list-unsubscribe-post
# The signature is valid and nothing warns, but mail programs offer no button, and large receivers demand one.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact nodemailer@10.6.0 >/dev/null
cat >run.js <<'RUN'
import { generateKeyPairSync } from 'node:crypto';
import nodemailer from 'nodemailer';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = {
  domainName: 'example.com',
  keySelector: 'mail',
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
};

/** Signs a mail with both headers, and returns which of them the signature covers. */
async function covered(options) {
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, dkim: { ...key, ...options } });
  const { message } = await transport.sendMail({
    from: 'todos@example.com',
    to: 'ada@example.com',
    subject: 'Due today',
    text: 'Tea',
    headers: {
      'List-Unsubscribe': '<https://todos.example.com/unsubscribe/1>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  });
  const signature = message.toString().replaceAll(/\r\n[ \t]+/g, '');
  const [, names] = /^DKIM-Signature:.*?\bh=([^;]*)/im.exec(signature);
  return names.split(':').filter((name) => name.startsWith('list-')).sort().join(', ');
}

const found = [
  `signed by default: ${await covered({})}`,
  `with headerFieldNames: ${await covered({ headerFieldNames: 'From:To:Subject:List-Unsubscribe:List-Unsubscribe-Post' })}`,
].join('\n');
console.log(found);
const observed = [
  'signed by default: list-unsubscribe',
  'with headerFieldNames: list-unsubscribe, list-unsubscribe-post',
].join('\n');
if (found !== observed) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
node run.js
