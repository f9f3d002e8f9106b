import { WorkerEntrypoint } from 'cloudflare:workers';

export class EnclaveBridge extends WorkerEntrypoint {}

export default { fetch: () => new Response(null, { status: 404 }) } satisfies ExportedHandler;
