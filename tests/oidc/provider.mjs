// An issuer as others write them: signs whoever the address names in (login_hint), without asking.
//   node provider.mjs REDIRECT_URI      prints its address
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const redirect = process.argv[2];
const keys = [];
for (const alg of ['RS256', 'ES256']) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  keys.push({ ...(await exportJWK(privateKey)), alg, use: 'sig', kid: `key-${alg}` });
}
const client = { redirect_uris: [redirect], response_types: ['code'], grant_types: ['authorization_code'] };
let provider;
const server = createServer(async (request, response) => {
  if (!request.url.startsWith('/interaction/')) return provider.callback()(request, response);
  const { params } = await provider.interactionDetails(request, response);
  await provider.interactionFinished(request, response, { login: { accountId: params.login_hint ?? 'nobody' } });
});
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  provider = new Provider(issuer, {
    jwks: { keys },
    cookies: { keys: ['a key of a test'] },
    clients: [
      { ...client, client_id: 'confidential', client_secret: 'a secret: with/signs+', id_token_signed_response_alg: 'RS256' },
      { ...client, client_id: 'public', token_endpoint_auth_method: 'none', id_token_signed_response_alg: 'ES256' },
    ],
    claims: { openid: ['sub', 'nip', 'person'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: `sub-${id}`, nip: id, person: id }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    pkce: { required: () => true, methods: ['S256'] },
  });
  console.log(`issuer=${issuer};`);
});
