// What OBS Studio reads when it starts, written as files: a profile with its output and service, and a scene with a film
// that repeats. As somebody sets it up who typed in nothing but the server and the key. For OBS 29 and later.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const name = 'Rialto';
/** 29.0.2 in OBS' own form: it doesn't greet somebody who has seen a version at least as new. */
const versionSeen = (29 << 24) | 2;

export type ObsWish = {
  /** `$XDG_CONFIG_HOME`: OBS' own folder is made in it. */
  readonly configFolder: string;
  readonly server: string;
  readonly key: string;
  /** A file that FFmpeg reads. */
  readonly film: string;
  /** Options of x264 as they are typed into its field; empty: the defaults of OBS. */
  readonly x264: string;
};

/** Writes the profile and the scene. */
export const writeProfile = ({ configFolder, server, key, film, x264 }: ObsWish): void => {
  const folder = join(configFolder, 'obs-studio');
  const profile = join(folder, 'basic/profiles', name);
  const scenes = join(folder, 'basic/scenes');
  for (const each of [profile, scenes]) mkdirSync(each, { recursive: true });
  writeFileSync(
    join(folder, 'global.ini'),
    ini({
      General: { FirstRun: true, LastVersion: versionSeen, EnableAutoUpdates: false },
      Basic: {
        Profile: name,
        ProfileDir: name,
        SceneCollection: name,
        SceneCollectionFile: name,
      },
      BasicWindow: { WarnBeforeStartingStream: false, SysTrayEnabled: true },
    }),
  );
  writeFileSync(
    join(profile, 'basic.ini'),
    ini({
      General: { Name: name },
      Video: { BaseCX: 1280, BaseCY: 720, OutputCX: 640, OutputCY: 360, FPSCommon: 30 },
      Output: { Mode: 'Simple', Reconnect: false },
      SimpleOutput: {
        VBitrate: 1000,
        StreamEncoder: 'x264',
        Preset: 'veryfast',
        UseAdvanced: x264 !== '',
        x264Settings: x264,
      },
    }),
  );
  writeFileSync(
    join(profile, 'service.json'),
    JSON.stringify({ type: 'rtmp_custom', settings: { server, key, use_auth: false } }),
  );
  writeFileSync(join(scenes, `${name}.json`), JSON.stringify(sceneWith(film)));
};

const sceneWith = (film: string) => ({
  name,
  current_scene: 'Scene',
  current_program_scene: 'Scene',
  scene_order: [{ name: 'Scene' }],
  sources: [
    {
      id: 'scene',
      name: 'Scene',
      settings: {
        id_counter: 1,
        items: [{ id: 1, name: 'Film', visible: true, pos: { x: 0, y: 0 }, scale: { x: 1, y: 1 } }],
      },
    },
    {
      id: 'ffmpeg_source',
      name: 'Film',
      settings: { is_local_file: true, local_file: film, looping: true },
    },
  ],
});

const ini = (sections: Record<string, Record<string, string | number | boolean>>): string =>
  Object.entries(sections)
    .map(
      ([section, values]) =>
        `[${section}]\n${Object.entries(values)
          .map(([key, value]) => `${key}=${value}\n`)
          .join('')}`,
    )
    .join('\n');
