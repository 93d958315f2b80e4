import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

// Appends one entry after the other until it is killed, and says each number once it is acknowledged. It talks to the
// worker by its protocol: a plain Node process cannot load the TypeScript around it.
const [workerPath, file, start] = process.argv.slice(2);
const { owner, conversation, begin, generationId } = JSON.parse(start);
const revived = (rows) => rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
const worker = new Worker(workerPath, { workerData: { file } });

const call = (id, method, ...args) => worker.postMessage([{ id, method, args }]);
const append = (seq) =>
  call(seq, 'generations.append', [
    { generationId, entries: [{ seq, event: { type: 'delta', choice: 0, kind: 'text', text: `${seq} ` } }] },
  ]);

worker.on('message', (message) => {
  if (message.type === 'refused') {
    writeSync(1, `refused ${message.fault.code} ${message.fault.message}\n`);
    return;
  }
  if (message.type === 'open') {
    call(-2, 'conversations.create', owner, { ...conversation, createdAt: new Date(conversation.createdAt) });
    const { generations, messages } = begin;
    const rows = { ...begin, generations: revived(generations), messages: revived(messages) };
    call(-1, 'generations.begin', owner, rows);
    append(1);
    return;
  }
  for (const reply of message.replies) {
    if ('fault' in reply) throw new Error(JSON.stringify(reply.fault));
    if (reply.id < 1) continue;
    writeSync(1, `${reply.id}\n`);
    append(reply.id + 1);
  }
});
