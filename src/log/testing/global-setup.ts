// One PostgreSQL for a whole run of the tests that need it, in a folder that goes with it. Each test
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
    readonly postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'rialto-tests-'));
  const server = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), volatile: true });
  const maker = openPool(server.url, { connectionsMax: 1 });
  await maker.query(`create database ${templateName}`);
  await maker.end();
  const template = openPool(databaseAt(server.url, templateName), { connectionsMax: 1 });
  await migrate(template);
  await template.end();
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
