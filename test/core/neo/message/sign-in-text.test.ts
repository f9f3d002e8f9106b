/** The text of a sign-in: one text for one set of fields, bound to one site. */
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../worker/core/neo/address.ts';
import { isDomain } from '../../../../worker/core/neo/message/domain.ts';
import { formatSignIn, parseSignIn } from '../../../../worker/core/neo/message/sign-in-text.ts';

const ADDRESS = 'NMUedC8TSV2rE17wGguSvPk9XcmHSaT275';
const account = parseAddress(ADDRESS);
if (account === null) throw new Error('an address');
const signIn = {
  domain: 'app.example.com',
  account,
  statement: 'Sign in to Example. This costs nothing.',
  uri: 'https://app.example.com/login',
  network: 'neo3:mainnet',
  nonce: '9007199254740991',
  issuedAtSeconds: 1_770_000_000,
  expiresAtSeconds: 1_770_000_300,
};
const TEXT = `app.example.com wants you to sign in with your Neo account:
${ADDRESS}

Sign in to Example. This costs nothing.

URI: https://app.example.com/login
Version: 1
Chain ID: neo3:mainnet
Nonce: 9007199254740991
Issued At: 2026-02-02T02:40:00Z
Expiration Time: 2026-02-02T02:45:00Z`;

describe('the text of a sign-in', () => {
  it('has the form of EIP-4361, and is read as it was written', () => {
    expect(formatSignIn(signIn)).toBe(TEXT);
    expect(parseSignIn(TEXT)).toEqual(signIn);
  });

  it('may have no statement', () => {
    const { statement: _, ...bare } = signIn;
    expect(formatSignIn(bare)).toContain(`${ADDRESS}\n\n\nURI: `);
    expect(parseSignIn(formatSignIn(bare))).toEqual(bare);
  });

  it.each([
    ['localhost:5173', 'http://localhost:5173/'],
    ['localhost:5173', 'http://localhost:5173'],
    ['example.com:8443', 'https://example.com:8443/a?b=c#d'],
    ['xn--mnchen-3ya.example', 'https://xn--mnchen-3ya.example'],
  ])('is for %s with %s', (domain, uri) => {
    const given = { ...signIn, domain, uri };
    expect(parseSignIn(formatSignIn(given))).toEqual(given);
  });

  it.each([
    ['another host in the URI', ['https://app.example.com/', 'https://evil.example/']],
    ['another port in the URI', ['https://app.example.com/', 'https://app.example.com:444/']],
    ['no encryption', ['https://app', 'http://app']],
    ['credentials in the URI', ['https://app', 'https://user@app']],
    ['a URI in another form', ['/login', '/x/../login']],
    ['a script for a URI', ['https://app.example.com/login', 'javascript:alert(1)']],
    ['a domain in capitals', ['app.example.com wants', 'App.example.com wants']],
    ['a domain with a scheme', ['app.example.com wants', 'https://app.example.com wants']],
    ['the port of the scheme', ['app.example.com wants', 'app.example.com:443 wants']],
    ['an address of another network', [ADDRESS, 'AUr5QUfeBADq6BMY6Tp5yuMsUNGpsD7nLZ']],
    ['another version', ['Version: 1', 'Version: 2']],
    ['a chain of another kind', ['neo3:mainnet', 'eip155:1']],
    ['a short nonce', ['9007199254740991', '9007']],
    ['a nonce with a sign in it', ['9007199254740991', '90071992-54740991']],
    ['a time with a zone', ['02:40:00Z', '02:40:00+00:00']],
    ['a time with parts of a second', ['02:40:00Z', '02:40:00.000Z']],
    ['a day that is none', ['2026-02-02T02:40:00Z', '2026-02-30T02:40:00Z']],
    ['a second that is none', ['02:40:00Z', '02:40:60Z']],
    ['an end before its begin', ['02:45:00Z', '02:40:00Z']],
    ['a line too many', ['\nVersion', '\nResources:\nVersion']],
    [
      'lines in another order',
      ['Version: 1\nChain ID: neo3:mainnet', 'Chain ID: neo3:mainnet\nVersion: 1'],
    ],
    ['the line ends of Windows', ['\n', '\r\n']],
    ['a statement of two lines', ['This costs', '\nThis costs']],
    ['a statement that hides its direction', ['This costs', '\u202ethis costs']],
    ['a space at its end', ['02:45:00Z', '02:45:00Z ']],
    ['a line at its end', ['02:45:00Z', '02:45:00Z\n']],
  ])('is refused with %s', (_, [from = '', to = '']) => {
    expect(TEXT).toContain(from);
    expect(parseSignIn(TEXT.replace(from, to))).toBeNull();
  });

  it('is refused with something before it, and beyond its bound', () => {
    expect(parseSignIn(`\n${TEXT}`)).toBeNull();
    expect(parseSignIn(`Evil\n${TEXT}`)).toBeNull();
    expect(parseSignIn(TEXT.repeat(100))).toBeNull();
    expect(parseSignIn('')).toBeNull();
  });

  it('is not made of fields that it could not be read from', () => {
    for (const changes of [
      { domain: 'evil.example' },
      { statement: 'a\nb' },
      { statement: '' },
      { nonce: 'short' },
      { expiresAtSeconds: signIn.issuedAtSeconds },
      { issuedAtSeconds: 0.5 },
      { expiresAtSeconds: 253_402_300_800 },
    ])
      expect(() => formatSignIn({ ...signIn, ...changes })).toThrow('sign-in');
  });
});

describe('a domain', () => {
  it.each(['example.com', 'a.b-c.example:8443', 'localhost', 'localhost:3000', '10.0.0.1'])(
    'is %s',
    (text) => {
      expect(isDomain(text)).toBe(true);
    },
  );

  it.each([
    '',
    'Example.com',
    'example.com/',
    'example.com:443',
    'user@example.com',
    'exämple.com',
    'example.com#',
    'example .com',
    '1.2',
    '0x7f.1',
    ':80',
    'a'.repeat(260),
  ])('is not %s', (text) => {
    expect(isDomain(text)).toBe(false);
  });
});
