import type { Account } from '../../domain/account';
import { isAdmin } from './administrator';
import type { Access } from './entrance';

/** What the page of this owner shows of who they are. */
export function accountOf(owner: string, { access, entrance }: Access): Account {
  const isShared = access === 'anonymous';
  return {
    isShared,
    isAdmin: isAdmin(owner),
    canSignIn: isShared && entrance !== undefined && !isAdmin(owner),
    canSignOut: entrance !== undefined && isAdmin(owner),
  };
}
