import { describe, expect, it, vi } from 'vitest';
import { parseSearch } from '../../../domain/search-terms';
import { ConversationTable } from './conversation-table';
import { Database } from './database';
import { SearchTable } from './search-table';

/** How SQLite goes about each query that `work` asks. */
function plansOf(work: (database: Database) => void): string[] {
  const database = Database.open(':memory:');
  const all = vi.spyOn(database, 'all');
  work(database);
  const asked = [...all.mock.calls];
  const plans = asked.map(([sql, ...values]) =>
    database
      .all(`EXPLAIN QUERY PLAN ${sql}`, ...values)
      .map(({ detail }) => String(detail))
      .join('; '),
  );
  database.close();
  return plans;
}

describe('a page costs what it shows, however much there is', () => {
  it.each([undefined, '0_5_x', '1_5_x'])('the list, before %s', (before) => {
    const [plan, ...others] = plansOf((database) =>
      new ConversationTable(database).list('ann', { limit: 50, ...(before !== undefined && { before }) }),
    );
    expect(others).toEqual([]);
    expect(plan).toMatch(/SEARCH c USING INDEX conversations_listed \(owner=\? AND .*is_pinned/u);
    expect(plan).toMatch(/SEARCH g USING .*INDEX generations_unfinished/u);
    expect(plan).not.toMatch(/SCAN|TEMP B-TREE/u);
  });

  it('search: messages come from the index in their order', () => {
    const plans = plansOf((database) =>
      new SearchTable(database).find('ann', parseSearch('a b'), { limit: 20 }),
    );
    expect(plans).toHaveLength(2);
    expect(plans[1]).toMatch(/^SCAN i VIRTUAL TABLE INDEX \d+:M2</u);
    expect(plans[1]).toContain('SEARCH m USING INTEGER PRIMARY KEY');
    expect(plans[1]).not.toContain('TEMP B-TREE');
    for (const plan of plans) expect(plan).not.toMatch(/SCAN [^i]/u);
  });
});
