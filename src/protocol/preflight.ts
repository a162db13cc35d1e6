// The bodies of the check before a show (docs/rules/preflight.md): a browser sends what it measured, the shop judges
// it and keeps it. Meanings and units of the measures stand in src/domain/preflight/.
//
//   GET    /api/shows/{show}/preflight              PreflightView                       (owner, host)
//   PUT    /api/shows/{show}/preflight              KeepPreflight → PreflightView       (owner, host; before the end)
//   POST   /api/shows/{show}/line-test              application/sdp, as WHIP            (owner, host; while planned)
//   DELETE /api/shows/{show}/line-test/{session}                                        (who began it)

import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { id } from './http.ts';

const decibels = z.number().min(-200).max(200);
const share = z.number().min(0).max(1);
const duration = z.number().min(0).max(3_600_000);
const pixels = z.number().int().min(0).max(32_768);
const rate = z.number().min(0).max(1_000);

/** Why a device gives nothing. */
export const deviceTroubles = ['denied', 'missing', 'busy', 'insecure', 'failed'] as const;
export type DeviceTrouble = (typeof deviceTroubles)[number];

const device = z.string().trim().max(limits.deviceNameMax);
const trouble = z.object({ device, trouble: z.enum(deviceTroubles) });

export const microphoneCheck = z.union([
  trouble,
  z.object({
    device,
    levelLufs: decibels,
    clippedShare: share,
    noiseLufs: decibels,
    echoDb: decibels.nullable(),
    echoDelayMs: duration.nullable(),
    listens: z.boolean().optional(),
  }),
]);
export type MicrophoneCheck = z.infer<typeof microphoneCheck>;

export const cameraCheck = z.union([
  trouble,
  z.object({
    device,
    middle: z.number().min(0).max(255),
    burntShare: share,
    backlightStops: z.number().min(-20).max(20),
    sharpness: z.number().min(0).max(10_000).nullable(),
    width: pixels,
    height: pixels,
    framesPerSecond: rate,
    nominalFramesPerSecond: rate.nullable(),
  }),
]);
export type CameraCheck = z.infer<typeof cameraCheck>;

export const lineCheck = z.union([
  /** The test stream didn't come about: the problem's code. */
  z.object({ failed: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/) }),
  z.object({
    bitsPerSecond: z.number().min(0).max(1e12),
    rttMs: duration.nullable(),
    jitterMs: duration.nullable(),
    lossRatio: share,
    heldByMachine: z.boolean(),
  }),
]);
export type LineCheck = z.infer<typeof lineCheck>;

/** Null: that check wasn't run. */
export const keepPreflightBody = z.object({
  /** Which browser it was; a word that the browser made for itself. */
  browser: id,
  microphone: microphoneCheck.nullable(),
  camera: cameraCheck.nullable(),
  line: lineCheck.nullable(),
});
export type KeepPreflightBody = z.infer<typeof keepPreflightBody>;

const grade = z.enum(['green', 'amber', 'red']);
export type PreflightGrade = z.infer<typeof grade>;

export const preflightFinding = z.object({
  topic: z.string(),
  code: z.string(),
  grade,
  value: z.number().nullable(),
  names: z.array(z.string()).readonly().optional(),
});

const findings = z.array(preflightFinding).readonly();

export const keptPreflight = keepPreflightBody.extend({
  personId: z.string(),
  name: z.string(),
  atMs: z.number(),
  /** Found then, by check; empty where it wasn't run. */
  findings: z.object({
    microphone: findings,
    camera: findings,
    line: findings,
    shop: findings,
  }),
  /** The worst of them. */
  verdict: grade,
});
export type KeptPreflight = z.infer<typeof keptPreflight>;

export const preflightView = z.object({
  /** How the shop stands now. */
  shop: findings,
  /** The latest check of each host, the newest first. */
  kept: z.array(keptPreflight),
});
export type PreflightView = z.infer<typeof preflightView>;
