import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [tailwindcss(), sveltekit()],
  // Inlined assets would need `data:` in the content security policy.
  build: { assetsInlineLimit: 0 },
  server: { host: '127.0.0.1', port: 3000 },
  test: {
    include: ['src/**/*.spec.ts', 'scripts/**/*.spec.ts'],
    environment: 'node',
    globalSetup: ['scripts/vitest-setup.mjs'],
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
