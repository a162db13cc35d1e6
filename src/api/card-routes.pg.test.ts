import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeptCards } from '../accounts/kept-cards.ts';
import { systemRandom } from '../base/ports.ts';
import { sandboxCards } from '../gateways/sandbox-cards.ts';
import { noJournal } from '../gateways/sandbox-journal.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import { cardRoutes } from './card-routes.ts';
import { nonces } from './nonces.ts';
import { registerProblems } from './problem-reply.ts';

const { pool } = await freshDatabase();
const cards = createKeptCards({ pool });
let app: FastifyInstance;
let forgotten: string[] = [];

beforeEach(async () => {
  await pool.query('truncate "user" cascade');
  for (const id of ['ines', 'teo'])
    await pool.query(
      `insert into "user" (id, name, email, "emailVerified", role, guest, "nameKey")
       values ($1, $1, $1 || '@example.org', false, 'shopper', false, $1)`,
      [id],
    );
  forgotten = [];
  app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerProblems(app);
  app.decorateRequest('you', null);
  app.addHook('onRequest', async (request) => {
    const personId = request.headers.person;
    if (typeof personId === 'string')
      request.you = { personId, name: personId, role: 'shopper', guest: false };
  });
  const gateway = sandboxCards(noJournal());
  await app.register(
    cardRoutes({
      cards,
      payments: {
        sandbox: true,
        cards: { ...gateway, forget: async (methodId) => void forgotten.push(methodId) },
      },
      nonceOf: nonces('a secret'),
      clock: { nowMs: () => 1_700_000_000_000 },
      random: systemRandom,
      publicUrl: 'https://shop.example',
    }),
  );
});
afterEach(() => app.close());

const ask = async (
  person: string | null,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  payload?: object,
) => {
  const headers = person === null ? {} : { person };
  const answer = await app.inject({ method, url: `/api/me/card${path}`, headers, payload });
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
};
const keep = (person: string, methodToken: string) => ask(person, 'POST', '', { methodToken });
const visa = { brand: 'visa', last4: '4242', addedAtMs: 1_700_000_000_000 };

describe('a card on file', () => {
  it('[ACC-12] is kept, shown by its last digits to its owner alone, and taken away', async () => {
    expect((await ask('ines', 'GET', '')).body).toEqual({ card: null, isWaiting: false });
    expect((await keep('ines', '4242424242424242')).body).toEqual({ state: 'kept', card: visa });
    expect((await ask('ines', 'GET', '')).body).toEqual({ card: visa, isWaiting: false });
    expect((await ask('teo', 'GET', '')).body).toEqual({ card: null, isWaiting: false });
    expect((await ask('ines', 'DELETE', '')).status).toBe(204);
    expect((await ask('ines', 'GET', '')).body).toEqual({ card: null, isWaiting: false });
    expect(forgotten).toHaveLength(1);
    expect((await ask('ines', 'DELETE', '')).status).toBe(204);
    expect(forgotten).toHaveLength(1);
  });

  it('[ACC-12] leaves a word that is the same for the same card, and neither number nor fingerprint', async () => {
    await keep('ines', '4242424242424242');
    await keep('teo', '4242 4242 4242 4242');
    const [ines, teo] = [await cards.of('ines'), await cards.of('teo')];
    expect(teo?.card?.mark).toBe(ines?.card?.mark);
    await keep('teo', '5555555555554444');
    expect((await cards.of('teo'))?.card?.mark).not.toBe(ines?.card?.mark);
    const { rows } = await pool.query('select * from person_card');
    const stored = JSON.stringify(rows.map(({ mark, brand, last4 }) => [mark, brand, last4]));
    expect(stored).not.toContain('424242424242');
    // Another card takes the place of the first, which the provider forgets.
    expect(forgotten).toHaveLength(1);
  });

  it('[ACC-12] that the bank wants to see waits, is kept when it agrees and refused when it doesn’t', async () => {
    const begun = await keep('ines', '4000002760003184');
    expect(begun.body).toEqual({
      state: 'needs-action',
      url: 'https://shop.example/account?card=back',
    });
    expect((await ask('ines', 'GET', '')).body).toEqual({ card: null, isWaiting: true });
    expect((await ask('ines', 'POST', '/look')).body).toMatchObject({ state: 'needs-action' });
    expect((await ask('ines', 'POST', '/bank', { approve: true })).body).toMatchObject({
      state: 'kept',
      card: { last4: '3184' },
    });
    await keep('teo', '4000002760003184');
    const refused = await ask('teo', 'POST', '/bank', { approve: false });
    expect([refused.status, refused.body.code, refused.body.reason]).toEqual([
      402,
      'card-refused',
      'authentication-failed',
    ]);
    expect((await ask('teo', 'POST', '/look')).body.code).toBe('card-unknown');
  });

  it('[ACC-12] is refused in words when it can’t be kept; the one before stays', async () => {
    await keep('ines', '4242424242424242');
    const refused = await keep('ines', '4000000000000002');
    expect([refused.status, refused.body.code, refused.body.reason]).toEqual([
      402,
      'card-refused',
      'card-declined',
    ]);
    expect((await ask('ines', 'GET', '')).body.card).toEqual(visa);
    expect((await ask(null, 'POST', '', { methodToken: '4242' })).body.code).toBe('sign-in-needed');
    expect((await ask('ines', 'POST', '', { methodToken: '' })).status).toBe(400);
  });
});
