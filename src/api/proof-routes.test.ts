// The door to proofs: a crowd that asks for the same one reads the log once. What a proof holds is drop-proof's.

import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { expect, it } from 'vitest';
import { announced, dropId } from '../domain/testing/drop-cast.ts';
import { registerProblems } from './problem-reply.ts';
import { proofRoutes } from './proof-routes.ts';

const opened = async () => {
  const [drop] = announced();
  const event = { kind: drop.kind, seq: 1, dataText: JSON.stringify(drop.data) };
  const state = { version: 1, reads: 0, fails: 0 };
  const log = {
    head: async () => ({ version: state.version, headHash: `h${state.version}` }),
    readPublished: async () => {
      state.reads += 1;
      await new Promise((resolve) => setImmediate(resolve));
      if (state.fails > 0) {
        state.fails -= 1;
        throw new Error('the log is away');
      }
      return [event];
    },
  };
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerProblems(app);
  app.decorateRequest('you', null);
  const door = { admit: async () => undefined };
  const desk = { summary: async () => ({ phase: 'live' }) };
  await app.register(proofRoutes({ log, desk, door } as never));
  const ask = async (drop: string = dropId) =>
    (await app.inject({ url: `/api/shows/kiln/drops/${drop}/proof` })).statusCode;
  return { app, state, ask };
};

it('[DRO-9] many who ask at once, and later, read the log once; a show that went on is read anew', async () => {
  const { app, state, ask } = await opened();
  expect(await Promise.all(Array.from({ length: 20 }, () => ask()))).toEqual(Array(20).fill(200));
  expect(await ask()).toBe(200);
  expect(state.reads).toBe(1);
  state.version = 2;
  expect(await ask()).toBe(200);
  expect(state.reads).toBe(2);
  await app.close();
});

it('[DRO-9] neither a drop that isn’t there nor a fault of the log is kept', async () => {
  const { app, state, ask } = await opened();
  expect([await ask('unknown'), await ask('unknown')]).toEqual([404, 404]);
  expect(state.reads).toBe(2);
  state.fails = 1;
  expect(await ask()).toBe(500);
  expect(await ask()).toBe(200);
  await app.close();
});
