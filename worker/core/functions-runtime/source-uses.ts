/**
 * What a source seems to use, read from its text: to tell an author at once what the permissions
 * will refuse. It is a best effort and decides nothing; the door of the VM does (host-calls.ts,
 * recorder.ts).
 */
import { LIMITS } from './limits.ts';
import { allowsUrl, DEVPACK_MODULES, type DevpackModule, type Permissions } from './permissions.ts';

export interface SourceUses {
  readonly modules: readonly DevpackModule[];
  readonly http: boolean;
  /** Hosts of the absolute URLs written in the source; of very many the first ones. */
  readonly httpHosts: readonly string[];
}

/** The functions of the Devpack module, by the part of the Devpack they use. */
const EXPORTS: Readonly<Record<string, DevpackModule>> = {
  ensureGasAccount: 'gasBank',
  withdrawGas: 'gasBank',
  balanceGasAccount: 'gasBank',
  listGasTransactions: 'gasBank',
  createOracleRequest: 'oracle',
  registerTrigger: 'triggers',
  scheduleAutomation: 'automation',
  generateRandom: 'random',
  recordPriceSnapshot: 'priceFeeds',
  submitDataFeedUpdate: 'dataFeeds',
  publishDataStreamFrame: 'dataStreams',
  createDataLinkDelivery: 'dataLink',
  callContract: 'chain',
  readBalance: 'chain',
  readTransaction: 'chain',
  readHeight: 'chain',
  submitTransaction: 'chain',
};

export function listUses(source: string): SourceUses {
  const words = new Set(source.match(/[A-Za-z_$][\w$]*/g) ?? []);
  const named = (name: string): boolean => new RegExp(`[.{,]\\s*${name}\\b`).test(source);
  const mentionsDevpack = words.has('Devpack') || words.has('devpack');
  const exported = new Set(
    Object.entries(EXPORTS).flatMap(([name, module]) => (words.has(name) ? [module] : [])),
  );
  const modules = DEVPACK_MODULES.filter(
    (module) => exported.has(module) || (mentionsDevpack && named(module)),
  );
  const http = mentionsDevpack && (named('http') || importsFetch(source));
  return { modules, http, httpHosts: http ? listHosts(source) : [] };
}

/**
 * In linear time: as one pattern, a source of nothing but `import` held the thread for most of a
 * minute.
 */
const importsFetch = (source: string): boolean =>
  source.split(';').some((statement) => {
    const at = statement.search(/\bimport\b/);
    return at >= 0 && /\bfetch\b/.test(statement.slice(at));
  });

export interface RefusedUses {
  readonly modules: readonly DevpackModule[];
  readonly httpHosts: readonly string[];
}

export function listRefusedUses(uses: SourceUses, permissions: Permissions): RefusedUses {
  return {
    modules: uses.modules.filter((module) => !permissions.modules.includes(module)),
    httpHosts: uses.httpHosts.filter((host) => {
      const url = URL.parse(`https://${host}/`);
      return url !== null && !allowsUrl(permissions, url);
    }),
  };
}

/**
 * The attack: a source of nothing but hosts, stored again in every version and judged one by one for each version of a
 * page, holds the isolate for all tenants.
 */
function listHosts(source: string): readonly string[] {
  const found = source.matchAll(/\bhttps?:\/\/([\w.-]+(?::\d+)?)/g);
  const hosts = new Set<string>();
  for (const [, host = ''] of found) {
    if (host.length <= HOST_CHARS_MAX) hosts.add(host.toLowerCase());
    if (hosts.size === LIMITS.sourceHostsMax.value) break;
  }
  return [...hosts];
}

/** RFC 1035 section 2.3.4, and a port. */
const HOST_CHARS_MAX = 253 + ':65535'.length;
