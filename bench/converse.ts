import { randomUUID } from 'node:crypto';

/** Calls the API as a page does. */
export function post(url: string, path: string, body: object): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(body),
  });
}

/** Begins the answer to a message in a conversation; the response is the stream of its events. */
export async function ask(
  url: string,
  conversationId: string,
  text: string,
  parentId: string | null,
): Promise<{ response: Response; answerId: string }> {
  const answerId = randomUUID();
  const response = await post(url, `/api/conversations/${conversationId}/messages`, {
    parentId,
    userMessage: { id: randomUUID(), parts: [{ type: 'text', text }] },
    replies: [{ generationId: randomUUID(), messageIds: [answerId], modelId: 'scripted' }],
  });
  if (!response.ok || !response.body) throw new Error(`The server answered ${String(response.status)}.`);
  return { response, answerId };
}

/** A conversation with these messages, each answered in full. Returns its id. */
export async function talk(url: string, messages: string[]): Promise<string> {
  const id = randomUUID();
  await post(url, '/api/conversations', { id });
  let parentId: string | null = null;
  for (const text of messages) {
    const { response, answerId } = await ask(url, id, text, parentId);
    await response.text();
    parentId = answerId;
  }
  return id;
}
