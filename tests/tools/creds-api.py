#!/usr/bin/env python3
"""Asks JetStream's API as a user with credentials, and prints the answer.

usage: creds-api.py CREDS SERVERS SUBJECT [JSON]

CREDS is a file of nats-users.py; the user's key is in CREDS.pem, for openssl.
SUBJECT is without $JS.API.
"""
import base64
import json
import subprocess
import sys
import tempfile

import nats_wire


def sign(key, text):
    with tempfile.NamedTemporaryFile() as file:
        file.write(text)
        file.flush()
        return subprocess.run(
            ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key,
             "-in", file.name], check=True, stdout=subprocess.PIPE).stdout


def main():
    creds, servers, subject = sys.argv[1:4]
    request = json.loads(sys.argv[4]) if len(sys.argv) > 4 else None
    with open(creds) as file:
        jwt = file.read().split("\n")[1]

    def login(info):
        signed = sign(creds + ".pem", info["nonce"].encode())
        return {"jwt": jwt,
                "sig": base64.urlsafe_b64encode(signed).decode().rstrip("=")}

    print(json.dumps(nats_wire.Connection(servers, login=login)
                     .api(subject, request)))


main()
