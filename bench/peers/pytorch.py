"""Times PyTorch on what `npm run bench -- steps --json` times, and prints the same lines.

usage: python3 pytorch.py [--threads 1,2] [--runs 30] [--compile] [case ...]        cases: matmul mlp cnn lstm spam transformer
One JSON object a line: {"case", "phase", "threads", "mode", "batch"?, "ms"}, medians, after a second (and 5 runs at least) for warming up;
products as {"case": "matmul-N", "threads", "ms", "gflops"}.
"""

import argparse
import json
import statistics
import sys
import time

import torch
from torch import nn

from networks import networks


def median_ms(work, runs):
    seconds = []
    warm, calls = time.perf_counter() + 1, 0
    while calls < 5 or time.perf_counter() < warm:
        work()
        calls += 1
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds) * 1e3


def show(**timing):
    print(json.dumps(timing), flush=True)


def time_matmuls(threads, runs):
    for n in (64, 256, 512, 1024, 2048):
        a, b = torch.randn(n, n), torch.randn(n, n)
        ms = median_ms(lambda: a @ b, runs)
        show(case=f"matmul-{n}", threads=threads, ms=round(ms, 4), gflops=round(2 * n**3 / ms / 1e6, 1))


def time_network(name, threads, mode, runs):
    build, size, batch = networks[name]
    torch.manual_seed(0)
    torch.compiler.reset()
    model = build()
    run = torch.compile(model) if mode == "compile" else model
    optimizer, criterion = torch.optim.Adam(model.parameters(), lr=1e-3), nn.CrossEntropyLoss()
    x, labels = batch(size)

    def step():
        optimizer.zero_grad()
        loss = criterion(run(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    about = {"case": name, "threads": threads, "mode": mode}
    show(**about, phase="train", ms=round(median_ms(step, runs), 4))
    model.eval()
    with torch.no_grad():
        show(**about, phase="infer", ms=round(median_ms(lambda: run(x), runs), 4))
        # Compiled for this very size, not for all.
        torch.compiler.reset()
        one, _ = batch(1)
        show(**about, phase="infer", batch=1, ms=round(median_ms(lambda: run(one), runs), 4))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--compile", action="store_true", help="time torch.compile as well")
    parser.add_argument("cases", nargs="*", default=[])
    flags = parser.parse_args()
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for threads in map(int, flags.threads.split(",")):
        torch.set_num_threads(threads)
        for case in flags.cases or ["matmul", *networks]:
            if case == "matmul":
                time_matmuls(threads, flags.runs)
                continue
            time_network(case, threads, "eager", flags.runs)
            if flags.compile:
                try:
                    time_network(case, threads, "compile", flags.runs)
                except Exception as error:  # no C++ compiler, say
                    print(f"{case}: torch.compile failed: {error}", file=sys.stderr)


main()
