// The settings: environment variables checked once at the start. A wrong one ends the start with a
// sentence that names it; an unknown `RIALTO_` one is warned about, since it is most likely a slip.

import { isIP } from 'node:net';

/** A setting that can't be. `message` is a whole sentence for the person who starts the server. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  readonly setting: string;

  constructor(setting: string, message: string) {
    super(message);
    this.setting = setting;
  }
}

/** How many proxies stand in front, or the networks that they are in. */
export type TrustedProxies =
  | number
  | readonly { readonly address: string; readonly prefix: number }[];

export type Settings = {
  readonly port: number;
  readonly host: string;
  /** The address that people use, without a slash at the end. Null: what the request came to. */
  readonly publicUrl: string;
  /** Whose `X-Forwarded-For` is believed. Null: nobody's. */
  readonly trustedProxies: TrustedProxies | null;
  readonly dataFolder: string;
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  readonly stripe: { readonly secretKey: string; readonly webhookSecret: string } | null;
  readonly smtpUrl: string | null;
  /** Where finished recordings and clips go; null: they stay in the data folder. */
  readonly s3: {
    /** Null: Amazon's own. */
    readonly endpoint: string | null;
    readonly region: string;
    readonly bucket: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  } | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly isProduction: boolean;
  /** This process's name in leases. */
  readonly node: string;
  /** Null: what the shop was called at its first start. */
  readonly shopName: string | null;
  readonly currency: string;
  readonly shippingMinor: number;
  readonly taxIncludedMilliPercent: number;
  /** UDP port of WebRTC, of the first forwarder; further ones have the following. 0: free ones. */
  readonly mediaPort: number;
  /** How many forwarders there may be at most; null: one for each core. */
  readonly forwardersMax: number | null;
  /** TCP port for encoders (RTMP); 0: none; null: 1935 where it is free. */
  readonly rtmpPort: number | null;
  /** Simulcast may send to addresses of this machine and its networks: a relay beside the shop, or tests. */
  readonly simulcastInside: boolean;
  /** Address that WebRTC tells its peers, for a server behind NAT. Null: its own interfaces. */
  readonly mediaAddress: string | null;
  /** An empty shop instead of the demo. */
  readonly bare: boolean;
  /** Print a new sign-in link for the owner. */
  readonly ownerLink: boolean;
  /** Names of `RIALTO_` variables that nothing reads. */
  readonly unknown: readonly string[];
};

type Env = Readonly<Record<string, string | undefined>>;

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

const known = new Set([
  'RIALTO_DATA',
  'RIALTO_URL',
  'RIALTO_NODE',
  'RIALTO_SHOP_NAME',
  'RIALTO_CURRENCY',
  'RIALTO_SHIPPING',
  'RIALTO_TAX_PERCENT',
  'RIALTO_MEDIA_PORT',
  'RIALTO_MEDIA_ADDRESS',
  'RIALTO_RTMP_PORT',
  'RIALTO_SIMULCAST_INSIDE',
  'RIALTO_FORWARDERS',
  'RIALTO_SECRET',
]);

/** Options that `npm start --` takes. */
const options = new Set(['--bare', '--owner-link']);

/**
 * Reads settings from the environment and the command line.
 * @throws SettingError for the first one that can't be.
 */
export const readSettings = (env: Env, args: readonly string[]): Settings => {
  for (const arg of args) {
    if (!options.has(arg)) {
      throw new SettingError(
        arg,
        `${arg} is not an option of Rialto; there are ${[...options].join(' and ')}.`,
      );
    }
  }
  const port = whole(env, 'PORT', 8080, 0, 65_535);
  const host = env.HOST ?? '0.0.0.0';
  const stripe = stripeOf(env);
  const isProduction = env.NODE_ENV === 'production';
  return {
    port,
    host,
    publicUrl: address(env, port),
    trustedProxies: trustedProxies(env),
    dataFolder: env.RIALTO_DATA ?? './data',
    databaseUrl: databaseUrl(env),
    stripe,
    smtpUrl: env.SMTP_URL ?? null,
    s3: s3Of(env),
    // At a terminal a person reads; a production's lines are read by machines.
    logLevel: oneOf(env, 'LOG_LEVEL', logLevels, isProduction ? 'info' : 'warn'),
    isProduction,
    node: env.RIALTO_NODE ?? 'local',
    shopName: text(env, 'RIALTO_SHOP_NAME', 60),
    currency: currency(env),
    shippingMinor: whole(env, 'RIALTO_SHIPPING', 590, 0, 1_000_000_00),
    taxIncludedMilliPercent: Math.round(decimal(env, 'RIALTO_TAX_PERCENT', 22, 0, 100) * 1000),
    mediaPort: whole(env, 'RIALTO_MEDIA_PORT', 0, 0, 65_535),
    mediaAddress: env.RIALTO_MEDIA_ADDRESS ?? null,
    rtmpPort:
      env.RIALTO_RTMP_PORT === undefined || env.RIALTO_RTMP_PORT === ''
        ? null
        : whole(env, 'RIALTO_RTMP_PORT', 0, 0, 65_535),
    simulcastInside: whole(env, 'RIALTO_SIMULCAST_INSIDE', 0, 0, 1) === 1,
    forwardersMax:
      env.RIALTO_FORWARDERS === undefined ? null : whole(env, 'RIALTO_FORWARDERS', 1, 1, 64),
    bare: args.includes('--bare'),
    ownerLink: args.includes('--owner-link'),
    unknown: Object.keys(env).filter((name) => name.startsWith('RIALTO_') && !known.has(name)),
  };
};

