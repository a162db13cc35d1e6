// A PostgreSQL for each worker of a run, in a folder that goes with it: readers across streams wait for every
// transaction of their cluster, those of other databases too, and a test must not wait for another file's. Each test
// file makes its own database from the migrated template: see `freshDatabase` in `postgres.ts`.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openPool } from '../database.ts';
import { startEmbeddedPostgres } from '../embedded-postgres.ts';
import { migrate } from '../migrate.ts';
import { databaseAt, templateName } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** One for each worker that may run at once. */
    readonly postgresUrls: readonly string[];
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'rialto-tests-'));
  const workers = Math.max(1, Number(project.config.maxWorkers) || 1);
  const servers = await Promise.all(
    Array.from({ length: workers }, (_, n) => startWithTemplate(join(folder, `postgres-${n}`))),
  );
  project.provide(
    'postgresUrls',
    servers.map(({ url }) => url),
  );
  return async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  };
}

const startWithTemplate = async (folder: string) => {
  const server = await startEmbeddedPostgres({ folder, volatile: true });
  const maker = openPool(server.url, { connectionsMax: 1 });
  await maker.query(`create database ${templateName}`);
  await maker.end();
  const template = openPool(databaseAt(server.url, templateName), { connectionsMax: 1 });
  await migrate(template);
  await template.end();
  return server;
};
