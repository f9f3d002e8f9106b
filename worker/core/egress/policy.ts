/**
 * Decides by text alone whether a tenant's request may leave for a URL: https on 443 to a public
 * name or address, or an origin the operator allows; never one of our own hosts. The WHATWG URL
 * parser canonicalises first, so that every spelling of an address (decimal, octal, hex, short,
 * percent-encoded, full-width, mapped IPv6) is judged by its value. What a name resolves to cannot
 * be known here: in production the platform's network has no route to private addresses, in `npm
 * start` the door in scripts/serve/outbound.ts resolves, judges and pins the address.
 */
import { err, ok, type Result } from '../result.ts';
import { isPublicAddress, literalAddress } from './addresses.ts';
import { LIMITS } from './limits.ts';

/** An origin beyond public https; without a scheme both http and https are meant. */
export interface EgressAllowance {
  readonly protocol?: 'http:' | 'https:';
  /** As the URL parser writes it: lower case, punycode, IPv6 in brackets. */
  readonly hostname: string;
  readonly port: number;
}

export interface EgressPolicy {
  /**
   * Our own public hosts, `name` (any port) or `name:port`; refused even where the operator allows
   * them.
   */
  readonly ownHosts: readonly string[];
  readonly allow: readonly EgressAllowance[];
}

export const CLOSED_POLICY: EgressPolicy = { ownHosts: [], allow: [] };

/**
 * Names that never mean a public host: RFC 6761 and 6762, RFC 8375, the private-use `internal` of
 * ICANN, and the suffixes of clusters and home routers, under which a metadata service or an
 * unauthenticated admin page waits.
 */
const PRIVATE_SUFFIXES = [
  'localhost local internal localdomain home.arpa in-addr.arpa ip6.arpa',
  'test onion alt svc lan home corp intranet private',
].flatMap((line) => line.split(' '));

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

export function parseEgressUrl(text: string, policy: EgressPolicy): Result<URL, 'egress.refused'> {
  if (text.length > LIMITS.egressUrlCharsMax.value) return refuse('the URL is too long');
  const url = URL.parse(text);
  if (url === null) return refuse('not an absolute URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('only https is allowed');
  // Credentials in a URL reach logs and Referer headers, and `https://good@evil` misleads whoever
  // reviews it.
  if (url.username !== '' || url.password !== '') return refuse('credentials in the URL');
  dropTrailingDot(url);
  const target = { hostname: url.hostname, port: effectivePort(url) };
  if (policy.ownHosts.some((own) => isOwnHost(own, target))) return refuse('our own host');
  if (policy.allow.some((entry) => isAllowed(entry, url))) return ok(url);
  if (url.protocol !== 'https:' || target.port !== HTTPS_PORT) {
    return refuse('only https on port 443 is allowed');
  }
  return isPublicHostname(target.hostname) ? ok(url) : refuse('the host is not public');
}

/**
 * `host:port`, `[::1]:port`, `http://host[:port]` or `https://host[:port]`; anything else is
 * malformed.
 */
export function parseEgressAllowance(entry: string): EgressAllowance | undefined {
  const hasScheme = /^https?:\/\//i.test(entry);
  const url = URL.parse(hasScheme ? entry : `http://${entry}`);
  const isBare =
    url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (url === null || !isBare || entry.endsWith('/')) return undefined;
  dropTrailingDot(url);
  if (!hasScheme) {
    // The URL parser drops `:80` as http's default, so the port is read from the text.
    const port = /:(\d{1,5})$/.exec(entry)?.[1];
    return port === undefined ? undefined : { hostname: url.hostname, port: Number(port) };
  }
  const protocol = url.protocol === 'http:' ? 'http:' : 'https:';
  return { protocol, hostname: url.hostname, port: effectivePort(url) };
}

/**
 * The entries of EGRESS_ALLOW; a malformed one is named by its place, for it may hold a mistyped
 * credential.
 */
export function parseEgressAllow(
  entries: readonly string[],
): Result<readonly EgressAllowance[], 'service.misconfigured'> {
  const allow: EgressAllowance[] = [];
  for (const [index, entry] of entries.entries()) {
    const allowance = parseEgressAllowance(entry);
    if (allowance === undefined) {
      const detail = `entry ${index + 1} is not host:port or http://host:port`;
      return err('service.misconfigured', { fields: [{ pointer: 'EGRESS_ALLOW', detail }] });
    }
    allow.push(allowance);
  }
  return ok(allow);
}

/**
 * Holds the entries of OWN_HOSTS to their form, `name` or `name:port`; a malformed one is named by
 * its place.
 */
export function checkOwnHosts(
  entries: readonly string[],
): Result<readonly string[], 'service.misconfigured'> {
  const bad = entries.findIndex((entry) => parseOwnHost(entry) === undefined);
  if (bad < 0) return ok(entries);
  const detail = `entry ${bad + 1} is not a host name or host:port`;
  return err('service.misconfigured', { fields: [{ pointer: 'OWN_HOSTS', detail }] });
}

export function isAllowed(entry: EgressAllowance, url: URL): boolean {
  return (
    entry.hostname === url.hostname &&
    entry.port === effectivePort(url) &&
    (entry.protocol === undefined || entry.protocol === url.protocol)
  );
}

export function effectivePort(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? HTTPS_PORT : HTTP_PORT;
}

function isPublicHostname(hostname: string): boolean {
  const literal = literalAddress(hostname);
  if (literal !== undefined) return isPublicAddress(literal);
  const labels = hostname.split('.');
  // A name of one label is completed by the machine's search domains; an empty label is no name at
  // all.
  if (labels.length < 2 || labels.some((label) => label === '')) return false;
  return !PRIVATE_SUFFIXES.some((suffix) => hostname.endsWith(`.${suffix}`));
}

/**
 * `localhost.` and `localhost` are one name to a resolver, so they must be one name to every
 * comparison here.
 */
function dropTrailingDot(url: URL): void {
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
}

function isOwnHost(own: string, target: { hostname: string; port: number }): boolean {
  const url = parseOwnHost(own);
  if (url === undefined) return false;
  // https's own port is dropped by the parser; an entry that names it then means every port.
  const isPort = url.port === '' || Number(url.port) === target.port;
  return isPort && url.hostname === target.hostname;
}

/** An entry is canonicalised as the target was: spelled otherwise it would protect nothing, in silence. */
function parseOwnHost(entry: string): URL | undefined {
  const hasScheme = /^https?:\/\//i.test(entry);
  if (!hasScheme && entry.includes('://')) return undefined;
  const url = URL.parse(hasScheme ? entry : `https://${entry}`);
  // A pattern is no name: the parser keeps the star, and no target would ever equal it.
  if (url === null || url.username !== '' || url.hostname.includes('*')) return undefined;
  dropTrailingDot(url);
  return url;
}

const refuse = (detail: string) => err('egress.refused', { detail });
