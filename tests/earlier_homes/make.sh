#!/usr/bin/env bash
# Make a small home with the anjuan of a tree, and keep what it stored and what it answered. All of it
# is simulated; the key that is kept has sealed nothing else. It needs psql.
#   DAYS=21 SCALE=0.004 SEED=7 bash make.sh path/to/bin/anjuan folder
# 44bbb4e was made so on 2026-11-30 by the tree of that commit, from a clone of its own.
set -euo pipefail
anjuan=$(realpath "$1") out=$(realpath -m "$2")
ANJUAN_HOME=$(mktemp -d) && export ANJUAN_HOME && chmod 711 "$ANJUAN_HOME"
trap '"$anjuan" db stop >/dev/null; rm -rf "$ANJUAN_HOME"' EXIT
mkdir -p "$out/answers"
li=(--account li --role supervisor --unit 4401 --json)
run=(--period 2026-Q2 --ruleset adviser-year@1)
evaluation=adviser-year:4401:2026-Q2
table=(criticism --period 2026-04 --division 440106)

field() { python3 -c 'import json, sys; print(json.loads(sys.stdin.read())[sys.argv[1]])' "$1"; }
streams() { psql "$("$anjuan" db url)" -Atqc "SELECT DISTINCT originator_id FROM log_events WHERE topic LIKE '$1/%' ORDER BY 1"; }
# The command stands in the first line of a file, its answer in the second.
keep() { name=$1; shift; { echo "$* --json"; "$anjuan" "$@" --json; } >"$out/answers/$name.txt"; }

"$anjuan" demo --days "$DAYS" --scale "$SCALE" --seed "$SEED" --first-day 2026-04-01 --no-serve --json
"$anjuan" seal --now --json

# An evaluation: opened, scored by people, published, objected to, corrected.
"$anjuan" evaluate "${run[@]}" --open --no-trees "${li[@]}" >/dev/null
subject=$("$anjuan" evaluate "${run[@]}" --no-trees --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["results"][0]["subject"])')
source=$(streams worklog.logged | head -n 1)
score=(evaluation score $evaluation --subject "$subject" --item honours --source "$source" "${li[@]}")
"$anjuan" "${score[@]}" --value 2 --reason 市级表彰
"$anjuan" evaluate "${run[@]}" --publish --no-trees "${li[@]}" >/dev/null
"$anjuan" evaluation object $evaluation --subject "$subject" --item honours --ground 另有一项表彰未计入 --account "$subject" --role adviser --unit "$subject" --adviser "$subject" --json
"$anjuan" evaluation answer $evaluation --number 1 --upheld --reason 核实属实 "${li[@]}"
"$anjuan" "${score[@]}" --value 4 --reason 补计一项
"$anjuan" evaluation correct $evaluation --reason 复核成立 "${li[@]}" >/dev/null

# A table that was submitted, a sample that was drawn.
"$anjuan" report submit "${table[@]}" --account li --role supervisor --unit 440106 --json
sample=$("$anjuan" sample announce --of worklog --size 5 --purpose 抽查 "${li[@]}" | field sample)
"$anjuan" seal --now --json
"$anjuan" sample draw "$sample" "${li[@]}" >/dev/null
"$anjuan" seal --now --json

complaint=$(streams complaint.answered | head -n 1)
"$anjuan" bundle evaluation $evaluation --out "$out/evaluation.zip" --json
"$anjuan" bundle complaint "$complaint" --out "$out/complaint.zip" --json

cut=$("$anjuan" evaluate "${run[@]}" --no-trees --json | field as_known_at)
keep evaluation_of_advisers evaluate "${run[@]}" --as-known-at "$cut" --no-trees
keep evaluation_of_points evaluate --period 2026-Q2 --ruleset point-year@1 --as-known-at "$cut" --no-trees
keep evaluation evaluation show $evaluation
keep complaint timeline "complaint:$complaint"
keep deadline explain deadline "complaint:$complaint" answer
keep adviser timeline "adviser:$subject"
for kind in request.voided request.reclassified request.referral_completed request.supplement_received request.mediation_agreed; do
    id=$(streams $kind | head -n 1)
    [ -z "$id" ] || keep "$kind" timeline "request:$id"
done
keep workload report workload --by point --as-known-at "$cut"
keep response_times report response-times --by point --as-known-at "$cut"
keep satisfaction report satisfaction --by point --as-known-at "$cut"
keep duty report duty --period 2026-04 --division 4401
keep coverage report coverage --period 2026-04 --division 4401
keep criticism report "${table[@]}" --basis submitted
keep adjustments report adjustments "${table[@]}"
keep log log stats
"$anjuan" views --json >"$out/views.json"
"$anjuan" checkpoint show >"$out/checkpoint.txt"
"$anjuan" db backup "$out/home.dump"
cp -r "$ANJUAN_HOME/keys" "$out/keys"
