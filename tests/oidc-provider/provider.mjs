// The provider of sign-in `oidc-provider`, which others wrote, for the tests: set up as a test asks and otherwise as it comes.
//
//     node provider.mjs FOLDER
//
// FOLDER has `node_modules`. The first line of standard input says in JSON what is asked:
//
//     client           our registration there
//     claims           what comes with which scope, as `claims` of its configuration
//     claimsParameter  does it take the parameter `claims`?
//     users            by login name: password, sub, acr, amr, claims
//     acrValues        what it tells of how well it verified somebody
//     now              milliseconds since 1970, at which its clock stands: nothing depends on the day
//
// It prints one line of JSON with its `issuer`, and ends when standard input does.

import { Console } from 'node:console';
import { randomBytes, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// Standard output has one line.
globalThis.console = new Console(process.stderr);

const lines = createInterface({ input: process.stdin });
const asked = await new Promise((heard) => lines.once('line', (line) => heard(JSON.parse(line))));
lines.on('close', () => process.exit());

const Running = Date;
globalThis.Date = class extends Running {
  constructor(...given) {
    super(...(given.length ? given : [asked.now]));
  }
  static now() {
    return asked.now;
  }
};

const require = createRequire(resolve(process.argv[2], 'package.json'));
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));

function key(kind, options, alg) {
  const jwk = generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' });
  return { ...jwk, alg, use: 'sig', kid: alg };
}

const server = createServer().listen(0, '127.0.0.1');
await new Promise((listening) => server.once('listening', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const users = Object.values(asked.users);
const provider = new Provider(issuer, {
  clients: [asked.client],
  claims: asked.claims,
  acrValues: asked.acrValues,
  jwks: { keys: [key('rsa', { modulusLength: 2048 }, 'RS256'), key('ec', { namedCurve: 'P-256' }, 'ES256')] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  features: { devInteractions: { enabled: false }, claimsParameter: { enabled: asked.claimsParameter } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount(_, sub) {
    const user = users.find((one) => one.sub === sub);
    return user && { accountId: sub, claims: () => ({ sub, ...user.claims }) };
  },
});

// Its pages: who is it, and may we know?

function page(response, status, prompt) {
  const fields = prompt.name === 'login' ? '<input name="login"><input name="password" type="password">' : '';
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(`<form method="post" id="${prompt.name}">${fields}<button name="do" value="go">Go on</button><button name="do" value="stop">Stop</button></form>`);
}

async function form(request) {
  let text = '';
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

async function granted({ grantId, session, params, prompt }) {
  const given = { accountId: session.accountId, clientId: params.client_id };
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant(given);
  const { missingOIDCScope: scopes, missingOIDCClaims: claims } = prompt.details;
  if (scopes) grant.addOIDCScope(scopes.join(' '));
  if (claims) grant.addOIDCClaims(claims);
  return grant.save();
}

async function interact(request, response) {
  const interaction = await provider.interactionDetails(request, response);
  const { prompt } = interaction;
  if (request.method === 'GET') return page(response, 200, prompt);
  const entered = await form(request);
  const finish = (result, mergeWithLastSubmission) =>
    provider.interactionFinished(request, response, result, { mergeWithLastSubmission });
  if (entered.get('do') === 'stop') return finish({ error: 'access_denied' }, false);
  if (prompt.name === 'consent') return finish({ consent: { grantId: await granted(interaction) } }, true);
  const user = asked.users[entered.get('login')];
  if (user?.password !== entered.get('password')) return page(response, 403, prompt);
  return finish({ login: { accountId: user.sub, acr: user.acr, amr: user.amr } }, false);
}

const answer = provider.callback();
server.on('request', (request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  return interact(request, response).catch((error) => {
    console.error(error);
    response.statusCode = 500;
    response.end();
  });
});

process.stdout.write(`${JSON.stringify({ issuer })}\n`);
