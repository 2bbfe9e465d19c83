// biome-ignore-all lint/suspicious/noTemplateCurlyInString: other languages write their placeholders so
import { describe, expect, test } from 'vitest'
import { readManifestFile } from '../../manifests/read-manifests.ts'
import { buildTopology } from '../build-topology.ts'
import { readSources } from './read-sources.ts'

type More = { readonly env?: string; readonly image?: string; readonly annotations?: string }
const app = (name: string, { env = '', image = `acme/${name}:1`, annotations = '' }: More = {}) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {template: {metadata: {labels: {app: ${name}}, annotations: {${annotations}}}, spec: {containers: [{name: m, image: "${image}", env: [${env}]}]}}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: ${name}}, ports: [{port: 8080}]}\n---\n`

async function edges(manifests: string, files: { readonly [path: string]: string }): Promise<string[]> {
  const read = [readManifestFile('all.yaml', manifests)]
  const tree = { name: 'repo', paths: Object.keys(files), text: (path: string) => Promise.resolve(files[path] ?? null) }
  const sources = await readSources(read, tree, undefined)
  return buildTopology(read, { environment: '.', revision: '', sources }).edges.map(
    edge => `${edge.from} > ${edge.to} ${edge.protocol}`,
  )
}
const two = app('web') + app('catalog')
const all = two + app('cart') + app('orders')

describe('who is called is who says that it serves', () => {
  test.each([
    ['Python', 'catalog/a.py', 'shop_pb2_grpc.add_ProductListServicer_to_server(Impl(), server)'],
    ['Java', 'catalog/src/A.java', 'class A extends ProductListGrpc.ProductListImplBase {'],
    ['Kotlin', 'catalog/src/A.kt', 'class A : ProductListGrpcKt.ProductListCoroutineImplBase() {'],
    ['Node', 'catalog/a.js', 'server.addService(shop.ProductList.service, { list });'],
    ['C#', 'catalog/A.cs', 'public class Impl : ProductList.ProductListBase {'],
    ['Ruby', 'catalog/a.rb', 'class Impl < Shop::ProductList::Service'],
    ['C++', 'catalog/a.cc', 'class Impl final : public shop::ProductList::Service {'],
  ])('gRPC in %s', async (_, path, text) => {
    const client = { 'web/Dockerfile': '', 'web/a.py': 'stub = shop_pb2_grpc.ProductListStub(channel)' }
    expect(await edges(two, { ...client, 'catalog/Dockerfile': '', [path]: text })).toEqual(['web > catalog grpc'])
    expect(await edges(two, client)).toEqual([])
  })

  test.each([
    ['Python', 'web/a.py', 'channel = grpc.insecure_channel(os.environ["CART_ADDR"])'],
    [
      'Python settings',
      'web/a.py',
      'cart_addr: str = "cart:8080"\nchannel = grpc.insecure_channel(settings.cart_addr)',
    ],
    ['Go', 'web/a.go', 'package main\n\nfunc main() {\n\tc, err := grpc.NewClient(os.Getenv("CART_ADDR"), o)\n}\n'],
    ['Java', 'web/A.java', 'channel = ManagedChannelBuilder.forTarget(System.getenv("CART_ADDR")).build();'],
  ])('that it is gRPC only the code says, in %s', async (_, path, text) => {
    const env = '{name: CART_ADDR, value: "cart:8080"}'
    expect(await edges(app('web', { env }) + app('cart'), { 'web/Dockerfile': '', [path]: text })).toEqual([
      'web > cart grpc',
    ])
    const rest = await edges(app('web', { env }) + app('cart'), {
      'web/Dockerfile': '',
      'web/a.py': 'env("CART_ADDR")',
    })
    expect(rest).toEqual(['web > cart http'])
  })

  test('a name that discovery knows', async () => {
    const files = {
      'web/pom.xml': '',
      'web/src/main/resources/application.yml':
        'spring:\n  cloud:\n    gateway:\n      routes:\n        - id: x\n          uri: lb://PRODUCTS\n',
      'catalog/pom.xml': '',
      'catalog/src/main/resources/application.yml': 'spring:\n  application:\n    name: products\n',
    }
    expect(await edges(two, files)).toEqual(['web > catalog http'])
  })

  test('components of Dapr that code names', async () => {
    const component =
      'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: order-pub-sub}\nspec: {type: pubsub.redis, metadata: [{name: redisHost, value: "catalog:8080"}]}\n---\n'
    const dapr = (name: string) => app(name, { annotations: `dapr.io/enabled: "true", dapr.io/app-id: ${name}` })
    const files = {
      'web/Dockerfile': '',
      'web/a.py': "client.publish_event(pubsub_name='order-pub-sub', topic_name='orders', data=x)",
      'cart/Dockerfile': '',
      'cart/A.cs': '[Topic("order-pub-sub", "orders")]',
      'orders/Dockerfile': '',
      'orders/a.js': "const name = 'order-pub-sub-x'",
    }
    expect(await edges(dapr('web') + dapr('cart') + dapr('orders') + app('catalog') + component, files)).toEqual([
      'cart > order-pub-sub http',
      'order-pub-sub > catalog http',
      'web > order-pub-sub http',
    ])
  })
})

describe('constants that another module holds', () => {
  const names =
    'package c;\npublic final class Names {\n  public static final String CART = "cart";\n  public static final String ORDERS_URL = "http://orders:8080";\n}'
  test.each([
    ['Feign', 'web/A.java', '@FeignClient(name = Names.CART, path = "/x")', 'web > cart http'],
    [
      'Feign, over lines',
      'web/A.java',
      '@FeignClient(\n  value = com.acme.Names.CART,\n  path = "/x")',
      'web > cart http',
    ],
    ['a URL around it', 'web/A.java', 'get("http://" + Names.CART + ":8080/x");', 'web > cart http'],
    ['a text around it', 'web/A.kt', 'val url = "http://${Names.CART}:8080/x"', 'web > cart http'],
    ['an address', 'web/A.java', 'WebClient.create(Names.ORDERS_URL);', 'web > orders http'],
    ['an import', 'web/A.kt', 'import c.Names.ORDERS_URL\nclient.get("$ORDERS_URL/x")', 'web > orders http'],
    ['nothing', 'web/A.java', 'log(Names.CART);', undefined],
    ['in words', 'web/A.java', 'say("Names.ORDERS_URL");', undefined],
    [
      'of its own',
      'web/A.cs',
      'const string App = "cart";\ndapr.InvokeMethodAsync<C>(HttpMethod.Get, App, path);',
      'web > cart http',
    ],
    [
      'of its own, in a URL',
      'web/A.cs',
      'const string Host = "cart";\nGet($"http://{Host}:8080/x");',
      'web > cart http',
    ],
  ])('%s', async (_, path, text, wanted) => {
    const files = { 'web/Dockerfile': '', 'common/src/main/java/c/Names.java': names, [path]: text }
    expect(await edges(all, files)).toEqual(wanted === undefined ? [] : [wanted])
  })

  test('two classes of one name say nothing', async () => {
    const files = {
      'web/Dockerfile': '',
      'web/A.java': '@FeignClient(Names.CART)',
      'a/Names.java': 'static final String CART = "cart";',
      'b/Names.java': 'static final String CART = "orders";',
    }
    expect(await edges(all, files)).toEqual([])
    expect(await edges(all, { ...files, 'b/Names.java': '' })).toEqual(['web > cart http'])
  })

  test('of those a Go package only offers, the ones that are taken', async () => {
    const files = {
      'go.mod': 'module acme\n',
      'hosts/hosts.go': 'package hosts\n\nconst (\n\tCart = "cart:8080"\n\tOrders = "orders:8080"\n)\n',
      'web/main.go':
        'package main\n\nimport (\n\t"acme/hosts"\n\t"net/http"\n)\n\nfunc main() {\n\thttp.Get("http://" + hosts.Cart + "/x")\n}\n',
    }
    expect(await edges(all, files)).toEqual(['web > cart http'])
    // Though another program takes another one of the same package.
    const other = { 'catalog/main.go': files['web/main.go'].replace('hosts.Cart', 'hosts.Orders') }
    expect(await edges(all, { ...files, ...other })).toEqual(['catalog > orders http', 'web > cart http'])
  })
})

describe('what a program is made of', () => {
  test("a module without a build file of its own; a gateway that is a program of one's own", async () => {
    const main = (name: string) => `${name}/src/main/resources/application.yml`
    const files = {
      'pom.xml': '',
      [main('web')]: 'cart:\n  url: http://cart:8080\n',
      [main('config-server')]: 'orders:\n  url: http://orders:8080\n',
    }
    expect(await edges(all + app('config-server'), files)).toEqual(['config-server > orders http', 'web > cart http'])
  })

  test('packages of its module that a Go program imports; what several import is weak', async () => {
    const files = {
      'go.mod': 'module acme.com/shop\n',
      'cmd/web/main.go': 'package main\n\nimport (\n\t"fmt"\n\t"acme.com/shop/internal/web"\n)\n',
      'cmd/cart/main.go': 'package main\n\nimport "acme.com/shop/internal/common"\n',
      'cmd/orders/main.go': 'package main\n\nimport "acme.com/shop/internal/common"\n',
      'internal/web/web.go': 'package web\n\nimport "acme.com/shop/internal/client"\n',
      'internal/client/client.go': 'package client\n\nvar url = "http://catalog:8080"\n',
      'internal/client/client_test.go': 'package client\n\nvar url = "http://orders:8080"\n',
      'internal/common/common.go': 'package common\n\nvar url = "http://catalog:8080"\n',
      'internal/unused/unused.go': 'package unused\n\nvar url = "http://orders:8080"\n',
    }
    expect(await edges(all, files)).toEqual(['web > catalog http'])
  })

  test('configuration that a config server hands out is that of its reader', async () => {
    const files = {
      'config-server/pom.xml': '',
      'config-server/A.java': '',
      'config-server/src/main/resources/config/web.yml': 'cart:\n  url: http://cart:8080\n',
      'config-server/src/main/resources/config/orders-docker.yml': 'catalog:\n  url: http://catalog:8080\n',
      'web/pom.xml': '',
      'web/A.java': '',
      'orders/pom.xml': '',
      'orders/A.java': '',
    }
    expect(await edges(all + app('config-server'), files)).toEqual(['orders > catalog http', 'web > cart http'])
  })

  test('what it hands out to everybody is not what the server itself runs with', async () => {
    const shared = 'config/src/main/resources/shared'
    const files = {
      'config/pom.xml': '',
      'config/src/main/resources/application.yml': 'auth:\n  url: http://orders:8080\n',
      [`${shared}/application.yml`]: 'auth:\n  url: http://catalog:8080\n',
      [`${shared}/web.yml`]:
        'zuul:\n  routes:\n    cart:\n      path: /cart/**\n      serviceId: cart\nrates:\n  url: https://rates.io\n',
      'web/pom.xml': '',
      'web/src/main/java/Rates.java': '@FeignClient(url = "${rates.url}", name = "rates")\ninterface Rates {}',
    }
    expect(await edges(all + app('config'), files)).toEqual([
      'config > orders http',
      'web > cart http',
      'web > rates.io https',
    ])
  })

  test('a variable that only a compose file sets counts where the code reads it', async () => {
    const files = {
      'compose.yaml':
        'services:\n  web:\n    build: web\n    depends_on: [orders]\n    environment:\n      CART: http://cart:8080\n      OTHER: http://catalog:8080\n',
      'web/a.js': 'connect(process.env.CART)',
    }
    expect(await edges(all, files)).toEqual(['web > cart http'])
  })

  test('of a map that all take, what the code leaves out', async () => {
    const map =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: all}\ndata: {CART_HOST: "cart:8080", WEB_DB_URL: "postgres://db/web"}\n---\n'
    const taking = (name: string) => app(name).replace('env: []', 'envFrom: [{configMapRef: {name: all}}]')
    const manifests = map + taking('web') + taking('orders') + app('cart') + app('db', { image: 'postgres:16' })
    const told = ['orders > cart http', 'web > cart http', 'web > db postgresql']
    expect(await edges(manifests, {})).toEqual(told)
    const reads = (names: string) => ({ 'web/Dockerfile': '', 'web/a.py': `use(${names})` })
    const [cart, store] = ["os.environ['CART_HOST']", "os.environ['WEB_DB_URL']"]
    expect(await edges(manifests, reads(cart))).toEqual(told.slice(0, 2))
    expect(await edges(manifests, reads(`${cart}, ${store}`))).toEqual(told)
    // A program that takes no address by name comes to them some other way.
    expect(await edges(manifests, reads("os.environ['PORT']"))).toEqual(told)
  })

  test('a program in a folder of its own name, of an image that all share', async () => {
    const image = 'acme/all:1'
    const running = (name: string, program: string) =>
      app(name, { image }).replace('name: m,', `name: m, command: ["${program}"],`)
    const manifests = running('web', 'WebService') + running('cart', 'CartService') + running('mail', 'MailService')
    const files = {
      Dockerfile: '',
      'src/WebService/WebService.cpp': 'std::string cart_addr = config["cart"]["addr"];',
      'src/CartService/CartService.cpp': 'LOG(info) << "mail is not asked";',
      'src/MailService/MailService.cpp': 'int main() {}',
    }
    expect(await edges(manifests, files)).toEqual(['web > cart http'])
  })

  test('a module of settings alone is its own source, not what is around it', async () => {
    const settings = (host: string) => `spring.redis.host=${host}\n`
    const files = {
      'pom.xml': '',
      'web/pom.xml': '',
      'web/Dockerfile': '',
      'web/src/main/resources/application.properties': 'server.port=80\n',
      'acme-catalog/pom.xml': '',
      'acme-catalog/src/main/resources/application.properties': settings('cart'),
    }
    expect(await edges(all, files)).toEqual(['catalog > cart http'])
  })

  test('Rails', async () => {
    const files = {
      'web/Gemfile': '',
      'web/config/database.yml': "production:\n  host: <%= ENV.fetch('DB_HOST', 'catalog') %>\n",
    }
    expect(await edges(two, files)).toEqual(['web > catalog http'])
  })
})
