import { randomUUID } from 'node:crypto';

export interface Conversed {
  conversationId: string;
  questionId: string;
  answerId: string;
}

/** Asks a question by the API and waits for the end of its answer; in a new conversation, unless one is given. */
export async function converse(url: string, text: string, conversationId?: string): Promise<Conversed> {
  const id = conversationId ?? randomUUID();
  if (conversationId === undefined) await post(url, '/api/conversations', { id });
  const [questionId, answerId] = [randomUUID(), randomUUID()];
  const stream = await post(url, `/api/conversations/${id}/messages`, {
    // In a conversation that is there, another version of its first message.
    parentId: null,
    userMessage: { id: questionId, parts: [{ type: 'text', text }] },
    replies: [{ generationId: randomUUID(), messageIds: [answerId], modelId: 'scripted' }],
  });
  await stream.text();
  return { conversationId: id, questionId, answerId };
}

export async function post(url: string, path: string, body?: object): Promise<Response> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { origin: url, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} answered ${String(response.status)}`);
  return response;
}
