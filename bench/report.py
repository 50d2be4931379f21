"""Tells what make bench found: tables, and as last line the figures as one JSON object. Fails where a start takes too many writes.

report.py RESULT.json
"""

import json
import sys

CASES = {
    "pod": "bare Pod",
    "pod_service": "Pod + Service, to its endpoint",
    "service": "AgentService",
    "service_env": "AgentService with transient env",
    "http_api": "HTTP API with transient env",
}
FLOORS = ("pod", "pod_service")
REAL = {
    "warm_env": "warm: a sandbox waits",
    "cold_supervised": "cold, the launcher starts the agent",
    "cold_direct": "cold, `supervision: None`",
}
PERCENTILES = ("p50_ms", "p90_ms", "p99_ms")
# design: two status writes, pod, Service; owning and deleting the Secret
MOST_WRITES = {"service": 4, "service_env": 6, "http_api": 6}


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def budget(result):
    """What was meant, and what came of it."""
    service, env = result["cases"]["service"], result["cases"]["service_env"]
    warm = result["real_node"]["warm_env"]
    lines = [
        ("one at a time: p50 above Pod + Service", "ms", service["p50_ms_above_second_floor"], "≤", 25),
        ("burst: rate to that of Pod + Service", "", service["ready_per_s_to_second_floor"], "≥", 0.7),
        ("writes per start", "", service["writes_per_service"], "≤", 4),
        ("… with transient env", "", env["writes_per_service"], "≤", 6),
        ("conflicts", "", service["conflicts"] + env["conflicts"], "≤", 0),
        ("CPU per start", "ms", service["cpu_ms_per_service"], "≤", 5),
        ("process start to the first status written", "ms", result["start_ms"], "≤", 1000),
        ("calls in a minute at rest", "", result["idle_calls_per_min"], "≤", 0),
        ("real node, warm with transient env: created to ready, p50", "ms", warm["ready_p50_ms"], "≤", 100),
        ("… p99", "ms", warm["ready_p99_ms"], "≤", 300),
        ("… of them not warm", "", result["real_node"]["not_warm"], "≤", 0),
    ]
    if "growth" in result:
        first, last = result["growth"][0], result["growth"][-1]
        live = f"at {last['live']:,} live services"
        lines += [
            (f"resident {live}", "MiB", last["rss_mb"], "≤", 256),
            (f"CPU per start {live}, to that at {first['live']:,}", "", last["cpu_ms_per_service"] / first["cpu_ms_per_service"], "≤", 1.2),
            (f"p50 {live}, to that at {first['live']:,}", "", last["p50_ms"] / first["p50_ms"], "≤", 1.1),
            ("writes of an operator that restarts", "", result["restart"]["writes"], "≤", 0),
        ]
    rows = []
    for what, unit, value, relation, bound in lines:
        met = value <= bound if relation == "≤" else value >= bound
        rows.append([what, f"{value:,.2f} {unit}".strip(), f"{relation} {bound:,} {unit}".strip(), "yes" if met else "**no**"])
    return table(["", "measured", "budget", "met"], rows)


def starts(result):
    """Every case, one at a time and in a burst."""
    rows = []
    for key, title in CASES.items():
        case = result["cases"][key]
        ours = key not in FLOORS
        rows.append(
            [title]
            + [number(case[each]) for each in PERCENTILES]
            + [f"{case['p50_ms_above_second_floor']:+.1f}" if ours else ""]
            + [number(case[each]) for each in ("ready_per_s", "burst_p50_ms", "burst_p99_ms")]
            + [f"{case['ready_per_s_to_second_floor']:.2f}" if ours else ""]
        )
    head = ["", "p50 ms", "p90", "p99", "p50 above the floor", "burst: ready/s", "p50 ms", "p99", "rate to the floor's"]
    return table(head, rows)


def costs(result):
    """What a start costs the operator, and the cluster in all."""
    rows = []
    for key, title in CASES.items():
        case = result["cases"][key]
        ours = key not in FLOORS
        rows.append(
            [title]
            + [f"{case[each]:.2f}" if ours else "" for each in ("writes_per_service",)]
            + [f"{sum(case['reads'].values()):.2f}" if ours else ""]
            + [number(case["conflicts"]) if ours else ""]
            + [f"{case['cluster_writes_per_service']:.1f}"]
            + [number(case["cpu_ms_per_service"]) if ours else ""]
            + [number(case["rss_mb"]) if ours else ""]
        )
    return table(["in the burst", "writes", "reads", "conflicts", "writes of the whole cluster", "CPU ms", "resident MiB"], rows)


