// Whether a library that nobody here wrote believes our access token.
//   node verify.mjs JWKS_ADDRESS ISSUER TOKEN      prints its subject
import { createRemoteJWKSet, jwtVerify } from 'jose';

const [jwks, issuer, token] = process.argv.slice(2);
const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks)), { issuer, audience: 'teraju', typ: 'at+jwt' });
console.log(`subject=${payload.sub};`);
