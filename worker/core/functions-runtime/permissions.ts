/**
 * What a function may use, decided at the door of the VM. Permissions are the user's own choice
 * about their function; what the platform forbids everybody (private addresses, our own hosts) is
 * decided behind the door, where names resolve.
 */
export const DEVPACK_MODULES = [
  'gasBank',
  'oracle',
  'triggers',
  'automation',
  'random',
  'priceFeeds',
  'dataFeeds',
  'dataStreams',
  'dataLink',
] as const;
export type DevpackModule = (typeof DEVPACK_MODULES)[number];

/** Every action a function can queue, with the module it belongs to. */
export const ACTION_MODULES = {
  'gasbank.ensureAccount': 'gasBank',
  'gasbank.withdraw': 'gasBank',
  'gasbank.balance': 'gasBank',
  'gasbank.listTransactions': 'gasBank',
  'oracle.createRequest': 'oracle',
  'triggers.register': 'triggers',
  'automation.schedule': 'automation',
  'random.generate': 'random',
  'pricefeed.recordSnapshot': 'priceFeeds',
  'datafeeds.submitUpdate': 'dataFeeds',
  'datastreams.publishFrame': 'dataStreams',
  'datalink.createDelivery': 'dataLink',
} as const satisfies Record<string, DevpackModule>;
export type ActionType = keyof typeof ACTION_MODULES;

export const isActionType = (type: string): type is ActionType =>
  Object.hasOwn(ACTION_MODULES, type);

export interface Permissions {
  readonly modules: readonly DevpackModule[];
  /**
   * `api.example.com`, `*.example.com` (any depth below, not the name itself), or either with
   * `:port`.
   */
  readonly httpHosts: readonly string[];
}

/** What a function has that asked for nothing. */
export const DEFAULT_PERMISSIONS: Permissions = { modules: DEVPACK_MODULES, httpHosts: [] };

/**
 * `url` must be normal already: the URL class lower-cases hosts, so no spelling slips past a
 * pattern.
 */
export function allowsUrl(permissions: Permissions, url: URL): boolean {
  return permissions.httpHosts.some((pattern) => matchesHost(pattern.toLowerCase(), url));
}

function matchesHost(pattern: string, url: URL): boolean {
  const host = pattern.includes(':') ? url.host : url.hostname;
  if (!pattern.includes(':') && url.port !== '') return false;
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
