/** Who has a page before them, as far as it is told. */
export interface Account {
  /** Whether each browser has conversations of its own here. */
  isShared: boolean;
  /** Whether they run this server: they connect models, for everybody. */
  isAdmin: boolean;
  /** Whether they could sign in as the administrator. */
  canSignIn: boolean;
  canSignOut: boolean;
}
