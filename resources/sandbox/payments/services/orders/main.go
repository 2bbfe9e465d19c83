// A payment from the till to the books: score it, authorise it, book it, tell the world.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/nats-io/nats.go"
)

var errRefused = errors.New("refused by risk")

type payment struct {
	ID     string
	Shop   string
	Amount int64 // in the smallest unit of the currency
}

func (s *server) take(ctx context.Context, p payment) error {
	if s.risk != "" {
		score, err := s.score(ctx, p)
		if err != nil {
			// Nobody waits for a score that does not come: small amounts pass, large ones do not.
			score = float64(p.Amount) / 100_000
		}
		if score > 0.9 {
			return errRefused
		}
	}
	if err := s.authorise(ctx, os.Getenv("CARD_NETWORK_URL"), p); err != nil {
		return fmt.Errorf("authorise %s: %w", p.ID, err)
	}
	if err := s.ledger.Book(ctx, p.ID, p.Shop, p.Amount); err != nil {
		return fmt.Errorf("book %s: %w", p.ID, err)
	}
	return s.events.Publish("orders.taken", []byte(p.ID))
}

type server struct {
	risk   string
	http   *http.Client
	ledger books
	events *nats.Conn
}
