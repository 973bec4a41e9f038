// What a browser does: follows redirects with cookies until the portal's address.
//   node browse.mjs ADDRESS REDIRECT_URI      prints the address it was sent back to
const [start, redirect] = process.argv.slice(2);
const cookies = new Map();
let at = start;
for (let hop = 0; hop < 20 && !at.startsWith(redirect); ++hop) {
  const answer = await fetch(at, { redirect: 'manual', headers: { cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join('; ') } });
  for (const line of answer.headers.getSetCookie?.() ?? []) {
    const [pair] = line.split(';');
    cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  }
  const next = answer.headers.get('location');
  if (!next) throw new Error(`${answer.status} at ${at}: ${(await answer.text()).slice(0, 500)}`);
  at = new URL(next, at).href;
}
console.log(`back=${at};`);
