import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../worker/core/egress/addresses.ts';
import {
  CLOSED_POLICY,
  type EgressPolicy,
  parseEgressAllow,
  parseEgressAllowance,
  parseEgressUrl,
} from '../../worker/core/egress/policy.ts';

const isAccepted = (url: string, policy: EgressPolicy = CLOSED_POLICY) =>
  parseEgressUrl(url, policy).ok;

/** One address in every spelling a URL parser or a resolver is known to accept. */
const LOOPBACK_SPELLINGS = [
  'https://127.0.0.1/',
  'https://127.0.0.1./',
  'https://127.1/',
  'https://127.0.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://127.0.0.01/',
  'https://0X7F.0.0.0x1/',
  'https://127.255.255.254/',
  'https://%31%32%37.0.0.1/',
  'https://１２７.０.０.１/',
  'https://①②⑦.⓪.⓪.①/',
  'https://127。0。0。1/',
  'https://[::1]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::127.0.0.1]/',
  'https://[64:ff9b:1::7f00:1]/',
  'https://[::ffff:0:127.0.0.1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/',
  'https://localhost/',
  'https://LOCALHOST/',
  'https://localhost./',
  'https://ＬＯＣＡＬＨＯＳＴ/',
  'https://loc%61lhost/',
  'https://api.localhost/',
  'https://localhost.localdomain/',
  'https:127.0.0.1',
  'https:\\\\127.0.0.1\\',
  ' https://127.0.0.1/ ',
  'https://127.0.0.1\t/',
  'htt\nps://127.0.0.1/',
];

const PRIVATE_HOSTS = [
  'https://0/',
  'https://0.0.0.0/',
  'https://0.1.2.3/',
  'https://10.0.0.1/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://100.64.0.1/',
  'https://100.127.255.255/',
  'https://169.254.169.254/latest/meta-data/',
  'https://2852039166/',
  'https://0xa9fea9fe/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[fd00:ec2::254]/',
  'https://[fe80::1]/',
  'https://[fe80::1%25eth0]/',
  'https://[fec0::1]/',
  'https://[fc00::1]/',
  'https://[ff02::1]/',
  'https://[::]/',
  'https://[2001:db8::1]/',
  'https://[3fff::1]/',
  'https://[100::1]/',
  'https://[4000::1]/',
  'https://192.0.0.192/',
  'https://192.0.2.1/',
  'https://198.51.100.1/',
  'https://203.0.113.9/',
  'https://198.18.0.1/',
  'https://198.19.255.255/',
  'https://192.88.99.1/',
  'https://224.0.0.1/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://metadata.google.internal/',
  'https://printer.local/',
  'https://router.lan/',
  'https://nas.home.arpa/',
  'https://kubernetes.default.svc/',
  'https://intranet/',
  'https://com/',
  'https://example..com/',
  'https://example.com../',
  'https://.example.com/',
];

