"""Says what a "go test -json" ran: the output of what failed, each package with its tests and time, and every test
that was left out, with its reason."""

import collections
import json
import sys

output = collections.defaultdict(list)
ended = {}
for line in open(sys.argv[1]):
    event = json.loads(line)
    key = event.get("Package", event.get("ImportPath")), event.get("Test")
    if event["Action"] in ("output", "build-output"):
        output[key].append(event["Output"])
    elif event["Action"] in ("pass", "fail", "skip", "build-fail"):
        ended[key] = event["Action"], event.get("Elapsed", 0)

for key in output:  # a test that never ended failed, too
    if ended.get(key, ("fail",))[0].endswith("fail"):
        print("".join(output[key]), end="")
for key, (action, seconds) in ended.items():
    package, test = key
    if test is None and action != "skip" and action != "build-fail":
        tests = collections.Counter(a for (p, t), (a, _) in ended.items() if p == package and t is not None)
        print(f"{action:5} {package}  {seconds:.1f} s  {tests['pass']} passed, {tests['fail']} failed, {tests['skip']} left out")
for (package, test), (action, _) in ended.items():
    if test is not None and action == "skip":
        reason = [line.strip() for line in output[package, test] if not line.startswith(("=== ", "--- ")) and "--- SKIP" not in line]
        print(f"left out: {package} {test}: {' '.join(reason)}")
total = collections.Counter(action for (_, test), (action, _) in ended.items() if test is not None)
print(f"total: {total['pass']} passed, {total['fail']} failed, {total['skip']} skipped")
