// biome-ignore-all lint/suspicious/noTemplateCurlyInString: other languages write their placeholders so
import { describe, expect, test } from 'vitest'
import { readManifestFile } from '../../manifests/read-manifests.ts'
import { translate } from '../../messages/index.ts'
import { readWorkspaceFile } from '../../workspace-file/read-workspace-file.ts'
import { buildTopology } from '../build-topology.ts'
import type { Topology } from '../topology.ts'
import { readCode } from './read-code.ts'
import { readConfiguration } from './read-configuration.ts'
import { readSources } from './read-sources.ts'

const service = (name: string, port = 80) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: ${name}}, ports: [{port: ${port}}]}\n---\n`
const deployment = (name: string, env = '', image = `ghcr.io/acme/${name}:1`) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "${image}", env: [${env}]}]}
---
`
const others = ['cart', 'orders', 'payment', 'user'].map(name => deployment(name) + service(name, 8080)).join('')
const stores = deployment('store', '', 'redis:7') + service('store', 6379)

async function build(
  files: { readonly [path: string]: string },
  env = '',
  more: { readonly manifests?: string; readonly notes?: string; readonly leastConfidence?: number } = {},
): Promise<Topology> {
  const manifests = [readManifestFile('all.yaml', (more.manifests ?? deployment('web', env)) + others + stores)]
  const workspace = readWorkspaceFile(
    'pilothouse.yaml',
    `apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\n${more.notes ?? ''}`,
  )
  const paths = Object.keys(files)
  const sources = await readSources(
    manifests,
    { name: 'repo', paths, text: path => Promise.resolve(files[path] ?? null) },
    workspace,
  )
  const { leastConfidence } = more
  return buildTopology(manifests, {
    environment: '.',
    revision: 'r',
    workspace,
    sources,
    ...(leastConfidence !== undefined && { leastConfidence }),
  })
}

/** Edges of a program in `web/` whose one file this is. */
async function edges(file: string, text: string, env = ''): Promise<string[]> {
  const topology = await build({ 'web/Dockerfile': 'FROM scratch', [`web/${file}`]: text }, env)
  return topology.edges.map(({ from, to, protocol, confidence }) => `${from} > ${to} ${protocol} ${confidence}`)
}

