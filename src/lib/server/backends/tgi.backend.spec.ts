import { afterAll, beforeAll } from 'vitest';
import { FakeTgi } from './__fixtures__/fake-tgi';
import { describeBackend } from './conformance';
import { defaultHttpSettings } from './http/settings';
import { tgiBackend } from './tgi.backend';

for (const dialect of ['new', 'old'] as const) {
  const servers: FakeTgi[] = [];
  beforeAll(async () => {
    servers.push(await new FakeTgi({ dialect }).listen());
  });
  afterAll(() => Promise.all(servers.map((server) => server.close())));
  describeBackend(`Text Generation Inference, ${dialect} dialect`, {
    create: () =>
      tgiBackend.create({ type: 'tgi', url: servers[0]?.url ?? '' }, { http: defaultHttpSettings }),
    input: { kind: 'prompt', prompt: '<|im_start|>user Tell me of the fox.' },
    parameters: { temperature: 0 },
    unknown: { min_p: 0.2 },
    says: (text) => {
      const tokens = text?.match(/[^]{1,5}/gu)?.map((piece) => ({ text: piece }));
      for (const { options } of servers) options.answer = tokens ? { tokens } : {};
      return {};
    },
  });
}
