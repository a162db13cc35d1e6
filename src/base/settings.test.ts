import { describe, expect, it } from 'vitest';
import { readSettings, SettingError } from './settings.ts';

const refused = (env: Record<string, string>, args: readonly string[] = []): SettingError => {
  try {
    readSettings(env, args);
  } catch (error) {
    if (error instanceof SettingError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

describe('settings', () => {
  it('have defaults that start a shop on one machine', () => {
    expect(readSettings({}, [])).toMatchObject({
      port: 8080,
      publicUrl: 'http://localhost:8080',
      dataFolder: './data',
      databaseUrl: null,
      stripe: null,
      bare: false,
      unknown: [],
    });
  });
  it.each([
    ['PORT', { PORT: '99999' }],
    ['PORT', { PORT: 'http' }],
    ['RIALTO_URL', { RIALTO_URL: 'shop.example' }],
    ['RIALTO_URL', { RIALTO_URL: 'ftp://shop.example' }],
    ['TRUST_PROXY', { TRUST_PROXY: '17' }],
    ['TRUST_PROXY', { TRUST_PROXY: 'true' }],
    ['TRUST_PROXY', { TRUST_PROXY: '-1' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/33' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/8,' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/8/8' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://db' }],
    ['RIALTO_CURRENCY', { RIALTO_CURRENCY: 'EURO' }],
    ['RIALTO_SHIPPING', { RIALTO_SHIPPING: '-1' }],
    ['RIALTO_TAX_PERCENT', { RIALTO_TAX_PERCENT: 'much' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['STRIPE_WEBHOOK_SECRET', { STRIPE_SECRET_KEY: 'sk_x' }],
    ['STRIPE_SECRET_KEY', { STRIPE_WEBHOOK_SECRET: 'whsec_x' }],
    ['S3_BUCKET', { S3_ENDPOINT: 'http://127.0.0.1:9000' }],
    ['S3_SECRET_ACCESS_KEY', { S3_REGION: 'eu-south-1', S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'k' }],
    ['S3_REGION', { S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'k', S3_SECRET_ACCESS_KEY: 's' }],
    ['S3_ENDPOINT', { S3_BUCKET: 'b', S3_ENDPOINT: 's3.example.com' }],
    ['RIALTO_SHOP_NAME', { RIALTO_SHOP_NAME: 'x'.repeat(61) }],
  ] as const)('a wrong %s is refused by a sentence that names it', (setting, env) => {
    const error = refused(env);
    expect(error.setting).toBe(setting);
    expect(error.message).toContain(setting);
    expect(error.message).toMatch(/\.$/);
  });
  it('an address keeps no slash at its end, and a password never stands in a message', () => {
    expect(readSettings({ RIALTO_URL: 'https://shop.example/' }, []).publicUrl).toBe(
      'https://shop.example',
    );
    expect(refused({ DATABASE_URL: 'mysql://user:geheim@db' }).message).not.toContain('geheim');
  });
  it('proxies in front are trusted by number or by network, none unless said', () => {
    const trusted = (TRUST_PROXY?: string) =>
      readSettings(TRUST_PROXY === undefined ? {} : { TRUST_PROXY }, []).trustedProxies;
    expect([trusted(), trusted(''), trusted('0'), trusted(' 2 ')]).toEqual([null, null, null, 2]);
    expect(trusted('10.0.0.0/8, ::1')).toEqual([
      { address: '10.0.0.0', prefix: 8 },
      { address: '::1', prefix: 128 },
    ]);
  });
  it('an unknown RIALTO_ setting is named, an unknown option refused', () => {
    expect(readSettings({ RIALTO_COLOUR: 'blue' }, []).unknown).toEqual(['RIALTO_COLOUR']);
    expect(refused({}, ['--demo']).message).toContain('--bare');
    expect(readSettings({}, ['--bare']).bare).toBe(true);
  });
});
