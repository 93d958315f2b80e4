import { accountOf } from '$lib/server/auth/account';
import { listedModels } from '$lib/server/http/model-lists';
import type { LayoutServerLoad } from './$types';

const firstPage = 50;

/** What every page shows: the newest conversations, the models and the owner's defaults. */
export const load: LayoutServerLoad = async ({ locals, route }) => {
  // The page that asks for the token belongs to nobody yet.
  if (route.id === '/login') return { workspace: null };
  const { app, owner, access } = locals;
  const account = accountOf(owner, access);
  const [conversations, settings] = await Promise.all([
    app.conversations.list(owner, { limit: firstPage }),
    app.settings.get(owner),
  ]);
  return {
    account,
    workspace: {
      conversations,
      settings,
      models: listedModels(app.models.list(owner)),
      defaultModelId: app.models.defaultFor(owner),
      canConnect: account.isAdmin,
    },
  };
};
