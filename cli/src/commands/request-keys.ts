/**
 * `slctl request-keys create | show`: the key that signs requests, made on this machine. No server is
 * asked. What is printed is the public half, which an API key or a session is made with.
 */
import { generateKeyPairSync } from 'node:crypto';
import type { Command as Parser } from 'commander';
import { addGlobalOptions, type Context, type GlobalFlags, styleOf } from '../context.ts';
import { printAnswer } from '../output/print.ts';
import { writeNewPrivate } from '../profile.ts';
import { readRequestKey } from '../request-key.ts';

export function addRequestKeys(program: Parser, context: Context): void {
  const keys = program
    .command('request-keys')
    .summary('keys that sign requests')
    .description(
      'Makes and shows keys that sign requests (Ed25519). Give the public half to `slctl keys ' +
        'create-key --signing-public-key`, and the file to `slctl login --signing-key`.',
    );
  const add = (name: string, summary: string, work: (file: string) => Promise<object>) => {
    const parser = keys.command(name).summary(summary).description(`${summary}.`);
    parser.argument('<file>', 'the file of the key');
    addGlobalOptions(parser);
    parser.action(async (file: string) => {
      const flags = parser.optsWithGlobals<GlobalFlags>();
      printAnswer(context.io, styleOf(flags), await work(file));
    });
  };
  add('create', 'Make a key in a file of its own', createRequestKey);
  add('show', 'Show the public half of a key', async (file) => ({
    signingPublicKey: (await readRequestKey(file)).x,
    path: file,
  }));
}

async function createRequestKey(file: string): Promise<object> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { kty, crv, x, d } = privateKey.export({ format: 'jwk' });
  await writeNewPrivate(file, `${JSON.stringify({ kty, crv, x, d }, null, 2)}\n`);
  return { signingPublicKey: x, path: file };
}
