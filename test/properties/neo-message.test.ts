/**
 * What wallets sign: no text has the bytes of a transaction, no two texts have the same bytes in one
 * form, and a sign-in says the same to its writer and its reader. SEED repeats a run.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDomain } from '../../worker/core/neo/message/domain.ts';
import { encodeMessage, MESSAGE_LAYOUTS } from '../../worker/core/neo/message/message-layout.ts';
import { parseNep20Challenge, parseNep20Response } from '../../worker/core/neo/message/nep20.ts';
import { encodeNep20, NEP20_LAYOUTS } from '../../worker/core/neo/message/nep20-layout.ts';
import { formatSignIn, parseSignIn } from '../../worker/core/neo/message/sign-in-text.ts';
import { parseSignature } from '../../worker/core/neo/message/signed-message.ts';
import { decodeScriptHash } from '../../worker/core/neo/script-hash.ts';
import { runsOf } from '../support/runs.ts';

const { seed, numRuns } = runsOf('neo-message', { usual: 2_000, slow: 10_000 });

const hash = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(decodeScriptHash);
const text = fc.string({ unit: 'binary', maxLength: 60 });
const salt = fc.option(fc.stringMatching(/^[0-9a-f]{32}$/), { nil: undefined });
const hex = (bytes: Uint8Array | null): string | null =>
  bytes && Buffer.from(bytes).toString('hex');

describe('the bytes of a message', () => {
  it('are not 36 where the sender chose them, and no other message of the form has them', () => {
    fc.assert(
      fc.property(text, text, salt, (message, other, given) => {
        for (const layout of MESSAGE_LAYOUTS) {
          const bytes = encodeMessage(layout, { message, salt: given, networkMagic: 1 });
          const others = encodeMessage(layout, { message: other, salt: given, networkMagic: 1 });
          if (bytes && message !== other) expect(hex(bytes)).not.toBe(hex(others));
          const isDigest = layout === 'neoline-v2' || layout === 'neo-cli-replay-protected';
          if (bytes) expect(bytes.length === 36).toBe(isDigest);
        }
      }),
      { seed, numRuns },
    );
  });

  it('of NEP-20 differ when any field that the layout binds differs', () => {
    const fields = fc.record({
      nonce: fc.bigInt(0n, 2n ** 53n - 1n),
      timestamp: fc.nat(0xffff_ffff),
      networkMagic: fc.nat(0xffff_ffff),
      account: hash,
      action: text,
      domain: text,
    });
    fc.assert(
      fc.property(fields, fields, fc.constantFrom(...NEP20_LAYOUTS), (one, two, layout) => {
        const names = ['nonce', 'timestamp', 'networkMagic', 'account'] as const;
        const bound = layout === 'nep-20' ? ([...names, 'action', 'domain'] as const) : names;
        for (const name of bound) {
          if (one[name] === two[name]) continue;
          const changed = { ...one, [name]: two[name] };
          expect(hex(encodeNep20(layout, changed))).not.toBe(hex(encodeNep20(layout, one)));
        }
      }),
      { seed, numRuns },
    );
  });
});

const domain = fc.domain().filter(isDomain);
const signIn = fc
  .record(
    {
      domain,
      account: hash,
      statement: fc.stringMatching(/^[ -~]{1,80}$/),
      path: fc.webPath(),
      network: fc.constantFrom('neo3:mainnet', 'neo3:testnet', 'neo3:private-1'),
      nonce: fc.stringMatching(/^[A-Za-z0-9]{8,20}$/),
      issuedAtSeconds: fc.nat(4_000_000_000),
      seconds: fc.integer({ min: 1, max: 100_000 }),
    },
    {
      requiredKeys: ['domain', 'account', 'path', 'network', 'nonce', 'issuedAtSeconds', 'seconds'],
    },
  )
  .map(({ path, seconds, ...rest }) => ({
    ...rest,
    uri: new URL(`/at${path}`, `https://${rest.domain}`).href,
    expiresAtSeconds: rest.issuedAtSeconds + seconds,
  }))
  .filter(({ domain: site, uri }) => new URL(uri).host === site);

describe('the text of a sign-in', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(signIn, (given) => {
        expect(parseSignIn(formatSignIn(given))).toEqual(given);
      }),
      { seed, numRuns },
    );
  });

  it('with any one character replaced, added or left out is refused or is itself a text', () => {
    fc.assert(
      fc.property(
        signIn,
        fc.nat(),
        fc.nat(1),
        fc.string({ maxLength: 1 }),
        (given, at, cut, put) => {
          const written = formatSignIn(given);
          const index = at % written.length;
          const altered = written.slice(0, index) + put + written.slice(index + cut);
          const read = parseSignIn(altered);
          if (read !== null) expect(formatSignIn(read)).toBe(altered);
        },
      ),
      { seed, numRuns },
    );
  });
});

describe('what a stranger sends', () => {
  it('is refused by name', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (given, words) => {
        expect(parseNep20Challenge(given).ok).toBe(false);
        expect(parseNep20Response(given).ok).toBe(false);
        expect(parseSignIn(words)).toBeNull();
        expect(parseSignature(words)).toBeNull();
        expect(typeof isDomain(words)).toBe('boolean');
      }),
      { seed, numRuns },
    );
  });
});
