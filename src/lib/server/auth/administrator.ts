/** Whoever `ACCESS=single` lets in. */
export const singleOwner = 'single';
/** The administrator of a shared server: one owner, in every browser that knows the token. */
export const adminOwner = 'admin';

/** Whether this owner runs the server: connects models to it, and uses those that are for administrators alone. */
export function isAdmin(owner: string): boolean {
  return owner === singleOwner || owner === adminOwner;
}
