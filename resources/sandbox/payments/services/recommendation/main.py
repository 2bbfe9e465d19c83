"""What a shop could offer next: baskets that look like this one, and what was in them besides."""

import os

import redis
from fastapi import FastAPI

cache = redis.Redis.from_url(os.environ["CACHE_URL"])
app = FastAPI()


@app.get("/v1/offers/{shop}")
def offers(shop: str, basket: str) -> list[str]:
    key = f"{os.environ['MODEL']}:{shop}:{basket}"
    known = cache.get(key)
    return known.decode().split(",") if known else []
