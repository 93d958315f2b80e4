import { AppError } from '../../domain/errors';
import type { App } from '../app';

/**
 * The servers that can be connected in the app, which reach whatever this machine reaches: `forbidden` for all but whoever
 * runs this instance.
 */
export function connectionsOf({ connections }: Pick<App, 'connections'>): NonNullable<App['connections']> {
  if (connections) return connections;
  throw new AppError('forbidden', 'Only whoever runs this server can connect models to it.');
}
