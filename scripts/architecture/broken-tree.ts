import type { Rule } from './door-rules';

/** A tree that breaks one rule in one place, so that a rule that has gone blind is seen. */
export interface BrokenTree {
  what: string;
  rule: Rule;
  files: Record<string, string>;
  /** What the one complaint must say. */
  says: string[];
}

/** A component with this script. */
export function svelte(script: string): string {
  return `<script lang="ts">\n  ${script}\n</script>\n\n<p>Text</p>\n`;
}
