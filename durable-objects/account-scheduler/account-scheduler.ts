import { DurableObject } from 'cloudflare:workers';

export class AccountScheduler extends DurableObject {}
