import { conversationMarkdown } from '$lib/domain/conversation-markdown';
import { exportFormat, fileNameOf, jsonDocument } from '$lib/server/http/conversation-files';
import { download } from '$lib/server/http/download';
import { endpoint, idParam } from '$lib/server/http/endpoint';

export const GET = endpoint({}, async ({ app, owner, params, url }) => {
  const format = exportFormat(url);
  const whole = await app.collection.whole(owner, idParam(params));
  const name = fileNameOf(whole);
  const readFile = (id: string) => app.files.get(owner, id);
  return format === 'json'
    ? download(
        { name: `${name}.json`, contentType: 'application/json' },
        jsonDocument([whole], new Date(), readFile),
      )
    : download({ name: `${name}.md`, contentType: 'text/markdown; charset=utf-8' }, [
        conversationMarkdown(whole),
      ]);
});
