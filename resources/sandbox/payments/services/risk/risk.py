"""A score between 0 and 1 for a payment, within its budget."""

import argparse
import os

import lightgbm
import redis
from fastapi import FastAPI

arguments = argparse.ArgumentParser()
arguments.add_argument("--model", required=True)
arguments.add_argument("--budget-ms", type=int, default=80)
given = arguments.parse_args()

host, _, port = os.environ["FEATURE_STORE"].partition(":")
features = redis.Redis(host=host, port=int(port), socket_timeout=given.budget_ms / 2000)
model = lightgbm.Booster(model_file=f"/models/{given.model}.txt")
app = FastAPI()


@app.post("/v1/score")
def score(payment: dict) -> dict:
    history = features.lrange(f"shop:{payment['shop']}", 0, 99)
    row = [payment["amount"], len(history), sum(map(int, history)) / (len(history) or 1)]
    return {"score": float(model.predict([row])[0])}


@app.get("/ready")
def ready() -> dict:
    return {"model": given.model}
