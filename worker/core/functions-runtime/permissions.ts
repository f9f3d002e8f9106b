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
  'chain',
] as const;
export type DevpackModule = (typeof DEVPACK_MODULES)[number];

/**
 * What "every module" meant before `chain`. The attack: code that picks module and method by its
 * params would, by an upgrade of the platform and without its author's doing, spend from the
 * wallets of the account.
 */
export const MODULES_BEFORE_CHAIN: readonly DevpackModule[] = DEVPACK_MODULES.filter(
  (module) => module !== 'chain',
);

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
  'transaction.submit': 'chain',
} as const satisfies Record<string, DevpackModule>;
export type ActionType = keyof typeof ACTION_MODULES;

/** The first host version (version.ts) of actions that hosts before did not know. */
const ACTIONS_SINCE: Partial<Record<ActionType, number>> = { 'transaction.submit': 2 };

export const isActionType = (type: string): type is ActionType =>
  Object.hasOwn(ACTION_MODULES, type);

/** A replay on a kept runtime refuses what its host refused. */
export const isKnownAction = (type: ActionType, hostVersion: number): boolean =>
  hostVersion >= (ACTIONS_SINCE[type] ?? 1);

export interface Permissions {
  readonly modules: readonly DevpackModule[];
  /**
   * `api.example.com`, `*.example.com` (any depth below, not the name itself), or either with
   * `:port`.
   */
  readonly httpHosts: readonly string[];
}

/** What the door and the recorder of a run go by. */
export interface RunRights {
  readonly permissions: Permissions;
  /** Of the runtime, which may be a kept one. */
  readonly hostVersion: number;
}

/** What a function has that asked for nothing. */
export const DEFAULT_PERMISSIONS: Permissions = { modules: DEVPACK_MODULES, httpHosts: [] };

/** As versions store them. */
interface StoredPermissions {
  readonly modules?: readonly DevpackModule[] | undefined;
  readonly httpHosts?: readonly string[] | undefined;
}

/** What a stored version has; one that names no modules is older than `chain`. */
export const readPermissions = ({ modules, httpHosts }: StoredPermissions): Permissions => ({
  modules: modules ?? MODULES_BEFORE_CHAIN,
  httpHosts: httpHosts ?? DEFAULT_PERMISSIONS.httpHosts,
});

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
