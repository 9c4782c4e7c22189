#!/usr/bin/env python3
"""Makes users of a NATS server in the current directory, with openssl.

usage: nats-users.py

  nkey, other.nkey   a user's seed and public key; another one's
  nkey.pub           the public key of nkey
  creds, other.creds JWT and seed of a user whose account the operator signed;
                     and of one whose account is unknown to the server
  operator.conf      lines for the configuration of the server of the operator
"""
import base64
import json
import os
import subprocess

USER, ACCOUNT, OPERATOR, SEED = 20 << 3, 0, 14 << 3, 18 << 3


def crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xFFFF
    return crc.to_bytes(2, "little")


def base32(data):
    return base64.b32encode(data + crc16(data)).decode().rstrip("=")


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def openssl(*words):
    return subprocess.run(["openssl", *words], check=True,
                          stdout=subprocess.PIPE).stdout


class Key:
    """A pair of keys of a role, in files that openssl reads."""

    def __init__(self, role, name):
        self.file = name + ".pem"
        openssl("genpkey", "-algorithm", "ed25519", "-out", self.file)
        private = openssl("pkey", "-in", self.file, "-outform", "DER")[-32:]
        public = openssl("pkey", "-in", self.file, "-pubout", "-outform",
                         "DER")[-32:]
        self.public = base32(bytes([role]) + public)
        self.seed = base32(bytes([SEED | role >> 5, (role & 31) << 3])
                           + private)

    def sign(self, data):
        with open("signed", "wb") as file:
            file.write(data)
        return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.file,
                       "-in", "signed")

    def jwt(self, subject, kind, **nats):
        head = {"typ": "JWT", "alg": "ed25519-nkey"}
        claims = {"jti": "ID", "iat": 1600000000, "iss": self.public,
                  "name": kind, "sub": subject.public,
                  "nats": {"type": kind, "version": 2, **nats}}
        text = ".".join(base64url(json.dumps(part).encode())
                        for part in (head, claims))
        return text + "." + base64url(self.sign(text.encode()))


def write(name, text):
    with open(os.open(name, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600),
              "w") as file:
        file.write(text)


def account_jwt(operator, account, disk):
    limits = {name: -1 for name in (
        "subs", "data", "payload", "imports", "exports", "conn", "leaf")}
    if disk:
        limits.update({name: -1 for name in (
            "mem_storage", "disk_storage", "streams", "consumer")})
    return operator.jwt(account, "account",
                        limits={**limits, "wildcards": True})


def write_creds(name, account):
    user = Key(USER, name)
    jwt = account.jwt(user, "user", pub={}, sub={}, subs=-1, data=-1,
                      payload=-1)
    write(name, f"-----BEGIN NATS USER JWT-----\n{jwt}\n"
          "------END NATS USER JWT------\n\n"
          f"-----BEGIN USER NKEY SEED-----\n{user.seed}\n"
          "------END USER NKEY SEED------\n")


def main():
    for name in ("nkey", "other.nkey"):
        user = Key(USER, name)
        write(name, f"{user.seed}\n{user.public}\n")
        write(name + ".pub", user.public)
    operator = Key(OPERATOR, "operator")
    system, account, other = (Key(ACCOUNT, name)
                              for name in ("system", "account", "other"))
    write_creds("creds", account)
    write_creds("other.creds", other)
    write("operator.conf", f"""
operator: {operator.jwt(operator, "operator")}
system_account: {system.public}
resolver: MEMORY
resolver_preload: {{
  {system.public}: {account_jwt(operator, system, False)}
  {account.public}: {account_jwt(operator, account, True)}
}}
""")


main()