describe('texts in programs of any language', () => {
  test.each([
    ['a.js', "const url = 'http://cart:8080/items'", ['web > cart http 0.7']],
    ['a.ts', 'const cart = process.env.CART_URL ?? "http://cart:8080"', ['web > cart http 0.7']],
    ['a.ts', 'fetch(`http://cart:${port}/x/${id}`)', ['web > cart http 0.8']],
    ['a.js', 'module.exports = { cartUrl: util.format("http://cart%s/carts", domain) }', ['web > cart http 0.7']],
    ['a.js', "const redis = new Redis({ host: 'store', port: 6379 })", ['web > store redis 0.65']],
    ['a.py', "CART = os.environ.get('CART_ADDR', 'cart:8080')", ['web > cart http 0.7']],
    [
      'a.py',
      'cartHostname = "cart" if (os.environ.get("CART_HOSTNAME") is None) else os.environ.get("CART_HOSTNAME")',
      ['web > cart http 0.65'],
    ],
    ['a.py', 'requests.get(f"http://orders:8080/orders/{order_id}")', ['web > orders http 0.8']],
    [
      'A.java',
      'String host = System.getenv("CART_HOST") == null ? "cart" : System.getenv("CART_HOST");',
      ['web > cart http 0.65'],
    ],
    ['A.java', '@Value("${cart.url:http://cart:8080}") String cart;', ['web > cart http 0.7']],
    [
      'A.java',
      'return new ServiceUri(new Hostname("payment"), new Domain(domain), "/pay").toUri();',
      ['web > payment http 0.65'],
    ],
    ['A.java', '@FeignClient(name = "orders", path = "/api")', ['web > orders http 0.6']],
    ['A.kt', 'val client = WebClient.create("lb://orders")', ['web > orders http 0.7']],
    ['A.cs', 'var api = RestService.For<IOrdersApi>("http://orders:8080");', ['web > orders http 0.7']],
    [
      'A.cs',
      'builder.Services.AddHttpClient<CartClient>(c => c.BaseAddress = new("https+http://cart"));',
      ['web > cart https 0.7'],
    ],
    ['A.cs', 'await dapr.InvokeMethodAsync<Order>(HttpMethod.Get, "orders", "list");', ['web > orders http 0.6']],
    ['a.py', 'cache = redis.Redis("store", 6379)', ['web > store redis 0.65']],
    ['A.java', 'var channel = ManagedChannelBuilder.forAddress("cart", 8080).build();', ['web > cart grpc 0.8']],
    [
      'A.java',
      'private String url = String.format("http://%s/x/", getenv("CART_ENDPOINT") != null ? getenv("CART_ENDPOINT") : "cart");',
      ['web > cart http 0.65'],
    ],
    ['a.js', "const host = process.env.CART_HOST || 'cart'", ['web > cart http 0.65']],
    ['a.js', `const quote = /['"\`]/; const u = 'http://cart:8080'`, ['web > cart http 0.7']],
    ['run.sh', 'echo "it\'s up"; curl -f http://cart:8080/x', ['web > cart http 0.7']],
    ['a.rb', "CART = ENV.fetch('CART_URL', 'http://cart:8080')", ['web > cart http 0.7']],
    ['a.php', "$cart = getenv('CART_URL') ?: 'http://cart:8080';", ['web > cart http 0.7']],
    [
      'a.rs',
      'let cart = env::var("CART_URL").unwrap_or_else(|_| "http://cart:8080".to_string());',
      ['web > cart http 0.7'],
    ],
    ['a.go', 'addr := os.Getenv("CART_ADDR")\nif addr == "" {\n  addr = "cart:8080"\n}', ['web > cart http 0.7']],
    ['run.sh', 'exec web --cart "${CART_URL:-http://cart:8080}"', ['web > cart http 0.7']],
    ['a.py', 'stub = shop_pb2_grpc.OrderServiceStub(channel)', []],
    ['a.py', 'stub = shop_pb2_grpc.PaymentServiceStub(channel)', ['web > payment grpc 0.6']],
    ['a.js', "axios.get('http://localhost:3500/v1.0/invoke/user/method/me')", ['web > user http 0.6']],
  ])('%s: %s', async (file, text, wanted) => {
    expect(await edges(file, text)).toEqual(wanted)
  })

  test.each([
    ['a.js', '// const url = "http://cart:8080"'],
    ['a.js', '/* see\n http://cart:8080 */'],
    ['a.py', '"""Talks to http://cart:8080"""'],
    ['a.py', '# http://cart'],
    ['a.js', 'const name = "cart"'],
    ['a.js', 'const queue = { service: "cart", name: "orders" }'],
    ['a.js', 'fetch(`http://${host}/cart`)'],
    ['a.js', 'fetch("http://cart-" + zone + ".example.com")'],
    ['a.js', 'const url = "http://mycart:8080"'],
    ['a.js', 'const url = "http://cart.example.com"'],
    ['a.js', 'const label = "cart:99"'],
    ['a.js', 'const url = "https://docs.example.com/cart"'],
    ['cart.test.js', 'const url = "http://cart:8080"'],
    ['tests/a.js', 'const url = "http://cart:8080"'],
    ['docs/a.js', 'const url = "http://cart:8080"'],
    ['vendor/x/a.go', 'const url = "http://cart:8080"'],
    ['shop.pb.go', 'const url = "http://cart:8080"'],
    ['README.md', 'http://cart:8080'],
    ['k8s/config.yaml', 'url: http://cart:8080'],
  ])('says nothing: %s %s', async (file, text) => {
    expect(await edges(file, text)).toEqual([])
  })
})

