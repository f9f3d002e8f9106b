import { DurableObject } from 'cloudflare:workers';

export class AccountJournal extends DurableObject {}
