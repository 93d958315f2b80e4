import { diagramFrame } from '../../../lib/server/http/diagram-frame';
import type { RequestHandler } from './$types';

/** The empty document in which diagrams are drawn; see docs/adr/0007. */
export const GET: RequestHandler = () => new Response(diagramFrame.html, { headers: diagramFrame.headers });
