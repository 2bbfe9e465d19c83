// biome-ignore-all lint/suspicious/noTemplateCurlyInString: other languages write their placeholders so
import { expect, test } from 'vitest'
import { readGo } from '../../../shared/topology/source/read-go.ts'
import { createGoParser } from './create-go-parser.ts'

const parse = createGoParser()
const facts = async (body: string) => readGo(await parse(`package main\n${body}`))
const endpoints = async (body: string) =>
  (await facts(body)).endpoints.map(({ method, path }) => `${method ?? '*'} ${path}`)
const addresses = async (body: string) =>
  (await facts(body)).addresses.map(({ template, protocol }) => `${protocol ?? '?'} ${template}`)

test('net/http, with methods in the pattern as Go 1.22 has them', async () => {
  expect(
    await endpoints(`import "net/http"
func main() {
  mux := http.NewServeMux()
  http.HandleFunc("/health", health)
  mux.Handle("POST /orders/{id}", order)
  mux.HandleFunc(prefix+"/x", x)
  http.Handle("/static/", http.StripPrefix("/static/", files))
  client.Get("/not/an/endpoint")
}
const prefix = "/v2"`),
  ).toEqual(['* /health', 'POST /orders/{id}', '* /v2/x', '* /static/'])
})

test('gin and echo groups', async () => {
  expect(
    await endpoints(`func routes(r *gin.Engine) {
  api := r.Group("/api")
  v1 := api.Group("/v1", auth())
  {
    v1.GET("/orders/:id", getOrder)
    v1.POST("/orders", createOrder)
    v1.Any("", anything)
  }
  r.GET("/", home)
  api.Group("/admin").DELETE("/users", remove)
}`),
  ).toEqual(['GET /api/v1/orders/:id', 'POST /api/v1/orders', '* /api/v1', 'GET /', 'DELETE /api/admin/users'])
})

test('chi routes in closures, each router under its own name', async () => {
  expect(
    await endpoints(`func routes() {
  r := chi.NewRouter()
  r.Get("/", home)
  r.Route("/articles", func(r chi.Router) {
    r.With(paginate).Get("/", list)
    r.Route("/{id}", func(r chi.Router) {
      r.Put("/", update)
    })
    r.Method("PATCH", "/all", h)
  })
  r.Post("/login", login)
}`),
  ).toEqual(['GET /', 'GET /articles/', 'PUT /articles/{id}/', 'PATCH /articles/all', 'POST /login'])
})

test('gorilla says the methods behind the route', async () => {
  expect(
    await endpoints(`func routes() {
  r := mux.NewRouter()
  s := r.PathPrefix("/products").Subrouter()
  s.HandleFunc("/{key}", get).Methods(http.MethodGet, "PUT")
  r.HandleFunc("/all", all)
}`),
  ).toEqual(['GET /products/{key}', 'PUT /products/{key}', '* /all'])
})

test('clients and what they are handed', async () => {
  expect(
    await addresses(`import (
  "net/http"
  "database/sql"
  "google.golang.org/grpc"
  "github.com/redis/go-redis/v9"
  "github.com/nats-io/nats.go"
  "github.com/segmentio/kafka-go"
  amqp "github.com/rabbitmq/amqp091-go"
)
const ordersURL = "http://orders:8080"
func main() {
  http.Get(ordersURL + "/orders")
  http.NewRequestWithContext(ctx, "GET", fmt.Sprintf("http://user%s/customers", domain), nil)
  grpc.NewClient("cart:7070", opts)
  addr := os.Getenv("SHIP_ADDR")
  if addr == "" {
    addr = "shipping:50051"
  }
  grpc.DialContext(ctx, addr)
  sql.Open("postgres", "postgres://u:p@ledger-db:5432/x")
  redis.NewClient(&redis.Options{Addr: getEnv("REDIS", "store:6379"), DB: 0})
  nats.Connect("nats://bus:4222")
  kafka.NewReader(kafka.ReaderConfig{Brokers: []string{"kafka:9092"}})
  amqp.Dial(os.Getenv("AMQP_URL"))
  http.Get(unknown)
}`),
  ).toEqual([
    'http http://orders:8080/orders',
    'http http://user/customers',
    'grpc cart:7070',
    'grpc ${SHIP_ADDR:-shipping:50051}',
    'postgresql postgres://u:p@ledger-db:5432/x',
    'redis ${REDIS:-store:6379}',
    'nats nats://bus:4222',
    'kafka kafka:9092',
    'amqp ${AMQP_URL}',
  ])
})

test('gRPC clients by name, and the variable a connection was mapped from', async () => {
  const found = await facts(`import pb "github.com/acme/shop/genproto"
import "google.golang.org/grpc"
import "github.com/redis/go-redis/v9"
func main() {
  mustMapEnv(&svc.cartAddr, "CART_SERVICE_ADDR")
  conn, _ := grpc.Dial(svc.cartAddr)
  cart := pb.NewCartServiceClient(conn)
  redis.NewFailoverClient(o)
  pb.RegisterCheckoutServiceServer(srv, svc)
}`)
  expect(found.endpoints).toEqual([{ method: 'GRPC', path: '/CheckoutService', line: 10 }])
  expect(found.clients.map(client => client.name)).toEqual(['CartService'])
  expect(found.addresses.map(address => address.template)).toEqual(['${CART_SERVICE_ADDR}'])
})

test('what is no Go does not fail', async () => {
  expect(await facts('func ((( {{ "')).toMatchObject({ clients: [], endpoints: [] })
})
