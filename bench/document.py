"""Writes the figures and pictures of docs/performance.md, and the figures of docs/warm-pool.md, anew from what make bench found.

document.py RESULT.json [DOCS]
"""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

import report  # noqa: E402

BEGIN = "<!-- What follows is written by `make bench-docs`. -->"
END = "<!-- Until here. -->"
COLOURS = {"operator": "#d95f02", "kube-scheduler": "#7570b3", "kwok": "#1b9e77", "user": "#444444"}
OTHERS = "#a6a6a6"
# The same figures give the same bytes.
REPEATABLE = {"Date": None, "Creator": None}

pyplot.rcParams.update({"svg.hashsalt": "bench", "svg.fonttype": "none", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})


def waterfall(result, target):
    """One start: every request about it, as long as it took."""
    trace = result["trace"]
    figure, axes = pyplot.subplots(figsize=(9, 0.32 * len(trace) + 0.9))
    for row, request in enumerate(trace):
        took = request["to_ms"] - request["from_ms"]
        axes.barh(row, max(took, 0.8), left=request["from_ms"], color=COLOURS.get(request["who"], OTHERS))
        axes.annotate(f"{took:.1f} ms", (request["to_ms"], row), xytext=(4, 0), textcoords="offset points", va="center", fontsize=7)
    axes.set_yticks(range(len(trace)), [f"{request['who']}: {request['what']}" for request in trace])
    axes.invert_yaxis()
    axes.set_xlabel("milliseconds since the AgentService reached the API server")
    save(figure, target)


def growth(result, target):
    """Whether a start costs more where more services live."""
    steps = result["growth"]
    live = [step["live"] for step in steps]
    figure, (latency, rate, cpu, memory) = pyplot.subplots(1, 4, figsize=(11, 2.7))
    for axes, title, lines in (
        (latency, "p50, one at a time (ms)", {"AgentService": "p50_ms", "Pod + Service": "floor_p50_ms"}),
        (rate, "ready per second, burst", {"AgentService": "ready_per_s", "Pod + Service": "floor_ready_per_s"}),
        (cpu, "operator's CPU for each (ms)", {"AgentService": "cpu_ms_per_service"}),
        (memory, "operator's resident memory (MiB)", {"AgentService": "rss_mb"}),
    ):
        for label, name in lines.items():
            axes.plot(live, [step[name] for step in steps], marker="o", label=label, color=COLOURS["operator"] if label == "AgentService" else OTHERS)
        axes.set_ylim(bottom=0)
        axes.set_title(title, fontsize=9)
        axes.set_xlabel("live services")
    latency.legend(frameon=False, fontsize=7)
    save(figure, target)


def save(figure, target):
    figure.tight_layout()
    figure.savefig(target, metadata=REPEATABLE)
    pyplot.close(figure)


def machine(result):
    it, how = result["machine"], result["settings"]
    return (
        f"{it['time']}, commit `{it['commit']}`: {it['processors']} processors ({it['processor']}), memory {it['memory']}; load average "
        f"{it['load_before']} before and {it['load_after']} after; {result['seconds']} s in all. Median of {result['rounds']} rounds of "
        f"{how['oneByOne']} starts one at a time and {how['burst']} at {how['atOnce']} at a time."
    )


def write(page, parts):
    """Puts the parts between the page's marks."""
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(before + BEGIN + "\n\n" + "\n\n".join(parts) + "\n\n" + END + after, encoding="utf-8")


def measured(result):
    it, real = result["machine"], result["real_node"]
    return (
        f"`make bench`, {it['time']}, commit `{it['commit']}`, {it['processors']} processors: {real['starts']} starts of each kind in turn; "
        f"{real['not_warm']} of the warm ones found no sandbox. [How](../bench)."
    )


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        result = json.load(file)
    docs = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "docs")
    pictures = docs / "performance"
    pictures.mkdir(exist_ok=True)
    (pictures / "figures.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    waterfall(result, pictures / "start.svg")
    parts = [machine(result), report.report(result), "![one start](performance/start.svg)"]
    if "growth" in result:
        growth(result, pictures / "growth.svg")
        parts.append("![growth](performance/growth.svg)")
    write(docs / "performance.md", parts)
    write(docs / "warm-pool.md", [report.real_node(result), measured(result)])


if __name__ == "__main__":
    main()
