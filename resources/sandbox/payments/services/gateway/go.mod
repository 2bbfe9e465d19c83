module payments.example/gateway

go 1.25

require (
	github.com/go-chi/chi/v5 v5.2.3
	golang.org/x/time v0.14.0
	google.golang.org/grpc v1.76.0
)
