module payments.example/orders

go 1.25

require (
	github.com/jackc/pgx/v5 v5.7.6
	github.com/nats-io/nats.go v1.46.1
	google.golang.org/grpc v1.76.0
)
