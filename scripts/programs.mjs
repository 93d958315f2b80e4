/** The programs beside the web application: output name to source. */
export const programs = {
  main: 'src/main.ts',
  cli: 'src/cli.ts',
  engine: 'src/lib/server/backends/local/engine.ts',
  'text2text-engine': 'src/lib/server/backends/local/text2text-engine.ts',
  'storage-worker': 'src/lib/server/storage/embedded/worker.ts',
  'tokenizer-worker': 'src/lib/server/models/tokenizer-worker.ts',
  'grammar-worker': 'src/lib/server/backends/local/sampling/grammar-worker.ts',
};
