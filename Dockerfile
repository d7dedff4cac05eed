# The latest Node.js 24 (LTS) release at the time of writing. To upgrade, change only this tag and run the tests on the
# new release.
ARG NODE_IMAGE=node:24.21.0-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY hooks hooks
COPY src src
COPY tools tools
RUN npm run build

# The hook is one file: no packages, no demo, no sandbox.
FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/dist ./
COPY LICENSE ./
# A numeric user, so that Kubernetes can verify that it is not root.
USER 1000:1000
EXPOSE 8080
# Megabytes for its objects; the thread for large requests has 160 more. No --enable-source-maps: with it, every connection
# that a metrics system closes takes time to look up where in the source that is.
CMD ["node", "--max-old-space-size=128", "hook.js"]
