// The lowest rungs: the Node that runs us, the native parts that npm brought, the folder for data. Nothing here
// needs a database or a running server.

import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { accountFor, reachablePrograms } from '../../src/log/postgres-account.ts';
import { ill, type Outcome, passedOver, saidBy, well } from './outcome.ts';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

/** A recording takes about 1 GB an hour at 2 Mbit/s. */
const freeBytesMin = 2 * 2 ** 30;
const loadMsMax = 20_000;

/** The pinned Node is the one that runs. */
export function checkNode(): Outcome {
  const wanted: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies
    .node;
  const found = process.versions.node;
  if (found === wanted) return well(`Node ${found}`);
  return ill(
    `Node ${found} runs instead of ${wanted}`,
    'Start by npm run doctor, which takes the pinned one; if it stays so, remove node_modules and run npm start.',
  );
}

/** Each native part loads and does the least of its work, in a process of its own since it may crash. */
export async function checkNativeParts(): Promise<readonly Outcome[]> {
  const loads: readonly (readonly [string, string, string])[] = [
    [
      'node-datachannel',
      'WebRTC',
      "import { PeerConnection } from 'node-datachannel'; new PeerConnection('doctor', { iceServers: [] }).close()",
    ],
    ['node-av', 'FFmpeg', "import 'node-av'"],
    [
      'sharp',
      'pictures',
      "import sharp from 'sharp'; await sharp({ create: { width: 2, height: 2, channels: 3, background: '#fff' } }).webp().toBuffer()",
    ],
  ];
  const outcomes: Outcome[] = [];
  for (const [name, does, code] of loads) {
    try {
      await run(process.execPath, ['--input-type=module', '--eval', `${code}; process.exit(0)`], {
        cwd: root,
        timeout: loadMsMax,
      });
      outcomes.push(well(`${name} loads (${does})`));
    } catch (error) {
      outcomes.push(
        ill(
          `${name} does not load (${does}): ${saidBy(error).slice(0, 300)}`,
          'Remove node_modules and run npm start; on a rare platform this part may not be published.',
        ),
      );
    }
  }
  return outcomes;
}

/** The PostgreSQL that comes with us can be run, unless another one is named. */
export async function checkPostgresProgram(dataFolder: string): Promise<Outcome> {
  if (process.env.DATABASE_URL)
    return passedOver('embedded PostgreSQL: not used, DATABASE_URL is set');
  try {
    const { postgres } = reachablePrograms(accountFor(join(dataFolder, 'postgres')));
    const { stdout } = await run(postgres, ['--version'], { timeout: loadMsMax });
    return well(`embedded ${stdout.trim()}`);
  } catch (error) {
    return ill(
      `the embedded PostgreSQL does not run: ${saidBy(error).slice(0, 300)}`,
      'Remove node_modules and run npm start, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
}

/** The data folder can be written to and has room for an evening. */
export function checkDataFolder(dataFolder: string): Outcome {
  // Before the first start there is only the place where it will be made.
  let folder = dataFolder;
  while (!existsSync(folder)) folder = dirname(folder);
  const probe = join(folder, `.doctor-${process.pid}`);
  try {
    writeFileSync(probe, 'x');
    rmSync(probe);
  } catch (error) {
    return ill(
      `the data folder ${dataFolder} can't be written to: ${saidBy(error)}`,
      'Set RIALTO_DATA to a folder that can, or mend its permissions.',
    );
  }
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  const free = `${(freeBytes / 2 ** 30).toFixed(1)} GiB free`;
  if (freeBytes >= freeBytesMin) return well(`data folder ${dataFolder}, ${free}`);
  return ill(
    `data folder ${dataFolder} has only ${free}`,
    'Make room, or set RIALTO_DATA to a larger disk: a recording takes about 1 GB an hour.',
  );
}
