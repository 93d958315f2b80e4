import { AppError } from '$lib/domain/errors';
import {
  exportFormat,
  jsonDocument,
  markdownArchive,
  maxArchiveFiles,
} from '$lib/server/http/conversation-files';
import { download } from '$lib/server/http/download';
import { endpoint } from '$lib/server/http/endpoint';

export const GET = endpoint({}, async ({ app, owner, url }) => {
  const format = exportFormat(url);
  const now = new Date();
  const name = `parlance-${now.toISOString().slice(0, 10)}`;
  const all = app.collection.all(owner);
  if (format === 'json') {
    return download(
      { name: `${name}.json`, contentType: 'application/json' },
      jsonDocument(all, now, (id) => app.files.get(owner, id)),
    );
  }
  const count = await app.collection.count(owner);
  if (count > maxArchiveFiles) {
    throw new AppError(
      'too-large',
      'These are more conversations than one archive holds. Export them as JSON.',
      {
        details: { count, limit: maxArchiveFiles },
      },
    );
  }
  return download({ name: `${name}.zip`, contentType: 'application/zip' }, markdownArchive(all));
});
