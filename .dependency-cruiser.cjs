/**
 * Rooms of src/, from top to bottom: each imports only rooms below it. CONTRIBUTING.md says what lives in each.
 * The sandbox stands beside the hook: it may use the rooms that it models or watches, and no room of the hook uses it.
 */
const ROOMS = [
  'main.ts',
  'server',
  'hook',
  'render',
  'rollout',
  'observe',
  'analysis',
  'api',
  'fetch',
  'routers',
  'providers',
  'condition',
  'status',
  'metacontroller',
  'schema',
];

const SANDBOX_USES = ['api', 'metacontroller', 'schema'];

const anyOf = rooms => `^src/(${rooms.map(room => room.replace('.', '[.]')).join('|')})(/|$)`;

module.exports = {
  forbidden: [
    ...ROOMS.slice(1).map((room, index) => ({
      name: `${room}-imports-only-rooms-below`,
      severity: 'error',
      from: { path: anyOf([room]), pathNot: '[.]test[.]ts$' },
      to: { path: anyOf(ROOMS.slice(0, index + 1)) },
    })),
    {
      name: 'sandbox-imports-only-what-it-models',
      severity: 'error',
      from: { path: '^src/sandbox/', pathNot: '[.]test[.]ts$' },
      to: { path: '^src/', pathNot: anyOf([...SANDBOX_USES, 'sandbox']) },
    },
    {
      name: 'the-hook-does-not-know-the-sandbox',
      severity: 'error',
      from: { path: anyOf(ROOMS), pathNot: '[.]test[.]ts$' },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'src-does-not-know-tools-and-tests',
      severity: 'error',
      from: { path: '^(src|hooks)/', pathNot: '[.]test[.]ts$' },
      to: { path: '^(tools|test)/|[.]test[.]ts$' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-file-is-in-a-room',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: anyOf([...ROOMS, 'sandbox']) },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|dist)/' },
  },
};
