// Before the first story: the film for the hosts' cameras is made; one empty shop is started and stopped, and its data kept.
// Each story's house begins with a copy, which spares it the making of a database.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort } from '../src/base/free-port.ts';
import { film } from './film.ts';
import { copyOfData, House } from './house.ts';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await film();
  const folder = await mkdtemp(join(tmpdir(), 'rialto-prepared-'));
  const house = new House(join(folder, 'data'), await freePort(), {});
  try {
    await house.start();
    if ((await house.end('SIGTERM')) !== 0)
      throw new Error(`It didn’t stop well:\n${house.output}`);
    await mkdir(join(folder, 'prepared'));
    await copyOfData(join(folder, 'data'), join(folder, 'prepared'));
  } finally {
    await house.close();
  }
  project.provide('preparedData', join(folder, 'prepared'));
  return () => rm(folder, { recursive: true, force: true });
}
