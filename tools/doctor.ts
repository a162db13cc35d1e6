// `npm run doctor`: the ladder from the machine to the picture, one line a rung, each ill one with its cure.
// It looks and never mends; with the server stopped it looks at what can be seen without it.

import { resolve } from 'node:path';
import { readSettings, SettingError } from '../src/base/settings.ts';
import {
  checkDataFolder,
  checkNativeParts,
  checkNode,
  checkPostgresProgram,
} from './doctor/machine.ts';
import { ill, type Outcome } from './doctor/outcome.ts';
import { checkServer } from './doctor/server.ts';
import { checkStorage, databaseAddress } from './doctor/storage.ts';

const marks: Readonly<Record<Outcome['state'], string>> = {
  well: '✓',
  ill: '✗',
  'passed-over': '–',
};

let illCount = 0;

function tell(...outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    console.log(`${marks[outcome.state]} ${outcome.says}`);
    if (outcome.state !== 'ill') continue;
    illCount++;
    console.log(`    → ${outcome.cure}`);
  }
}

tell(checkNode());
tell(...(await checkNativeParts()));
try {
  const settings = readSettings(process.env, []);
  const dataFolder = resolve(settings.dataFolder);
  for (const name of settings.unknown) {
    tell(ill(`${name} is set, and nothing reads it`, 'Look for a slip in its name.'));
  }
  tell(checkDataFolder(dataFolder));
  tell(await checkPostgresProgram(dataFolder));
  tell(...(await checkStorage(databaseAddress(dataFolder))));
  tell(...(await checkServer(settings.publicUrl)));
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  tell(ill(error.message, `Correct ${error.setting} and start again.`));
}

console.log(illCount === 0 ? '\nNothing is wrong.' : `\n${illCount} to mend.`);
process.exit(illCount === 0 ? 0 : 1);
