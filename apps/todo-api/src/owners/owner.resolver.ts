import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '#gatehouse/auth';
import type { Clock } from '#gatehouse/platform';
import { CLOCK } from '../clock.js';
import { type Owner, OwnerRepository } from './owner.repository.js';

const rememberedOwners = 10_000;
/** How long a change of a client's owner may take to have effect. */
const rememberedMs = 60_000;

interface Known {
  readonly owner: Owner;
  /** The principal's own claims when the owner was looked up; a client's owner is a different subject. */
  readonly described: string;
  readonly until: number;
}

/** Finds the owner of a principal's todos. Several credentials of one client have the same owner. */
@Injectable()
export class OwnerResolver {
  readonly #known = new LRUCache<string, Known>({ max: rememberedOwners });

  constructor(
    private readonly owners: OwnerRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Queries the database for a new principal, once a minute, and when its e-mail or time zone has changed. */
  async resolve(principal: Principal): Promise<Owner> {
    const key = JSON.stringify([principal.issuer, principal.kind, principal.subject]);
    const described = JSON.stringify([principal.email, principal.timeZone]);
    const now = this.clock();
    const known = this.#known.get(key);
    if (known?.described === described && now < known.until) return known.owner;
    const owner = await this.owners.remember(principal, new Date(now));
    this.#known.set(key, { owner, described, until: now + rememberedMs });
    return owner;
  }
}
