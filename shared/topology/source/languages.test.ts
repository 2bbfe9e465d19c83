// biome-ignore-all lint/suspicious/noTemplateCurlyInString: other languages write their placeholders so
import { expect, test } from 'vitest'
import { readManifestFile } from '../../manifests/read-manifests.ts'
import { buildTopology } from '../build-topology.ts'
import { readSources } from './read-sources.ts'

const app = (name: string, port: number, image = `acme/${name}:1`, env = '') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: m, image: "${image}", env: [${env}]}]}}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: ${name}}, ports: [{port: ${port}}]}\n---\n`
const others = readManifestFile(
  'others.yaml',
  app('cart', 8080) +
    app('users-service', 80) +
    app('redis', 6379, 'redis:7') +
    app('db', 5432, 'postgres:16') +
    ['orders', 'user', 'payment', 'frontend', 'api', 'auth', 'product', 'search', 'notification']
      .map(name => app(name, 80))
      .join('') +
    app('mongo', 27017, 'mongo:7') +
    app('mysql', 3306, 'mysql:8') +
    app('rabbitmq', 5672, 'rabbitmq:3') +
    app('kafka', 9092, 'apache/kafka:3') +
    app('elasticsearch', 9200, 'elasticsearch:8'),
)

/** Who a program in `web/` calls whose one file this is, as people write it in each language. */
async function called(path: string, text: string, env: string): Promise<string> {
  const manifests = [readManifestFile('web.yaml', app('web', 80, 'acme/web:1', env)), others]
  const files: { readonly [path: string]: string } = { 'web/Dockerfile': 'FROM scratch', [`web/${path}`]: text }
  const tree = { name: 'r', paths: Object.keys(files), text: (at: string) => Promise.resolve(files[at] ?? null) }
  const sources = await readSources(manifests, tree, undefined)
  return buildTopology(manifests, { environment: '.', revision: '', sources })
    .edges.map(edge => edge.to)
    .join(',')
}

test.each<[path: string, text: string, wanted: string, env?: string]>([
  ['a.py', 'redis = Redis(host="redis", db=0, socket_timeout=5)', 'redis'],
  [
    'application.yml',
    'cart:\n  url: http://cart:8080\n---\nspring:\n  config.activate.on-profile: dev\norders:\n  url: http://orders\n---\nspring:\n  config:\n    activate:\n      on-profile: prod\ndb:\n  host: db\n',
    'cart,db',
  ],
  ['main.ts', "app.enableCors({ origin: ['http://cart:8080'] })", ''],
  ['main.py', 'origins = [\n    "http://cart:8080",\n]\ncart = "http://orders"', 'orders'],
  [
    'main.py',
    'app.add_middleware(\n    CORSMiddleware,\n    allow_origins=[\n        "http://cart:8080",\n    ],\n)',
    '',
  ],
  ['s.py', 'cart: Url = Field("http://cart:8080", description="e.g. http://orders")', 'cart'],
  ['s.py', 'st.markdown("[Carts](http://cart:8080/list)")', ''],
  ['s.py', 'help="http://cart:8080"', ''],
  ['config/environments/development.rb', "config.x.cart = 'http://cart:8080'", ''],
  ['config/environments/production.rb', "config.x.cart = 'http://cart:8080'", 'cart'],
  ['config/dev.exs', 'config :web, cart: "http://cart:8080"', ''],
  ['config/runtime.exs', 'config :web, cart: "http://cart:8080"', 'cart'],
  ['A.cs', 'var host = cfg.GetValue<string>("Cart:Host", "cart");', 'cart'],
  ['A.cs', 'var host = cfg.GetValue<string>("Cart:Host", "cart");', 'orders', '{name: Cart__Host, value: orders}'],
  ['application.properties', 'quarkus.stork.c.service-discovery.application=cart', 'cart'],
  [
    'start.sh',
    '#!/bin/bash\neval "cat <<EOF\n  location / {\n    proxy_pass http://cart:8080/api;\n  }\nEOF\n"',
    'cart',
  ],
  ['a.js', "await fetch('https://api.push.io/v1', { method: 'POST' })", 'api.push.io'],
  ['a.js', "const docs = 'https://docs.push.io/v1'", ''],
  ['a.js', "console.log(await fetch('http://cart:8080'))", 'cart'],
  ['src/main.rs', '#[cfg(test)]\nmod tests {\n}\nfn f() { get("http://cart:8080") }', 'cart'],
  ['A.java', 'String order_service_url = getServiceUrl("orders");', 'orders'],
  ['config.yml', 'DB_URIS:\n  "web:Base": postgresql://${USER:x}@${DB_HOST:db}:5432/web', 'db'],
  ['a.py', "API = os.getenv('PAY', 'https://api.pay.io/v1')", 'api.pay.io'],
  ['application.properties', 'io.acme.Rates/mp-rest/url=https://rates.io/v1', 'rates.io'],
  [
    'appsettings.json',
    '{ "Pay": { "BaseUrl": "https://api.pay.io" }, "App": { "BaseUrl": "https://shop.io" } }',
    'api.pay.io',
  ],
  ['application.yml', 'spring:\n  mail:\n    host: smtp.post.io', 'smtp.post.io'],
  ['a.py', "g.redis = Redis(host=os.getenv('REDIS_HOST', 'redis'))", 'redis'],
  ['a.py', 'class Settings(BaseSettings):\n    cart_url: str = "http://cart:8080"\n    db_host: str = "db"', 'cart,db'],
  ['settings.py', "DATABASES = {'default': {\n 'HOST': os.environ.get('DB_HOST', 'db'),\n}}", 'db'],
  ['a.py', "conn = pika.BlockingConnection(pika.ConnectionParameters('rabbitmq'))", 'rabbitmq'],
  ['a.py', "conn = pika.BlockingConnection(pika.ConnectionParameters(host='rabbitmq'))", 'rabbitmq'],
  ['a.py', "KafkaProducer(bootstrap_servers=['kafka:9092'])", 'kafka'],
  ['a.py', 'client = MongoClient("mongo", 27017)', 'mongo'],
  [
    'a.py',
    'r = requests.get("http://{}:{}/x".format(os.getenv("CART_HOST"), 8080))',
    'cart',
    '{name: CART_HOST, value: cart}',
  ],
  ['a.py', 'conn = psycopg2.connect(host="db", dbname="x")', 'db'],
  ['a.py', 'e = create_engine("postgresql://u:p@db/x")', 'db'],
  ['a.py', "app = Celery('tasks', broker='redis://redis:6379/0')", 'redis'],
  ['a.py', 'services = {"cart": "http://cart:8080"}', 'cart'],
  ['a.py', 'CART_HOST = "cart"\nBASE = "http://" + CART_HOST + ":8080"', 'cart'],
  ['a.js', "mongoose.connect('mongodb://mongo/users')", 'mongo'],
  ['a.js', "const pool = new Pool({ connectionString: 'postgres://postgres@db/postgres' })", 'db'],
  ['a.js', "redis.createClient({host: process.env.REDIS_HOST || 'redis'})", 'redis'],
  ['a.js', "const c = redis.createClient(6379, 'redis')", 'redis'],
  ['a.js', "amqp.connect('amqp://rabbitmq', cb)", 'rabbitmq'],
  ['a.js', "var cartHost = process.env.CATALOGUE_HOST || 'cart';", 'cart'],
  ['a.js', "const k = new Kafka({ clientId: 'x', brokers: ['kafka:9092'] })", 'kafka'],
  ['a.js', "mysql.createConnection({\n  host: 'mysql',\n  user: 'root' })", 'mysql'],
  ['a.js', "const USERS = 'http://users-service';", 'users-service'],
  ['a.js', "app.use('/c', createProxyMiddleware({ target: 'http://cart:8080' }))", 'cart'],
  ['a.ts', "export const api = axios.create({ baseURL: 'http://cart:8080' })", 'cart'],
  ['a.ts', "options: { host: 'cart', port: 8877 }", 'cart'],
  ['a.ts', "serviceList: [{ name: 'cart', url: 'http://cart:8080' }]", 'cart'],
  ['A.java', 'restTemplate.getForObject("http://CART/api", X.class);', 'cart'],
  ['A.java', 'this.client = builder.baseUrl("http://cart:8080").build();', 'cart'],
  ['A.java', '@FeignClient(\n    name = "cart",\n    url = "${cart.url}")', 'cart'],
  ['A.java', 'factory.setHost("rabbitmq");', 'rabbitmq'],
  ['A.java', 'new HttpHost("elasticsearch", 9200, "http")', 'elasticsearch'],
  ['A.java', 'new Jedis("redis")', 'redis'],
  ['A.java', 'props.put("bootstrap.servers", "kafka:9092");', 'kafka'],
  ['A.java', 'props.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "kafka:9092");', 'kafka'],
  ['A.java', 'DriverManager.getConnection("jdbc:mysql://mysql/cities?useSSL=false", u, p);', 'mysql'],
  [
    'src/main/resources/application.properties',
    'quarkus.rest-client."org.acme.CartService".url=http://cart:8080',
    'cart',
  ],
  ['src/main/resources/META-INF/microprofile-config.properties', 'cart-api/mp-rest/url=http://cart:8080', 'cart'],
  ['A.java', '@RegisterRestClient(baseUri = "http://cart:8080")', 'cart'],
  [
    'A.java',
    'private String getServiceUrl(String s) { return "http://" + s; }\nString u = getServiceUrl("cart");',
    'cart',
  ],
  ['A.cs', 'var redis = ConnectionMultiplexer.Connect("redis");', 'redis'],
  ['A.cs', 'var conn = OpenRedisConnection("redis");', 'redis'],
  ['A.cs', 'var db = OpenDbConnection("Server=db;Username=postgres;Password=postgres;");', 'db'],
  ['A.cs', 'var f = new ConnectionFactory() { HostName = "rabbitmq" };', 'rabbitmq'],
  ['A.cs', 'services.AddHttpClient("cart", c => c.BaseAddress = new Uri("http://cart:8080"));', 'cart'],
  ['A.cs', 'var u = builder.Configuration["Services:Cart"] ?? "http://cart:8080";', 'cart'],
  ['A.cs', 'options.UseNpgsql("Host=db;Database=x;Username=y");', 'db'],
  ['A.cs', 'using var ch = GrpcChannel.ForAddress("http://cart:8080");', 'cart'],
  ['A.cs', 'cfg.Host("rabbitmq", "/", h => { });', 'rabbitmq'],
  [
    'a.go',
    'package main\nimport "github.com/redis/go-redis/v9"\nfunc f() { rdb := redis.NewClient(&redis.Options{Addr: "redis:6379"}) }',
    'redis',
  ],
  [
    'a.go',
    'package main\nimport "database/sql"\nfunc f() { db, _ := sql.Open("postgres", "host=db user=x dbname=y sslmode=disable") }',
    'db',
  ],
  ['a.go', 'package main\nfunc f() { viper.SetDefault("cart.addr", "cart:8080") }', 'cart'],
  ['a.go', 'package main\ntype C struct {\n\tCart string `env:"CART_ADDR" envDefault:"cart:8080"`\n}', 'cart'],
  ['a.go', 'package main\ntype C struct {\n\tCart string `envconfig:"CART_ADDR" default:"cart:8080"`\n}', 'cart'],
  [
    'a.go',
    'package main\ntype C struct {\n\tCart string `env:"CART_ADDR"`\n}',
    'cart',
    '{name: CART_ADDR, value: "cart:8080"}',
  ],
  ['a.go', 'package main\nimport "google.golang.org/grpc"\nfunc f() { c, _ := grpc.Dial("cart:8080", x) }', 'cart'],
  [
    'a.go',
    'package main\nfunc f() {\n\tamqpHost, ok := os.LookupEnv("AMQP_HOST")\n\tif !ok { amqpHost = "rabbitmq" }\n\tamqpUri := "amqp://guest:guest@" + amqpHost + ":5672/"\n}',
    'rabbitmq',
  ],
  ['a.go', 'package main\nvar addr = flag.String("cart", "cart:8080", "address of cart")', 'cart'],
  ['a.php', "$p = new PDO('mysql:host=mysql;dbname=x', 'u');", 'mysql'],
  ['a.php', "$redis->connect('redis', 6379);", 'redis'],
  ['config/database.php', "'host' => env('DB_HOST', 'mysql'),", 'mysql'],
  ['a.php', "$c = new Predis\\Client(['host' => 'redis']);", 'redis'],
  ['a.php', '$ch = curl_init("http://cart:8080/x");', 'cart'],
  ['a.rb', "r = Redis.new(host: 'redis')", 'redis'],
  ['a.rb', "c = Faraday.new(url: 'http://cart:8080')", 'cart'],
  ['a.rb', "b = Bunny.new(hostname: 'rabbitmq')", 'rabbitmq'],
  ['a.rb', 'set :yelbdbhost => "db"', 'db'],
  ['a.rb', "m = Mongo::Client.new(['mongo:27017'])", 'mongo'],
  ['src/a.rs', 'let c = redis::Client::open("redis://redis/")?;', 'redis'],
  ['src/a.rs', 'let u = env::var("CART").unwrap_or("http://cart:8080".into());', 'cart'],
  ['src/a.rs', 'let ch = Channel::from_static("http://cart:8080").connect().await?;', 'cart'],
  ['config/runtime.exs', 'hostname: System.get_env("DB_HOST") || "db",', 'db'],
  ['a.kt', 'val client = HttpClient { defaultRequest { url("http://cart:8080") } }', 'cart'],
  ['a.scala', 'val host = sys.env.getOrElse("CART_HOST", "cart")', 'cart'],
  ['src/main/resources/application.conf', 'akka {\n  cart { host = "cart"\n port = 8080 }\n}', 'cart'],
  ['A.cs', 'var url = Environment.GetEnvironmentVariable("CART_SERVICE_HOST");', 'cart'],
  ['a.js', 'const h = process.env.CART_SERVICE_HOST', 'cart'],
  [
    'nginx/default.conf.template',
    'location /api/cart/ { proxy_pass http://${CART_HOST}:8080/; }',
    'cart',
    '{name: CART_HOST, value: cart}',
  ],
  ['Dockerfile', 'FROM nginx\nENV CART_HOST=cart DB=x', 'cart'],
  ['src/environments/environment.prod.ts', "export const environment = { apiUrl: 'http://cart:8080' }", 'cart'],
  ['ocelot.json', '{"Routes":[{"DownstreamHostAndPorts":[{"Host":"cart","Port":8080}]}]}', 'cart'],
  ['config/default.json', '{"cart": {"host": "cart", "port": 8080}}', 'cart'],
  ['config.yaml', 'services:\n  cart:\n    addr: cart:8080\n', 'cart'],
  ['a.clj', '(def cart-url (or (env :cart-url) "http://cart:8080"))', 'cart'],
  ['A.java', 'String h = env.getProperty("cart.host", "cart");', 'cart'],
  ['A.java', 'JedisPool pool = new JedisPool(new JedisPoolConfig(), "redis", 6379);', 'redis'],
  ['a.py', 'CONN = "amqp://guest:guest@%s:5672" % os.environ.get("RABBIT_HOST", "rabbitmq")', 'rabbitmq'],
  ['a.py', "url = os.environ['CART_URL'] + '/items'", 'cart', '{name: CART_URL, value: "http://cart:8080"}'],
  ['a.py', 'es = Elasticsearch(["elasticsearch"])', 'elasticsearch'],
  ['a.js', "const client = new Client({ node: 'http://elasticsearch:9200' })", 'elasticsearch'],
])('%s %#', async (path, text, wanted, env = '') => {
  expect(await called(path, text, env)).toBe(wanted)
})

/** Paths, routes, topics, tables, labels, streets, pages that may ask, and what only a developer's machine runs. */
test.each<[path: string, text: string]>([
  ['a.js', "router.get('/cart', h); app.use('/orders', orders)"],
  ['a.js', "const routes = { path: 'cart', component: Cart, redirect: 'orders' }"],
  ['a.js', "import cart from './cart'; const user = require('user')"],
  ['a.js', "logger.info('connecting to cart', { service: 'orders', host: os.hostname() })"],
  ['a.ts', "{ path: 'search', url: 'product' }"],
  ['a.ts', "this.http.get(this.baseUrl + 'cart')"],
  ['a.ts', "const endpoint = 'orders'"],
  ['a.ts', "fetch('/api/cart')"],
  ['a.ts', "export const urls = { cart: '/cart', orders: '/orders' }"],
  ['a.ts', "const apiUrl = 'api'"],
  ['A.java', '@RequestMapping("/cart") @Table(name = "user") @Column(name = "address")'],
  ['A.java', 'String address = user.getAddress(); order.setAddress("user");'],
  ['A.java', '@KafkaListener(topics = "orders", groupId = "payment")'],
  ['A.java', 'rabbitTemplate.convertAndSend("notification", "orders", msg);'],
  ['A.java', '@Cacheable("product")'],
  ['A.cs', '[Route("cart")] public class C {} [HttpGet("orders")]'],
  ['A.cs', 'services.AddHttpClient("payment");'],
  ['A.cs', 'modelBuilder.ToTable("user"); e.Property(x => x.Address).HasColumnName("search")'],
  ['a.py', "@app.route('/cart')\ndef cart(): return render_template('cart.html', url='product')"],
  ['a.py', "db.collection('user').find({'address': 'search'})"],
  ['a.py', "client['user']['orders']"],
  ['a.py', "urlpatterns = [path('cart', views.cart), path('orders', views.orders)]"],
  ['a.py', "channel.queue_declare(queue='orders'); producer.send('payment', x)"],
  [
    'a.go',
    'package main\nfunc f() { http.HandleFunc("/cart", h); db.Collection("user"); log.Println("orders:8080 up") }',
  ],
  ['a.go', 'package main\nfunc f() { mux.Handle("GET /orders/{id}", h); tracer.Start(ctx, "payment") }'],
  ['a.go', 'package main\nconst name = "search"\nvar serviceName = "user"'],
  ['a.rb', "resources :cart; get 'orders', to: 'orders#index'"],
  ['a.php', "Route::get('cart', 'CartController@index'); DB::table('user')->where('address', 'search')"],
  ['config/routes.yml', 'cart:\n  path: /cart\n  host: "{domain}"\norders:\n  url: /orders\n'],
  [
    'application.yml',
    'spring:\n  application:\n    name: web\n  jpa:\n    database: postgresql\nmanagement:\n  endpoints:\n    web:\n      exposure:\n        include: health,search\n',
  ],
  ['application.yml', 'server:\n  address: 0.0.0.0\nlogging:\n  level:\n    api: debug\n'],
  ['application.yml', 'app:\n  topics:\n    orders: orders\n    endpoint: orders\n'],
  ['messages.json', '{"cart": "Cart", "url": "product", "address": "user"}'],
  ['src/assets/i18n/en.json', '{"address": "user"}'],
  [
    'appsettings.json',
    '{"Logging":{"LogLevel":{"Default":"Information"}},"AllowedHosts":"*","Jwt":{"Issuer":"auth","Audience":"api"}}',
  ],
  [
    'appsettings.json',
    '{"Kestrel":{"Endpoints":{"Http":{"Url":"http://*:80"}}},"Serilog":{"Properties":{"Application":"cart"}}}',
  ],
  ['nginx.conf', 'server {\n listen 80;\n server_name frontend;\n location /cart { try_files $uri /index.html; }\n}'],
  [
    'Dockerfile',
    'FROM redis:7 AS x\nFROM node\nENV SERVICE_NAME=cart\nEXPOSE 80\nHEALTHCHECK CMD curl -f http://localhost:80/ || exit 1\n',
  ],
  ['openapi-client.js', "basePath = 'http://localhost:8080/cart'"],
  ['a.js', "const s = 'cart:view'; const p = 'orders:80:x'; const img = 'redis:7'"],
  ['a.js', "const user = { name: 'x', address: 'search', host: true }"],
  ['a.js', "passport.use(new S({ callbackURL: 'http://frontend/cb' }))"],
  ['a.js', "cors({ origin: 'http://frontend:80' })"],
  ['a.js', "app.use(cors({ origin: ['http://frontend', 'http://web'] }))"],
  ['A.java', '@CrossOrigin(origins = "http://frontend:80")'],
  ['A.java', 'registry.addMapping("/**").allowedOrigins("http://frontend");'],
  ['A.cs', 'policy.WithOrigins("http://frontend")'],
  ['a.py', 'CORS(app, origins=["http://frontend"])'],
  ['a.py', 'ALLOWED_HOSTS = ["api", "cart"]'],
  ['settings.py', "CSRF_TRUSTED_ORIGINS = ['http://frontend']"],
  ['a.go', 'package main\nfunc f() { cors.New(cors.Options{AllowedOrigins: []string{"http://frontend"}}) }'],
  ['proto/user.proto', 'option go_package = "api/user";'],
  ['data/seed.json', '[{"url":"http://cart:8080"}]'],
  ['a.js', 'const { search } = new URL(location.href); params.get("user")'],
  ['vite.config.ts', "server: { proxy: { '/api': 'http://api' } }"],
  ['webpack.config.js', "proxy: { '/api': 'http://api' }"],
  ['proxy.conf.json', '{"/api": {"target": "http://api"}}'],
  ['jest.config.js', "testURL: 'http://cart'"],
  ['cypress.config.ts', "baseUrl: 'http://frontend'"],
  ['playwright.config.ts', "baseURL: 'http://frontend'"],
  ['application.yml', 'quarkus:\n  swagger-ui: {urls: {cart: "http://cart:8080/q/openapi"}}'],
  ['.github/x.yml', 'url: http://cart'],
  ['src/main.rs', '#[cfg(test)]\nmod tests {\n fn f() { if true { get("http://cart:8080") } }\n}'],
  ['a.go', 'package a\nfunc f() { log.Printf("asking http://cart:8080 later") }'],
  ['A.java', 'throw new IllegalStateException("http://cart:8080 is down");'],
  ['scripts/dev.sh', 'curl http://cart:8080/seed'],
  ['migrations/001.js', "host: 'cart'"],
])('nobody is called: %s %#', async (path, text) => {
  expect(await called(path, text, '')).toBe('')
})
