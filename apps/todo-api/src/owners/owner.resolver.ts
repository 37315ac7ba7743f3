import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#gatehouse/auth';
import type { Clock } from '#gatehouse/platform';
import { LRUCache } from 'lru-cache';
import { CLOCK } from '../clock.js';
import { OwnerRepository, type Owner } from './owner.repository.js';

const rememberedOwners = 10_000;

/** From who calls to whose todos these are. Several credentials of one client lead to the same owner. */
@Injectable()
export class OwnerResolver {
  readonly #known = new LRUCache<string, Owner>({ max: rememberedOwners });

  constructor(
    private readonly owners: OwnerRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Asks the database only for a principal that is new, or whose e-mail or time zone has changed. */
  async resolve(principal: Principal): Promise<Owner> {
    const key = JSON.stringify([principal.issuer, principal.kind, principal.subject]);
    const known = this.#known.get(key);
    if (known && agree(known, principal)) return known;
    const owner = await this.owners.remember(principal, new Date(this.clock()));
    this.#known.set(key, owner);
    return owner;
  }
}

const agree = (owner: Owner, { email, timeZone }: Principal): boolean =>
  (email === undefined || email === owner.email) && (timeZone === undefined || timeZone === owner.timeZone);