describe('parseEgressUrl', () => {
  it.each(LOOPBACK_SPELLINGS)('refuses this machine spelled %j', (url) => {
    expect(isAccepted(url)).toBe(false);
  });

  it.each(PRIVATE_HOSTS)('refuses %s, which is not public', (url) => {
    expect(isAccepted(url)).toBe(false);
  });

  it.each([
    'http://example.com/',
    'https://example.com:8443/',
    'https://example.com:80/',
    'https://user@example.com/',
    'https://user:secret@example.com/',
    'https://:secret@example.com/',
    'https://good.example.com@evil.example.net/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'blob:https://example.com/1',
    'javascript:alert(1)',
    'ws://example.com/',
    '//example.com/',
    '/relative',
    'https://',
    'https://exa mple.com/',
    'https://example.com:99999/',
    'https://1.2.3.256/',
    'https://[::1/',
    '',
    `https://example.com/${'a'.repeat(8192)}`,
  ])('refuses %j', (url) => {
    const result = parseEgressUrl(url, CLOSED_POLICY);
    expect(result).toMatchObject({ ok: false, failure: { code: 'egress.refused' } });
  });

  it.each([
    ['https://example.com/path?q=1', 'https://example.com/path?q=1'],
    ['https://EXAMPLE.com:443/', 'https://example.com/'],
    ['https://example.com./x', 'https://example.com/x'],
    ['https://münchen.de/', 'https://xn--mnchen-3ya.de/'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
    ['https://172.32.0.1/', 'https://172.32.0.1/'],
    ['https://localhost.example.com/', 'https://localhost.example.com/'],
    ['https://notlocalhost.com/', 'https://notlocalhost.com/'],
  ])('accepts %s in its canonical form', (url, canonical) => {
    const result = parseEgressUrl(url, CLOSED_POLICY);
    expect(result.ok && result.value.href).toBe(canonical);
  });

  it('does not repeat a credential of the URL in the refusal', () => {
    const result = parseEgressUrl('https://user:hunter2-hunter2@example.com/', CLOSED_POLICY);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

describe('ownHosts', () => {
  const policy: EgressPolicy = {
    ownHosts: ['API.example.com', '127.0.0.1:8787'],
    allow: [
      { hostname: 'api.example.com', port: 443 },
      { hostname: '127.0.0.1', port: 8787 },
      { hostname: '127.0.0.1', port: 9150 },
    ],
  };

  it.each(['https://api.example.com/', 'https://api.example.com./', 'https://API.EXAMPLE.COM/'])(
    'refuses %s even where the operator allows it',
    (url) => {
      expect(isAccepted(url, policy)).toBe(false);
    },
  );

  it('refuses our own port and leaves the other ports of the machine to the allow-list', () => {
    expect(isAccepted('http://127.0.0.1:8787/', policy)).toBe(false);
    expect(isAccepted('http://2130706433:8787/', policy)).toBe(false);
    expect(isAccepted('http://127.0.0.1:9150/', policy)).toBe(true);
  });
});

describe('an own host', () => {
  it.each([
    'https://api.example.com',
    'https://api.example.com/',
    'api.example.com.',
    'api.example.com:443',
    'https://api.example.com:443/path',
  ])('written as %s is refused like any other', (own) => {
    expect(isAccepted('https://api.example.com/', { ownHosts: [own], allow: [] })).toBe(false);
    expect(isAccepted('https://example.com/', { ownHosts: [own], allow: [] })).toBe(true);
  });

  it('is refused in every script it can be written in', () => {
    const policy = { ownHosts: ['bücher.example.com'], allow: [] };
    expect(isAccepted('https://xn--bcher-kva.example.com/', policy)).toBe(false);
    expect(isAccepted('https://BÜCHER.example.com/', policy)).toBe(false);
  });
});

describe('EGRESS_ALLOW', () => {
  const policyOf = (...entries: readonly string[]): EgressPolicy => {
    const allow = parseEgressAllow(entries);
    if (!allow.ok) throw new Error('the entries of this test are well formed');
    return { ownHosts: [], allow: allow.value };
  };

  it('opens exactly the listed port, for both schemes when none is written', () => {
    const policy = policyOf('127.0.0.1:9150');
    expect(isAccepted('http://127.0.0.1:9150/x', policy)).toBe(true);
    expect(isAccepted('https://127.0.0.1:9150/x', policy)).toBe(true);
    expect(isAccepted('http://127.0.0.1:9151/', policy)).toBe(false);
    expect(isAccepted('http://localhost:9150/', policy)).toBe(false);
  });

  it('opens exactly the listed scheme when one is written', () => {
    const policy = policyOf('http://Internal:8080', 'https://vault.internal');
    expect(isAccepted('http://internal:8080/', policy)).toBe(true);
    expect(isAccepted('https://internal:8080/', policy)).toBe(false);
    expect(isAccepted('https://vault.internal/', policy)).toBe(true);
    expect(isAccepted('http://vault.internal:443/', policy)).toBe(false);
  });

  it('understands port 80 and IPv6 entries', () => {
    const policy = policyOf('tee.internal:80', '[::1]:9000');
    expect(isAccepted('http://tee.internal/', policy)).toBe(true);
    expect(isAccepted('http://[::1]:9000/', policy)).toBe(true);
  });

  it.each([
    '',
    'host',
    'http://',
    'host:',
    'host:99999',
    'http://a/b',
    'http://a/',
    'u@h:1',
    '*:80 x',
  ])('refuses the malformed entry %j', (entry) => {
    expect(parseEgressAllowance(entry)).toBeUndefined();
  });

  it('names a malformed entry by its place and not by its text', () => {
    const result = parseEgressAllow(['a:1', 'secret-token-in-the-wrong-setting']);
    expect(result).toMatchObject({ ok: false, failure: { code: 'service.misconfigured' } });
    expect(JSON.stringify(result)).toContain('entry 2');
    expect(JSON.stringify(result)).not.toContain('secret-token');
  });
});

describe('isPublicAddress', () => {
  it.each(['1.1.1.1', '9.255.255.255', '11.0.0.0', '2606:4700:4700::1111', '2a00:1450:4001::8'])(
    'knows %s as public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '',
    'example.com',
    '1.1',
    '0x01010101',
    '01.1.1.1',
    '1.1.1.1 ',
    'fe80::1%eth0',
    '2606::1%x',
  ])('does not take %j for a public address', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
