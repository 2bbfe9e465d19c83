//! Double-entry books. Every booking is two lines that add up to nothing, or it is not a booking.

use sqlx::postgres::PgPoolOptions;

struct Booking {
    id: String,
    debit: String,
    credit: String,
    amount: i64,
}

async fn book(pool: &sqlx::PgPool, booking: &Booking) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    for (account, amount) in [(&booking.debit, booking.amount), (&booking.credit, -booking.amount)] {
        sqlx::query("insert into lines (booking, account, amount) values ($1, $2, $3)")
            .bind(&booking.id)
            .bind(account)
            .bind(amount)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pool = PgPoolOptions::new().max_connections(16).connect(&std::env::var("DATABASE_URL")?).await?;
    serve(pool).await
}
