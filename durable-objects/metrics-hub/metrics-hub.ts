import { DurableObject } from 'cloudflare:workers';

export class MetricsHub extends DurableObject {}
