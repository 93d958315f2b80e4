# docker build -t parlance .
# docker run -p 3000:3000 -v parlance:/data parlance

# An LTS line of Node on Debian: ONNX Runtime needs glibc.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
# .npmrc keeps packages from running scripts.
COPY package.json package-lock.json .npmrc ./

FROM packages AS build
RUN npm ci
COPY svelte.config.js vite.config.ts tsconfig.json ./
COPY scripts ./scripts
COPY static ./static
COPY migrations ./migrations
COPY src ./src
RUN npm run build

FROM packages AS production
# Two thirds of ONNX Runtime are for other systems than this one.
RUN npm ci --omit=dev \
  && find node_modules/onnxruntime-node/bin -mindepth 2 -maxdepth 2 ! -name linux -exec rm -rf {} +

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Parlance" \
  org.opencontainers.image.description="Self-hosted chat for language models that answers on first run." \
  org.opencontainers.image.version="0.1.0" \
  org.opencontainers.image.licenses="Apache-2.0"
# A container is reached by others, and by more than one: each browser has its own conversations.
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=3000 \
  ACCESS=anonymous \
  DATA_DIR=/data
WORKDIR /app
# A new volume takes over the owner of the folder. The app itself belongs to root, so the server cannot change it.
RUN install -d -o node -g node -m 700 /data
COPY package.json LICENSE ./
COPY models ./models
COPY --from=production /app/node_modules ./node_modules
COPY --from=build /app/build ./build
# The user `node`, by number: Kubernetes sees that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 3000
# Ready: storage answers and no model is still loading. A big model takes a while.
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not through npm or a shell: SIGTERM must reach the server, which then ends its answers in order.
CMD ["node", "build/main.js"]
