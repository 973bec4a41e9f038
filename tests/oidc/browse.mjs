// What a browser does: follows redirects with cookies until the portal's address.
//   node browse.mjs ADDRESS REDIRECT_URI      prints the address it was sent back to
import { get } from 'node:http';
import { once } from 'node:events';

const [start, redirect] = process.argv.slice(2);
const cookies = new Map();
let at = start;
for (let hop = 0; hop < 20 && !at.startsWith(redirect); ++hop) {
  const [answer] = await once(get(at, { headers: { cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join('; ') } }), 'response');
  let body = '';
  for await (const part of answer) body += part;
  for (const line of answer.headers['set-cookie'] ?? []) {
    const [pair] = line.split(';');
    cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  }
  const next = answer.headers.location;
  if (!next) throw new Error(`${answer.statusCode} at ${at}: ${body.slice(0, 500)}`);
  at = new URL(next, at).href;
}
console.log(`back=${at};`);
