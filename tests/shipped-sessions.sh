# shellcheck shell=sh
# For tests of rlogship -o sessions. Source it after tests/nats.sh. The stream is
# SESS, with the subjects sess.>; the logs are of the host mx1.
#
#   stored_sessions LOG [SERVER]   prints the objects that the stream, or one
#                                  server of a cluster, has of a log, in order
#   wanted_sessions LOG DIR        prints what rlogsess finds in the log, as
#                                  stored_sessions has it but for the running
#                                  number
#   plain_sessions                 takes that number from objects
# shellcheck disable=SC2154 # nats.sh sets nats
: "${top:?}"

stored_sessions() {
	"$top/tests/tools/read-stream.py" "$nats" SESS ${2:+"$2"} | python3 -c '
import base64, json, sys
for line in sys.stdin:
    message = json.loads(line)
    data = base64.b64decode(message["data"]).decode()
    id = json.loads(data)["id"]
    subject = "sess." + id.replace("/", ".").replace("@", "")
    assert message["subject"] == subject, message
    if subject.startswith("sess.mx1." + sys.argv[1] + "."):
        sys.stdout.write(data)' "$1"
}
wanted_sessions() {
	rlogsess -n all -o json "$2" | python3 -c '
import json, sys
from datetime import datetime
for line in sys.stdin:
    had = json.loads(line)
    if "open" in had["marks"]:
        continue
    del had["lines"], had["session"]
    day, rest = had["start"].split(".")
    seconds = int(datetime.fromisoformat(day + "+00:00").timestamp())
    label = "@%016x%08x" % ((1 << 62) + 10 + seconds, int(rest[:9]))
    name = "mx1/" + sys.argv[1]
    object = {"host": "mx1", "name": sys.argv[1],
              "id": "%s/%s/%d" % (name, label, had["pid"])}
    object.update(had)
    print(json.dumps(object))' "$1"
}
plain_sessions() {
	python3 -c '
import json, sys
for line in sys.stdin:
    had = json.loads(line)
    had.pop("session", None)
    print(json.dumps(had))'
}