const whole = (env: Env, name: string, fallback: number, min: number, max: number): number => {
  const given = env[name];
  if (given === undefined || given === '') return fallback;
  const value = Number(given);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new SettingError(
      name,
      `${name} is "${given}"; it must be a whole number from ${min} to ${max}.`,
    );
  }
  return value;
};

const decimal = (env: Env, name: string, fallback: number, min: number, max: number): number => {
  const given = env[name];
  if (given === undefined || given === '') return fallback;
  const value = Number(given);
  if (!(value >= min && value <= max)) {
    throw new SettingError(
      name,
      `${name} is "${given}"; it must be a number from ${min} to ${max}.`,
    );
  }
  return value;
};

const text = (env: Env, name: string, max: number): string | null => {
  const given = env[name]?.trim();
  if (!given) return null;
  if (given.length > max) throw new SettingError(name, `${name} is longer than ${max} characters.`);
  return given;
};

const oneOf = <T extends string>(env: Env, name: string, values: readonly T[], fallback: T): T => {
  const given = env[name];
  if (given === undefined || given === '') return fallback;
  const value = values.find((other) => other === given);
  if (!value)
    throw new SettingError(name, `${name} is "${given}"; it must be one of ${values.join(', ')}.`);
  return value;
};

const currency = (env: Env): string => {
  const given = env.RIALTO_CURRENCY ?? 'EUR';
  if (!Intl.supportedValuesOf('currency').includes(given)) {
    throw new SettingError(
      'RIALTO_CURRENCY',
      `RIALTO_CURRENCY is "${given}"; it must be an ISO 4217 code such as EUR.`,
    );
  }
  return given;
};

const address = (env: Env, port: number): string => {
  const given = env.RIALTO_URL;
  if (given === undefined || given === '') return `http://localhost:${port}`;
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
    throw new SettingError(
      'RIALTO_URL',
      `RIALTO_URL is "${given}"; it must be an address such as https://shop.example.`,
    );
  }
  return given.replace(/\/+$/, '');
};

const proxiesMax = 16;

const trustedProxies = (env: Env): TrustedProxies | null => {
  const given = env.TRUST_PROXY?.trim();
  if (given === undefined || given === '' || given === '0') return null;
  const wrong = () =>
    new SettingError(
      'TRUST_PROXY',
      `TRUST_PROXY is "${given}"; it must be how many proxies stand in front (1 to ${proxiesMax}) or their networks, such as 10.0.0.0/8, ::1.`,
    );
  if (/^\d+$/.test(given)) {
    const count = Number(given);
    if (count > proxiesMax) throw wrong();
    return count;
  }
  return given.split(',').map((entry) => {
    const [address = '', prefix, ...rest] = entry.trim().split('/');
    const family = isIP(address);
    const bits = family === 6 ? 128 : 32;
    if (family === 0 || rest.length > 0) throw wrong();
    if (prefix === undefined) return { address, prefix: bits };
    if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) throw wrong();
    return { address, prefix: Number(prefix) };
  });
};

const databaseUrl = (env: Env): string | null => {
  const given = env.DATABASE_URL;
  if (given === undefined || given === '') return null;
  if (!URL.canParse(given) || !/^postgres(ql)?:$/.test(new URL(given).protocol)) {
    throw new SettingError(
      'DATABASE_URL',
      'DATABASE_URL must be an address such as postgres://user:password@host:5432/rialto.',
    );
  }
  return given;
};

const s3Names = [
  'S3_BUCKET',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
  'S3_ENDPOINT',
  'S3_REGION',
] as const;

/** An endpoint or a bucket alone is half a setting: what is missing is named. */
const s3Of = (env: Env): Settings['s3'] => {
  const given = s3Names.find((name) => env[name]);
  if (!given) return null;
  const needed = (name: (typeof s3Names)[number]): string => {
    const value = env[name];
    if (value) return value;
    throw new SettingError(name, `${given} is set but ${name} is not; set both or neither.`);
  };
  const endpoint = env.S3_ENDPOINT || null;
  if (endpoint !== null && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw new SettingError(
      'S3_ENDPOINT',
      `S3_ENDPOINT is "${endpoint}"; it must be an address such as https://s3.example.com.`,
    );
  }
  return {
    endpoint,
    // Stores of one's own mostly have one region, and call it so or don't ask.
    region: env.S3_REGION || (endpoint === null ? needed('S3_REGION') : 'us-east-1'),
    bucket: needed('S3_BUCKET'),
    accessKeyId: needed('S3_ACCESS_KEY_ID'),
    secretAccessKey: needed('S3_SECRET_ACCESS_KEY'),
  };
};

const stripeOf = (env: Env): Settings['stripe'] => {
  const secretKey = env.STRIPE_SECRET_KEY;
  const webhookSecret = env.STRIPE_WEBHOOK_SECRET;
  if (!secretKey && !webhookSecret) return null;
  if (!secretKey)
    throw new SettingError(
      'STRIPE_SECRET_KEY',
      'STRIPE_WEBHOOK_SECRET is set but STRIPE_SECRET_KEY is not; set both or neither.',
    );
  if (!webhookSecret)
    throw new SettingError(
      'STRIPE_WEBHOOK_SECRET',
      'STRIPE_SECRET_KEY is set but STRIPE_WEBHOOK_SECRET is not; set both or neither.',
    );
  return { secretKey, webhookSecret };
};