describe('configuration that goes into the image', () => {
  test.each([
    [
      'nginx.conf',
      'upstream api {\n  server cart:8080;\n}\nlocation /o { proxy_pass http://orders:8080/; }',
      ['cart', 'orders'],
    ],
    [
      'src/main/resources/application.yml',
      'clients:\n  cart:\n    base-url: http://${CART_HOST:cart}:8080\nspring:\n  data:\n    redis:\n      host: store\n',
      ['cart', 'store'],
    ],
    [
      'src/main/resources/application.properties',
      'spring.data.redis.host=store\nmail.url=http://${domain}/x',
      ['store'],
    ],
    [
      'appsettings.json',
      '{\n  "Urls": {\n    "Cart": "http://cart:8080"\n  },\n  "ConnectionStrings": { "Redis": "store:6379,ssl=false" }\n}',
      ['cart', 'store'],
    ],
    ['.env', 'CART_URL=http://cart:8080\n# ORDERS_URL=http://orders:8080', ['cart']],
    ['config/settings.toml', '[payment]\nendpoint = "payment:8080"', ['payment']],
  ])('%s', async (file, text, wanted) => {
    expect((await edges(file, text)).map(edge => edge.split(' ')[2])).toEqual(wanted)
  })

  test.each([
    ['application-dev.yml', 'cart: { url: http://cart:8080 }\nurl: http://cart:8080'],
    ['.env.example', 'CART_URL=http://cart:8080'],
    [
      'src/main/resources/application.properties',
      'spring.zipkin.baseUrl=http://user:8080/\nspring.zipkin.enabled=${zipkin_enabled:false}',
    ],
    ['deployment.yaml', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  url: http://cart:8080'],
  ])('says nothing: %s', async (file, text) => {
    expect(await edges(file, text)).toEqual([])
  })

  test('what stands in the image holds only while the manifest does not say otherwise', async () => {
    const docker = {
      'web/Dockerfile':
        'FROM x\nENV CART_URL=http://cart:8080 \\\n    MODE=1\nCMD ["web", "--orders", "http://orders:8080"]',
    }
    const found = async (env: string) => (await build(docker, env)).edges.map(edge => `${edge.to} ${edge.confidence}`)
    expect(await found('')).toEqual(['cart 0.75', 'orders 0.75'])
    expect(await found('{name: CART_URL, value: "http://payment:8080"}')).toEqual(['orders 0.75', 'payment 0.99'])
    expect(
      await edges(
        'application.properties',
        'cart.base-url=http://cart:8080',
        '{name: CART_BASEURL, value: "http://user:8080"}',
      ),
    ).toEqual(['web > user http 0.9'])
  })
})

test('a variable the code reads and the manifest sets is the surest; where all mount all, it is what tells', async () => {
  expect(await edges('a.js', 'connect(process.env.CART)', '{name: CART, value: "cart:8080"}')).toEqual([
    'web > cart http 0.99',
  ])
  const shared = `apiVersion: v1
kind: ConfigMap
metadata: {name: all}
data: {CART_ADDR: "cart:8080", ORDERS_ADDR: "orders:8080", USER_ADDR: "user:8080"}
---
`
  const taking = (name: string) => deployment(name).replace('env: []', 'envFrom: [{configMapRef: {name: all}}]')
  const topology = await build({ 'web/main.py': 'os.environ["ORDERS_ADDR"]' }, '', {
    manifests: shared + taking('web') + taking('more') + taking('again'),
  })
  expect(topology.edges.map(edge => `${edge.from} > ${edge.to}`)).toEqual(['web > orders'])
  expect(topology.edges[0]?.evidence.map(({ kind, file, line }) => `${kind} ${file}:${line}`)).toEqual([
    'source web/main.py:1',
    'config all.yaml:4',
    'env all.yaml:12',
  ])
})

describe('a workload finds its source by itself and says how', () => {
  const how = async (files: { readonly [path: string]: string }, more: Parameters<typeof build>[2] = {}) => {
    const topology = await build(files, '', more)
    const source = topology.nodes.find(node => node.id === 'web')?.source
    return source && translate('en', source.how)
  }
  test.each<[string, { readonly [path: string]: string }, string | undefined]>([
    [
      'skaffold',
      {
        'skaffold.yaml':
          'apiVersion: skaffold/v3\nkind: Config\nbuild:\n  artifacts:\n  - image: web\n    context: apps/front\n',
        'apps/front/main.go': '',
      },
      'apps/front, from which skaffold.yaml:5 builds web.',
    ],
    [
      'compose',
      { 'docker-compose.yml': 'services:\n  web:\n    build: ./front\n', 'front/Dockerfile': '', 'front/a.js': '' },
      'front, from which docker-compose.yml:2 builds web.',
    ],
    [
      'a pipeline',
      {
        '.github/workflows/build.yml':
          'jobs:\n  b:\n    steps:\n    - uses: docker/build-push-action@v6\n      with:\n        context: ./front\n        tags: ghcr.io/acme/web:latest\n',
        'front/a.js': '',
      },
      'front, from which .github/workflows/build.yml:7 builds web.',
    ],
    [
      'a Makefile',
      {
        Makefile: 'image:\n\tdocker build --build-arg A=1 -t $(HUB)/web:$(TAG) -f front/Dockerfile .\n',
        'front/Dockerfile': '',
        'front/a.js': '',
      },
      'front, from which Makefile:2 builds web.',
    ],
    [
      'Tilt',
      { Tiltfile: "docker_build('acme/web', './front')", 'front/Dockerfile': '', 'front/a.js': '' },
      'front, from which Tiltfile:1 builds web.',
    ],
    [
      'Gradle',
      { 'front/build.gradle': "jib {\n  to { image = 'acme/web' }\n}", 'front/A.java': '' },
      'front, from which front/build.gradle:2 builds web.',
    ],
    [
      'Tekton',
      {
        '.tekton/ci.yaml': '',
        'cloudbuild.yaml':
          'tasks:\n- params:\n  - name: CONTEXT\n    value: front\n  - name: IMAGE\n    value: registry/web:1\n',
        'front/Dockerfile': '',
        'front/a.js': '',
      },
      'front, from which cloudbuild.yaml:6 builds web.',
    ],
    [
      'Buildpacks',
      { Makefile: 'x:\n\tpack build acme/web --path front', 'front/project.toml': '', 'front/a.js': '' },
      'front, from which Makefile:2 builds web.',
    ],
    [
      'a module',
      { 'services/x/go.mod': 'module github.com/acme/web\n', 'services/x/main.go': '' },
      'services/x, which services/x/go.mod:1 calls web.',
    ],
    ['its folder', { 'src/web/Dockerfile': '', 'src/web/a.js': '' }, 'src/web, which is called like the image web.'],
    [
      'a Dockerfile apart',
      { 'web/docker/web/Dockerfile': '', 'web/src/a.js': '' },
      'web, which is called like the image web.',
    ],
    [
      'the folder around',
      { 'web/src/Web.csproj': '', 'web/src/A.cs': '' },
      'web/src, which is called like the image web.',
    ],
    [
      'a longer folder name',
      { 'src/acme-web/Dockerfile': '', 'src/acme-web/a.js': '' },
      'src/acme-web, which is called like the image web.',
    ],
    ['nothing', { 'src/other/Dockerfile': '' }, undefined],
  ])('%s', async (_, files, wanted) => {
    expect(await how(files)).toBe(wanted)
  })

  test('longer image names, versions and endings', async () => {
    const named = (image: string, name = 'thing') =>
      how(
        { 'src/web/package.json': '{}', 'src/web/a.js': '' },
        { manifests: deployment('web', '', image).replace('name: web}', `name: ${name}}`) },
      )
    for (const image of ['acme/shop-web-v2:1', 'acme/web-service:1', 'acme/Web@sha256:00'])
      expect(
        (
          await build({ 'src/web/package.json': '{}', 'src/web/a.js': '' }, '', {
            manifests: deployment('web', '', image),
          })
        ).nodes.find(node => node.id === 'web')?.source?.folder,
      ).toBe('src/web')
    expect(await named('redis:7')).toBeUndefined()
  })

  test('one image for everything: its tag says, then the name of the workload', async () => {
    const parts = ['web', 'cart', 'orders'].map(name =>
      deployment(name, '', `acme/demo:1.2-${name === 'web' ? 'front' : name}`),
    )
    const topology = await build(
      {
        'demo/a.js': '',
        'demo/package.json': '',
        'src/front/Dockerfile': '',
        'src/front/a.js': '',
        'src/cart/a.js': '',
        'src/cart/Dockerfile': '',
      },
      '',
      { manifests: parts.join('') },
    )
    expect(['web', 'cart'].map(id => topology.nodes.find(node => node.id === id)?.source?.folder)).toEqual([
      'src/front',
      'src/cart',
    ])
  })

  test('pilothouse.yaml says it instead', async () => {
    expect(
      await how(
        { 'src/web/Dockerfile': '', 'legacy/web.js': '' },
        { notes: 'services: { web: { source: legacy } }\n' },
      ),
    ).toBe('legacy, as pilothouse.yaml says.')
  })

  test('where all of the repository is the build context, its own folder is the source', async () => {
    const topology = await build({
      'skaffold.yaml':
        'kind: Config\nbuild:\n  artifacts:\n  - { image: web, context: . }\n  - { image: cart, context: . }\n',
      'src/web/package.json': '{}',
      'src/web/a.js': 'fetch("http://orders:8080")',
      'src/cart/package.json': '{}',
      'src/cart/a.js': 'fetch("http://user:8080")',
    })
    expect(topology.edges.map(edge => `${edge.from} > ${edge.to}`)).toEqual(['cart > user', 'web > orders'])
  })
})

test('endpoints of common frameworks are listed', async () => {
  const served = async (file: string, text: string) =>
    (await build({ 'web/Dockerfile': '', [`web/${file}`]: text })).nodes
      .find(node => node.id === 'web')
      ?.endpoints?.map(({ method, path }) => `${method ?? '*'} ${path}`)
  expect(
    await served('a.py', "@app.route('/a', methods=['GET', 'POST'])\ndef a(): pass\n@router.get(\"/b/{id}\")"),
  ).toEqual(['GET /a', 'POST /a', 'GET /b/{id}'])
  expect(await served('a.ts', "app.get('/a', h)\nrouter.post('/b', h)")).toEqual(['GET /a', 'POST /b'])
  expect(
    await served('A.java', '@GetMapping("/a")\n@RequestMapping(value = "/b", method = RequestMethod.PUT)'),
  ).toEqual(['GET /a', 'PUT /b'])
  expect(await served('A.cs', 'app.MapPost("/a", () => 1);')).toEqual(['POST /a'])
})

test('what is run with elsewhere hints at what is called', async () => {
  const topology = await build(
    {
      'compose.yaml':
        'services:\n  web:\n    build: web\n    environment:\n      CART_URL: http://cart:8080\n      - broken\n',
      'web/a.js': '',
      'docker-compose.yml':
        'services:\n  web:\n    build: web\n    environment:\n      - ORDERS_URL=http://orders:8080\n',
    },
    '',
    { leastConfidence: 0 },
  )
  expect(
    topology.edges.map(edge => `${edge.to} ${edge.confidence} ${edge.evidence[0]?.file}:${edge.evidence[0]?.line}`),
  ).toEqual(['orders 0.45 docker-compose.yml:5'])
})

test('a program around others is not the author of what they say', async () => {
  const topology = await build({
    Dockerfile: '',
    'main.go': 'const cart = "http://cart:8080"',
    'parts/one/Dockerfile': '',
    'parts/one/a.js': 'fetch("http://orders:8080")',
    'parts/two/Dockerfile': '',
    'parts/two/a.js': 'fetch("http://user:8080")',
    'go.mod': 'module acme/web',
  })
  expect(topology.edges.map(edge => `${edge.from} > ${edge.to}`)).toEqual(['web > cart'])
})

test('outside systems: what a variable holds, stores, and what a client is handed; a web address alone is mostly documentation', async () => {
  expect(
    await edges('a.js', 'pay(process.env.BANK_URL)', '{name: BANK_URL, value: "https://api.bank.example/v1"}'),
  ).toEqual(['web > api.bank.example https 0.99'])
  expect(await edges('a.js', "const db = 'postgres://db.acme-internal.net:5432/x'")).toEqual([
    'web > db.acme-internal.net postgresql 0.55',
  ])
  expect(await edges('a.js', "fetch('https://api.bank.example/v1')")).toEqual(['web > api.bank.example https 0.55'])
  expect(await edges('public/a.js', "fetch('https://api.bank.example/v1')")).toEqual([])
  expect(await edges('a.js', "const bank = 'https://bank.example/rates/v1'")).toEqual([])
  // Unless its host or its path is that of an API.
  for (const url of [
    'https://api.bank.example/rates',
    'https://eu-api.bank.example',
    'https://bank.example/v1/rates',
  ]) {
    const [host] = url.slice('https://'.length).split('/')
    expect(await edges('a.js', `const bank = '${url}'`)).toEqual([`web > ${host} https 0.55`])
  }
  expect(await edges('a.js', "const bank = 'https://api.bank.example/v1/openapi.json'")).toEqual([])
  expect(await edges('a.js', "const bank = 'https://docs.bank.example/api/'")).toEqual([])
  expect(await edges('pages/a.js', "const bank = 'https://api.bank.example/v1'")).toEqual([])
  // One word under a key is a host where nothing but the code says so: no endpoint of who knows whom.
  expect(await edges('a.php', "'mail' => env('MAIL_ENDPOINT', 'api.mail.example')")).toEqual([])
})

test('packed and hostile files cost no time', () => {
  const began = process.cpuUsage()
  readCode('a.js', `process.env.${'A'.repeat(200_000)} ${'(((('.repeat(20_000)} "http://a:80"`)
  readCode('a.js', Array.from({ length: 6_000 }, (_, index) => `k${index}: "v${index}.x:80"`).join(', '))
  readCode('a.py', `x = ${'"'.repeat(50_001)}`)
  readCode('a.rs', `${'#[cfg(test'.repeat(20_000)}\n${'#[cfg(test)] mod t { }\n'.repeat(8_000)} "http://a:80"`)
  readCode('a.js', `${'a('.repeat(400)}${'"http://a:80",'.repeat(80)}\n`.repeat(40))
  readCode('A.java', `final x = "http://a:80" ${'a.'.repeat(200_000)}`)
  readCode('A.cs', `final x = "http://a:80" + ${'Aa.'.repeat(600)}\n`.repeat(30))
  readCode('a.js', `origins${' '.repeat(1_900)}"http://a:80"\n`.repeat(40))
  readCode('a.go', `"http://a:80"\n${'a.B '.repeat(50_000)}`)
  readConfiguration('application.yml', `---\nprofiles: a\n${' \n'.repeat(50_000)}---\n${'a-'.repeat(50_000)}`)
  readConfiguration('a.json', `{${'"a":{'.repeat(50_000)}`)
  readConfiguration('a.yml', `${' '.repeat(100_000)}- ${'a: '.repeat(50_000)}`)
  // What is read in quadratic time takes minutes; a tenth of a second is usual.
  expect(process.cpuUsage(began).user).toBeLessThan(10_000_000)
})

test('credentials in source are not told', async () => {
  const topology = await build({ 'web/Dockerfile': '', 'web/a.js': "const db = 'redis://admin:hunter2@store:6379'" })
  expect(JSON.stringify(topology)).not.toContain('hunter2')
  expect(topology.edges.map(edge => edge.to)).toEqual(['store'])
})
