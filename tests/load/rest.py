"""Calls of the benchmarks over REST, and what they ask the machine."""
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request

TICK = os.sysconf("SC_CLK_TCK")


def call(base, method, path, body=None, token=None, form=None):
    data = form.encode() if form else json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(base + path, data=data, method=method)
    request.add_header("Content-Type", "application/x-www-form-urlencoded" if form else "application/json")
    if token:
        request.add_header("Authorization", "Bearer " + token)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def new_agency(place, agency):
    """Makes an agency with an HR client; gives what makes a token of it, which is good for some minutes. Its role takes a moment."""
    base = f"http://127.0.0.1:{place['rest']}"
    login, password = pathlib.Path(place["operator"]).read_text().split()
    boss = call(base, "POST", "/v1/sessions:signIn", {"login": login, "password": password})["accessToken"]
    call(base, "POST", f"/v1/agencies?agencyId={agency}", {"displayName": agency}, boss)
    client = call(base, "POST", f"/v1/agencies/{agency}/apiClients", {"displayName": "HR"}, boss)
    identifier = client["name"].split("/")[-1]
    call(base, "POST", f"/v1/agencies/{agency}/roleBindings", {"subject": "apiClients/" + identifier, "role": "regional_hr"}, boss)
    form = f"grant_type=client_credentials&client_id={identifier}&client_secret={client['clientSecret']}"
    made = {"time": -1e9}

    def token():
        if time.monotonic() - made["time"] > 300:
            made.update(time=time.monotonic(), token=call(base, "POST", "/oauth2/token", form=form)["access_token"])
        return made["token"]
    return token


def patiently(attempt):
    """The first answer that is no refusal, for a client whose role is new."""
    for _ in range(100):
        try:
            return attempt()
        except urllib.error.HTTPError:
            time.sleep(0.1)
    sys.exit("bench: the role binding did not take effect")


def cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK
