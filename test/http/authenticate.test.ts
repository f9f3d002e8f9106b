/**
 * From header to principal: what is refused before anything is asked, what is paid for, how long an isolate believes
 * what it knows, and that no refusal tells which it was. Time is in the test's hand.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeApiKey, hashCredential, parseApiKey } from '../../worker/core/crypto/api-key.ts';
import { createId } from '../../worker/core/ids.ts';
import { err, ok } from '../../worker/core/result.ts';
import type { SessionClaims } from '../../worker/core/sessions/session-token.ts';
import {
  type AuthenticationPorts,
  authenticate,
  type FoundKey,
  type FoundSession,
  forgetCredentials,
  type KeyRefusal,
} from '../../worker/http/authenticate.ts';

const START = 1_800_000_000_000;
const OPERATOR = { name: 'ops', token: 'operator-0123456789-0123456789-0123456789' };

const keyIdOf = (serial: number): string =>
  createId('apiKey', { now: START, random: new Uint8Array(10).fill(serial) });
const keyOf = (serial: number, secret = serial): string =>
  encodeApiKey({
    environment: 'dev',
    keyId: keyIdOf(serial),
    secret: new Uint8Array(32).fill(secret),
  });

const KEY = keyOf(1);
const stored = (key = KEY, changes: Partial<FoundKey> = {}): FoundKey => ({
  principal: {
    kind: 'apiKey',
    keyId: parseApiKey(key)?.keyId ?? '',
    accountId: 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs',
    scopes: ['keys:read'],
    accountStatus: 'active',
    expiresAt: null,
    signingKey: null,
    requestSignatures: 'optional',
  },
  hash: hashCredential(key),
  revokedAt: null,
  lastUsedAt: null,
  ...changes,
});

/** A platform of one table of keys that counts what is asked of it. */
function setUp() {
  const rows = new Map<string, FoundKey>();
  const put = (row: FoundKey): void => void rows.set(row.principal.keyId, row);
  const counted = { lookUps: 0, verifications: 0, admissions: 0, uses: 0 };
  const tokens = new Map<string, SessionClaims>();
  const sessions = new Map<string, FoundSession>();
  const refusals: KeyRefusal[] = [];
  const clock = { now: START };
  const order: string[] = [];
  let admits = true;
  const ports: AuthenticationPorts = {
    findKey: async (keyId) => {
      counted.lookUps += 1;
      order.push('look up');
      return rows.get(keyId);
    },
    readToken: async (token) => {
      counted.verifications += 1;
      return tokens.get(token);
    },
    findSession: async (claims) => {
      counted.lookUps += 1;
      return sessions.get(claims.sid);
    },
    admitLookUp: async () => {
      counted.admissions += 1;
      order.push('admit');
      return admits ? ok(null) : err('request.rate_limited', { retryAfterSeconds: 1 });
    },
    recordRefusal: (refusal) => void refusals.push(refusal),
    recordUse: () => {
      counted.uses += 1;
    },
  };
  const ask = (header: string | null) =>
    authenticate(header, { now: clock.now, operators: [OPERATOR] }, ports);
  const present = async (credential: string) => {
    const outcome = await ask(`Bearer ${credential}`);
    return outcome.ok ? outcome.value.principal.kind : outcome.failure.code;
  };
  const close = () => {
    admits = false;
  };
  return { tokens, sessions, put, counted, refusals, clock, order, ask, present, close };
}

beforeEach(forgetCredentials);

describe('a credential', () => {
  it('is anonymous when there is none, and nothing is asked', async () => {
    const { ask, counted } = setUp();
    expect(await ask(null)).toEqual(ok({ principal: { kind: 'anonymous' }, credential: '' }));
    expect(counted).toEqual({ lookUps: 0, verifications: 0, admissions: 0, uses: 0 });
  });

  it.each([
    ['an empty header', ''],
    ['no scheme', KEY],
    ['another scheme', `Basic ${KEY}`],
    ['two credentials', `Bearer ${KEY} ${KEY}`],
    ['a credential of 513 characters', `Bearer ${'x'.repeat(513)}`],
    ['a credential outside ASCII', 'Bearer schlüssel'],
  ])('is refused before anything is asked when it is %s', async (_, header) => {
    const { ask, put, counted } = setUp();
    put(stored());
    expect(await ask(header)).toEqual(err('request.unauthenticated'));
    expect(counted).toEqual({ lookUps: 0, verifications: 0, admissions: 0, uses: 0 });
  });

  it('is refused before any look-up when one character was changed, wherever it was', async () => {
    const { present, put, counted } = setUp();
    put(stored());
    for (let at = 0; at < KEY.length; at += 1) {
      const other = KEY[at] === 'a' ? 'b' : 'a';
      const mistyped = `${KEY.slice(0, at)}${other}${KEY.slice(at + 1)}`;
      expect(await present(mistyped), mistyped).toBe('request.unauthenticated');
    }
    expect(counted.lookUps).toBe(0);
    expect(counted.admissions).toBe(0);
  });

  it('takes the scheme in any case, as RFC 9110 section 11.1 says', async () => {
    const { ask, put } = setUp();
    put(stored());
    expect((await ask(`bearer ${KEY}`)).ok).toBe(true);
    expect((await ask(`BEARER ${OPERATOR.token}`)).ok).toBe(true);
  });
});

describe('an operator token', () => {
  it('is known without a look-up', async () => {
    const { present, counted } = setUp();
    expect(await present(OPERATOR.token)).toBe('operator');
    expect(counted.lookUps).toBe(0);
  });

  it.each([
    ['shorter', OPERATOR.token.slice(0, -1)],
    ['longer', `${OPERATOR.token}0`],
    ['of another case', OPERATOR.token.toUpperCase()],
    ['with its name', `${OPERATOR.name}:${OPERATOR.token}`],
  ])('is refused when it is %s', async (_, token) => {
    expect(await setUp().present(token)).toBe('request.unauthenticated');
  });

  it('does not exist while none is set: whatever is sent is refused', async () => {
    const { counted } = setUp();
    for (const token of ['', 'undefined', 'null', OPERATOR.token]) {
      const outcome = await authenticate(
        `Bearer ${token}`,
        { now: START, operators: [] },
        {
          findKey: async () => undefined,
          readToken: async () => undefined,
          findSession: async () => undefined,
          admitLookUp: async () => ok(null),
          recordRefusal: () => undefined,
          recordUse: () => undefined,
        },
      );
      expect(outcome).toEqual(err('request.unauthenticated'));
    }
    expect(counted.lookUps).toBe(0);
  });
});

describe('a look-up', () => {
  it('is paid for first, and not made when it cannot be paid for', async () => {
    const { present, put, order, close } = setUp();
    put(stored());
    expect(await present(KEY)).toBe('apiKey');
    expect(order).toEqual(['admit', 'look up']);
    close();
    expect(await present(keyOf(2))).toBe('request.rate_limited');
    expect(order).toEqual(['admit', 'look up', 'admit']);
  });

  it('is paid for by each of a flood of invented keys whose checksums are right', async () => {
    const { present, counted } = setUp();
    for (let serial = 2; serial < 52; serial += 1) await present(keyOf(serial));
    expect(counted).toMatchObject({ admissions: 50, lookUps: 50 });
  });

  it('does not stand between a known key and its answer when its address is flooded', async () => {
    const { present, put, close } = setUp();
    put(stored());
    await present(KEY);
    close();
    expect(await present(KEY)).toBe('apiKey');
  });
});

describe('what an isolate remembers', () => {
  it('is asked again after 20 s: a revocation is believed no later', async () => {
    const { present, put, counted, clock } = setUp();
    put(stored());
    expect(await present(KEY)).toBe('apiKey');
    put(stored(KEY, { revokedAt: START }));
    clock.now = START + 19_999;
    expect(await present(KEY)).toBe('apiKey');
    expect(counted.lookUps).toBe(1);
    clock.now = START + 20_000;
    expect(await present(KEY)).toBe('request.unauthenticated');
  });

  it('does not live longer by being used', async () => {
    const { present, put, clock } = setUp();
    put(stored());
    await present(KEY);
    put(stored(KEY, { revokedAt: START }));
    for (clock.now = START; clock.now < START + 20_000; clock.now += 500) await present(KEY);
    expect(await present(KEY)).toBe('request.unauthenticated');
  });

  it('holds scopes and the status of the account no longer than that either', async () => {
    const { ask, put, clock } = setUp();
    put(stored());
    await ask(`Bearer ${KEY}`);
    const { principal } = stored();
    put(stored(KEY, { principal: { ...principal, accountStatus: 'suspended' } }));
    clock.now += 20_000;
    const outcome = await ask(`Bearer ${KEY}`);
    expect(outcome.ok && outcome.value.principal).toMatchObject({ accountStatus: 'suspended' });
  });

  it('is a miss for 2 s, so that a key that was just made works soon', async () => {
    const { present, put, counted, clock } = setUp();
    expect(await present(KEY)).toBe('request.unauthenticated');
    put(stored());
    clock.now = START + 1_999;
    expect(await present(KEY)).toBe('request.unauthenticated');
    expect(counted.lookUps).toBe(1);
    clock.now = START + 2_000;
    expect(await present(KEY)).toBe('apiKey');
  });

  it('ends a remembered key at its expiry and at a revocation that lies ahead, to the millisecond', async () => {
    const { present, put, clock, counted } = setUp();
    const { principal } = stored();
    put(stored(KEY, { principal: { ...principal, expiresAt: START + 5_000 } }));
    put(stored(keyOf(2), { revokedAt: START + 5_000 }));
    for (const key of [KEY, keyOf(2)]) {
      clock.now = START + 4_999;
      expect(await present(key)).toBe('apiKey');
      clock.now = START + 5_000;
      expect(await present(key)).toBe('request.unauthenticated');
    }
    expect(counted.lookUps).toBe(2);
  });

  it('is bounded: the credential longest known is forgotten, and asked for again', async () => {
    const { present, put, counted } = setUp();
    put(stored());
    await present(KEY);
    const header = (serial: number) =>
      encodeApiKey({
        environment: 'dev',
        keyId: keyIdOf(9),
        secret: new Uint8Array(32)
          .fill(7)
          .with(0, serial >> 8)
          .with(1, serial & 255),
      });
    for (let serial = 0; serial < 10_000; serial += 1) await present(header(serial));
    const before = counted.lookUps;
    expect(await present(KEY)).toBe('apiKey');
    expect(counted.lookUps).toBe(before + 1);
  });

  it('is one secret only: a right key remembered opens nothing for a wrong one of the same id', async () => {
    const { present, put } = setUp();
    put(stored());
    expect(await present(KEY)).toBe('apiKey');
    expect(await present(keyOf(1, 99))).toBe('request.unauthenticated');
    expect(await present(KEY)).toBe('apiKey');
  });
});

describe('a refusal', () => {
  const { principal } = stored();
  const ENDED: readonly [KeyRefusal['reason'], string, Partial<FoundKey>][] = [
    ['secret_mismatch', keyOf(1, 99), {}],
    ['revoked', KEY, { revokedAt: START }],
    ['expired', KEY, { principal: { ...principal, expiresAt: START } }],
    ['account_deleted', KEY, { principal: { ...principal, accountStatus: 'deleted' } }],
  ];

  it.each(ENDED)('of a known key is recorded with its reason: %s', async (reason, key, changes) => {
    const { ask, put, refusals, counted } = setUp();
    put(stored(KEY, changes));
    expect(await ask(`Bearer ${key}`)).toEqual(err('request.unauthenticated'));
    const { keyId, accountId } = principal;
    expect(refusals).toEqual([{ keyId, accountId, reason }]);
    expect(counted.uses).toBe(0);
  });

  it.each(ENDED)('reads the same as that of an unknown key: %s', async (_reason, key, changes) => {
    const { ask, put } = setUp();
    const unknown = await ask(`Bearer ${keyOf(2)}`);
    put(stored(KEY, changes));
    expect(await ask(`Bearer ${key}`)).toEqual(unknown);
  });

  it('of an unknown key is recorded for nobody', async () => {
    const { present, refusals } = setUp();
    await present(keyOf(2));
    await present('x'.repeat(40));
    expect(refusals).toEqual([]);
  });

  it('of the key of another environment is that of a wrong secret', async () => {
    const { present, put, refusals } = setUp();
    put(stored());
    const elsewhere = encodeApiKey({
      environment: 'prd',
      keyId: keyIdOf(1),
      secret: new Uint8Array(32).fill(1),
    });
    expect(await present(elsewhere)).toBe('request.unauthenticated');
    expect(refusals).toMatchObject([{ reason: 'secret_mismatch' }]);
  });
});

describe('use', () => {
  it('is recorded at most once a minute, however often the key is used', async () => {
    const { present, put, counted, clock } = setUp();
    put(stored());
    for (clock.now = START; clock.now < START + 60_000; clock.now += 1_000) await present(KEY);
    expect(counted.uses).toBe(1);
    await present(KEY);
    expect(counted.uses).toBe(2);
  });

  it('is not recorded when another isolate did within the minute', async () => {
    const { present, put, counted } = setUp();
    put(stored(KEY, { lastUsedAt: START - 59_999 }));
    await present(KEY);
    expect(counted.uses).toBe(0);
  });
});

describe('an access token of a session', () => {
  const TOKEN = `${'e'.repeat(60)}.${'c'.repeat(300)}.${'s'.repeat(86)}`;
  const SESSION = 'ses_01k4j8x1e0e4r9v2m3n5p6q7rs';
  const ACCOUNT = 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs';
  const claims: SessionClaims = {
    iss: 'us',
    aud: 'us',
    sub: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i',
    sid: SESSION,
    acc: ACCOUNT,
    iat: START / 1000,
    exp: START / 1000 + 900,
  };
  const open: FoundSession = {
    principal: {
      kind: 'session',
      sessionId: SESSION,
      accountId: ACCOUNT,
      scopes: ['keys:read'],
      accountStatus: 'active',
      address: claims.sub,
      network: 'neo3:private',
      signedInAt: START,
      expiresAt: START + 900_000,
      signingKey: null,
      requestSignatures: 'optional',
    },
    hasEnded: false,
  };

  function signedIn(session: FoundSession | undefined = open) {
    const platform = setUp();
    platform.tokens.set(TOKEN, claims);
    if (session) platform.sessions.set(SESSION, session);
    return platform;
  }

  it('is the session it was made for, verified once and then remembered', async () => {
    const { present, ask, counted, order } = signedIn();
    expect(await present(TOKEN)).toBe('session');
    expect(await ask(`Bearer ${TOKEN}`)).toEqual(
      ok({ principal: open.principal, credential: TOKEN }),
    );
    expect(counted).toEqual({ lookUps: 1, verifications: 1, admissions: 1, uses: 0 });
    expect(order).toEqual(['admit']);
  });

  it('is not even verified when its address asks too often', async () => {
    const { present, close, counted } = signedIn();
    close();
    expect(await present(TOKEN)).toBe('request.rate_limited');
    expect(counted.verifications).toBe(0);
  });

  it('asks for no session when it is not sound', async () => {
    const { present, counted } = signedIn();
    expect(await present(`${TOKEN}A`)).toBe('request.unauthenticated');
    expect(await present('a.b.c')).toBe('request.unauthenticated');
    expect(counted.lookUps).toBe(0);
  });

  const { principal } = open;
  it.each([
    ['nobody knows', undefined],
    ['has ended', { ...open, hasEnded: true }],
    ['is of a deleted account', { ...open, principal: { ...principal, accountStatus: 'deleted' } }],
    ['is over', { ...open, principal: { ...principal, expiresAt: START } }],
  ] as const)('is refused when its session %s', async (_, session) => {
    const platform = signedIn(open);
    platform.sessions.clear();
    if (session) platform.sessions.set(SESSION, session);
    expect(await platform.ask(`Bearer ${TOKEN}`)).toEqual(err('request.unauthenticated'));
  });

  it('is refused at its end to the millisecond, however lately it was remembered', async () => {
    const { present, clock, sessions } = signedIn();
    sessions.set(SESSION, { ...open, principal: { ...principal, expiresAt: START + 5_000 } });
    clock.now = START + 4_999;
    expect(await present(TOKEN)).toBe('session');
    clock.now = START + 5_000;
    expect(await present(TOKEN)).toBe('request.unauthenticated');
  });

  it('is refused 20 s after its session was ended at the latest, used or not', async () => {
    const { present, clock, sessions } = signedIn();
    expect(await present(TOKEN)).toBe('session');
    sessions.set(SESSION, { ...open, hasEnded: true });
    for (clock.now = START; clock.now < START + 20_000; clock.now += 1_000)
      expect(await present(TOKEN)).toBe('session');
    expect(await present(TOKEN)).toBe('request.unauthenticated');
  });
});
