import { expect, it } from 'vitest';
import { createLogger } from '../log';
import type { ModelConfig } from '../models/model-config';
import { ModelRegistry } from '../models/registry';
import { TaskModel } from './task-model';

const small: ModelConfig = {
  id: 'small',
  origin: 'listed',
  backend: { type: 'scripted', replies: [{ text: 'Title' }] },
};
const { backend: _, ...retired } = small;

function watched(models: ModelRegistry, modelId: string | undefined) {
  const said: string[] = [];
  const destination = {
    write: (line: string) => {
      const { level, modelId: id, msg } = JSON.parse(line) as Record<string, unknown>;
      said.push(`${level === 40 ? 'warn' : 'info'} ${String(id)}: ${String(msg)}`);
    },
  };
  const log = createLogger({ logLevel: 'info' }, destination);
  return { said, task: new TaskModel({ modelId, models, log }) };
}
const missing =
  'warn small: the model of TASK_MODEL is not there; titles stay the first words of a conversation';
const there = 'info small: the model of TASK_MODEL is there now';

it('says once that a model for small work is not there, and when it comes and goes', async () => {
  const models = new ModelRegistry();
  const { said, task } = watched(models, 'small');
  expect(said).toEqual([missing]);
  for (const id of ['a', 'b']) models.setSource('discovered', [{ ...small, id }]);
  expect([task.find(), task.find()]).toEqual([undefined, undefined]);
  expect(said).toEqual([missing]);
  models.setSource('listed', [small]);
  expect(task.find()?.id).toBe('small');
  models.setSource('listed', [{ ...retired, replacedBy: 'a' }]);
  expect(task.find()).toBeUndefined();
  expect(said).toEqual([missing, there, missing]);
  task.close();
  models.setSource('listed', [small]);
  expect(said).toHaveLength(3);
  await models.close();
});

it('says nothing of one that is there from the start, or that nobody wants', async () => {
  const models = new ModelRegistry();
  models.setSource('listed', [small]);
  expect(watched(models, 'small').said).toEqual([]);
  const { said, task } = watched(models, undefined);
  expect([task.find(), said]).toEqual([undefined, []]);
  await models.close();
});
