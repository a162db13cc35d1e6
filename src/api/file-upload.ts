// Files that people send in a form: one at a time, each within its limit.

import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem-reply.ts';

/** The doors of this part of the server take files. */
export const takesFiles = async (app: FastifyInstance): Promise<void> => {
  await app.register(multipart, {
    limits: { files: 1, fields: 4, parts: 6, fieldSize: 4096, fieldNameSize: 100 },
  });
};

/** The one file of a request, `fileSize` bytes at most, and the fields before it. */
export const takeFile = async (
  request: FastifyRequest,
  fileSize: number,
): Promise<{ bytes: Buffer; fields: ReadonlyMap<string, string> }> => {
  if (!request.isMultipart()) throw new ProblemError('media-type-unsupported');
  const part = await request.file({ limits: { fileSize } });
  if (!part)
    throw new ProblemError('request-invalid', {
      errors: [{ field: 'body.file', message: 'Send one file.' }],
    });
  const bytes = await part.toBuffer();
  const fields = Object.values(part.fields).flatMap((field) =>
    field && !Array.isArray(field) && field.type === 'field'
      ? [[field.fieldname, String(field.value)] as const]
      : [],
  );
  return { bytes, fields: new Map(fields) };
};
