/** What can be looked at about a message, each in a dialog. */
export type MessageDialog = 'details' | 'tokens';
