"""A token server as distribution's specification has it: signs JWTs that docker-registry accepts, for one user.

GET with Basic, or as nobody; POST with a refresh token. `tokens` counts what was given.
"""
import base64
import json
import pathlib
import subprocess
import time
import uuid

import rig

REFRESH = "refresh-" + "zK4mVq8rTz2LbNw7"


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    def __init__(self, certificate, key, user="user", password="pass", public=()):
        self.key, self.user, self.password, self.public = key, user, password, public
        self.chain = subprocess.run(["openssl", "x509", "-in", certificate, "-outform", "DER"], capture_output=True, check=True).stdout
        self.given = []  # (user, scopes)

    def sign(self, service, user, access):
        now = int(time.time())
        head = {"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(self.chain).decode()]}
        claims = {"iss": "silt-test", "sub": user, "aud": service, "exp": now + 60, "nbf": now - 5, "iat": now,
                  "jti": str(uuid.uuid4()), "access": access}
        text = encode(json.dumps(head).encode()) + "." + encode(json.dumps(claims).encode())
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=text.encode(), capture_output=True,
                                   check=True).stdout
        return text + "." + encode(signature)

    def who(self, handler):
        """The user that asks, "" for nobody, None for a wrong password."""
        if handler.command == "POST":
            return self.user if handler.form.get("refresh_token") == [REFRESH] else None
        login = handler.headers.get("Authorization", "")
        return "" if not login else self.user if login == rig.basic(self.user, self.password) else None

    def __call__(self, handler):
        user = self.who(handler)
        if user is None:
            return handler.answer(401)
        query = rig.urllib.parse.parse_qs(rig.urllib.parse.urlparse(handler.path).query)
        query = handler.form if handler.command == "POST" else query
        scopes = " ".join(query.get("scope", [])).split()
        self.given.append((user, scopes))
        access = []
        for scope in scopes:
            kind, rest = scope.split(":", 1)
            name, actions = rest.rsplit(":", 1)
            allowed = user or name in self.public
            access.append({"type": kind, "name": name, "actions": actions.split(",") if allowed else []})
        token = self.sign(query.get("service", [""])[0], user, access)
        handler.answer(200, json.dumps({"access_token" if user else "token": token, "expires_in": 60}).encode())