def calls(result):
    """The operator's own calls by verb and resource, for one start."""
    keys = [key for key in CASES if key not in FLOORS]
    kinds = sorted({kind for key in keys for part in ("writes", "reads") for kind in result["cases"][key][part]})
    rows = []
    for kind in kinds:
        found = [{**result["cases"][key]["writes"], **result["cases"][key]["reads"]}.get(kind, 0) for key in keys]
        rows.append([f"`{kind}`"] + [f"{value:.2f}" for value in found])
    return table(["operator's calls per start"] + [CASES[key] for key in keys], rows)


def real_node(result):
    """Real containers: from the service's create to ready, and from the POST to the agent's first answer."""
    rows = [
        [title] + [number(result["real_node"][key][part + each]) for part in ("ready_", "post_to_answer_") for each in PERCENTILES]
        for key, title in REAL.items()
    ]
    head = ["real node, transient env", "created to ready: p50 ms", "p90", "p99", "POST to first answer: p50 ms", "p90", "p99"]
    return table(head, rows)


def authorizer(result):
    names = ("checks_per_s", "p50_ms", "p99_ms")
    return table(["public URLs", "checks/s", "p50 ms", "p99"], [["authorizer"] + [number(result["authorizer"][name]) for name in names]])


def http(result):
    names = ("creates_per_s", "post_p50_ms", "post_p99_ms", "reads_per_s", "get_p50_ms", "get_p99_ms")
    rows = [[replicas] + [number(load[name]) for name in names] for replicas, load in result["http"].items()]
    return table(["replicas of the HTTP API", "POST/s", "p50 ms", "p99", "GET/s", "p50 ms", "p99"], rows)


def growth(result):
    names = ("p50_ms", "floor_p50_ms", "ready_per_s", "floor_ready_per_s", "burst_p50_ms", "writes_per_service", "cpu_ms_per_service", "rss_mb")
    rows = [[number(step["live"])] + [number(step[name]) for name in names] for step in result["growth"]]
    head = ["live services", "p50 ms", "floor", "burst: ready/s", "floor", "p50 ms", "writes", "CPU ms", "resident MiB"]
    return table(head, rows)


def whole(result):
    """What is measured once."""
    rows = [["process start to the first status written", f"{result['start_ms']:,.0f} ms"]]
    if "growth" in result:
        restart, live = result["restart"], result["growth"][-1]["live"]
        rows += [
            [f"resident at {live:,} live services", f"{result[f'rss_mb_at_{live}']} MiB"],
            ["heap for each live service", f"{result['heap_kb_per_service']:.1f} KiB"],
            [f"calls in a minute at rest, {result['live_services']:,} live services", f"{result['idle_calls_per_min']:.0f}"],
            ["… looks for late Secrets, once 10 minutes after a start with transient env", f"{result['late_secret_looks_per_min']:.0f}"],
            [f"restart with {restart['services']:,} live services: caches filled", f"{restart['caches_filled_s']:.1f} s"],
            ["… caught up", f"{restart['caught_up_s']:.1f} s, {restart['cpu_s']:.1f} s of CPU"],
            ["… peak resident", f"{restart['peak_mb']} MiB"],
            ["… writes, beside the look for late Secrets that was due", str(restart["writes"])],
            ["… all its calls", ", ".join(f"{count} `{kind}`" for kind, count in restart["calls"].items())],
        ]
    return table(["", ""], rows)


def report(result):
    parts = [budget(result), starts(result), costs(result), calls(result), real_node(result), http(result), authorizer(result)]
    if "growth" in result:
        parts.append(growth(result))
    return "\n\n".join(parts + [whole(result)])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        result = json.load(file)
    print(f"\n{report(result)}\n")
    over = {key: result["cases"][key]["writes_of_median_service"] for key, most in MOST_WRITES.items()
            if result["cases"][key]["writes_of_median_service"] > most}
    if over:
        print(f"a start takes more writes than {MOST_WRITES}: {over}", file=sys.stderr)
    print(json.dumps(result))
    sys.exit(1 if over else 0)


if __name__ == "__main__":
    main()
