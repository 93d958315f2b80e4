import type { LayoutServerLoad } from './$types';

const firstPage = 50;

/** What every page shows: the newest conversations and the models. */
export const load: LayoutServerLoad = async ({ locals, route }) => {
  // The page that asks for the token belongs to nobody yet.
  if (route.id === '/login') return { workspace: null };
  const { app, owner } = locals;
  return {
    workspace: {
      conversations: await app.conversations.list(owner, { limit: firstPage }),
      models: app.models.list(),
      defaultModelId: app.models.defaultId,
    },
  };
};
