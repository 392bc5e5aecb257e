"""Alerts, handed to receivers on this machine."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer

import dagster as dg
import pytest

from dagster_project import alerts, automation
from dagster_project.alerts import Alert, AlertError
from dagster_project.definitions import defs
from dagster_project.warehouse.home import Home

ALERT = Alert("jixiao", "0123456789ab", "/srv/jixiao", "archive: 磁盘已满")


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def webhook(status: int = 200) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Address of a receiver, and what it was sent."""
    got: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with serving(HTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"http://127.0.0.1:{port}/hook?token=secret", got


@contextmanager
def mailbox() -> Iterator[tuple[str, list[bytes]]]:
    """Address of a mail server, and the messages that it took."""
    got: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (text := self.rfile.readline()) != b".\r\n":
                        lines.append(text)
                    got.append(b"".join(lines))
                self.say("221 bye" if word == "QUIT" else "250 ok")
                if word == "QUIT":
                    return

    with serving(socketserver.TCPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"smtp://127.0.0.1:{port}", got


def test_nobody_is_told_by_default() -> None:
    assert not alerts.is_wanted({})
    assert alerts.send(ALERT, {}) == []


def test_a_webhook_gets_what_failed() -> None:
    with webhook() as (address, got):
        assert alerts.send(ALERT, {"JIXIAO_ALERT_WEBHOOK": address}) == ["webhook at 127.0.0.1"]
    (body,) = got
    assert body["job"] == "jixiao"
    assert body["run_id"] == ALERT.run_id
    assert "磁盘已满" in str(body["text"])


def test_an_e_mail_says_what_failed() -> None:
    with mailbox() as (server, got):
        environment = {"JIXIAO_ALERT_MAIL": "a@example.org, b@example.org", "JIXIAO_ALERT_SMTP": server}
        assert alerts.send(ALERT, environment) == ["mail to a@example.org, b@example.org"]
    message = message_from_bytes(got[0])
    assert message["To"] == "a@example.org, b@example.org"
    assert message["Subject"] == "Jixiao: the run 01234567 of jixiao failed"
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert "磁盘已满" in payload.decode()


def test_one_that_fails_does_not_keep_the_other_from_being_told() -> None:
    with webhook(500) as (address, _), mailbox() as (server, got):
        environment = {"JIXIAO_ALERT_WEBHOOK": address, "JIXIAO_ALERT_MAIL": "a@b", "JIXIAO_ALERT_SMTP": server}
        with pytest.raises(AlertError, match=r"webhook at 127\.0\.0\.1.*500") as caught:
            alerts.send(ALERT, environment)
    assert len(got) == 1
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "environment",
    [
        {"JIXIAO_ALERT_WEBHOOK": "http://127.0.0.1:1/hook?access_token=t0ken-t0ken"},
        {"JIXIAO_ALERT_WEBHOOK": "http://127.0.0.1/a b?access_token=t0ken-t0ken"},
        {"JIXIAO_ALERT_WEBHOOK": "http://127.0.0.1:x/services/t0ken-t0ken"},
        {"JIXIAO_ALERT_WEBHOOK": "t0ken-t0ken"},
        {"JIXIAO_ALERT_MAIL": "a@b", "JIXIAO_ALERT_SMTP": "smtp://me:t0ken-t0ken@127.0.0.1:1"},
        {"JIXIAO_ALERT_MAIL": "a@b", "JIXIAO_ALERT_SMTP": "smtp://me:t0ken-t0ken@127.0.0.1:x"},
    ],
)
def test_secrets_reach_no_message(environment: dict[str, str]) -> None:
    """Whatever is raised is kept by Dagster, with its causes."""
    with pytest.raises(AlertError) as caught:
        alerts.send(ALERT, environment)
    told = str(caught.value)
    assert "not delivered" in told
    assert "t0ken" not in told
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_an_address_that_is_none() -> None:
    with pytest.raises(AlertError, match="http://"):
        alerts.send(ALERT, {"JIXIAO_ALERT_WEBHOOK": "file:///etc/passwd"})
    with pytest.raises(AlertError, match="smtp://"):
        alerts.send(ALERT, {"JIXIAO_ALERT_MAIL": "a@b", "JIXIAO_ALERT_SMTP": "localhost"})


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("https://oapi.dingtalk.com/robot/send", {"msgtype": "text", "text": {"content": ALERT.text}}),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send", {"msgtype": "text", "text": {"content": ALERT.text}}),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/x", {"msg_type": "text", "content": {"text": ALERT.text}}),
    ],
)
def test_robots_get_their_own_form(address: str, body: dict[str, object]) -> None:
    assert alerts.payload(address, ALERT) == body


def test_a_run_that_fails_is_told_of(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sensor as Dagster calls it: on the failure of a run whose input does not exist."""
    monkeypatch.setenv("JIXIAO_HOME", str(empty_home.root))
    job = defs.resolve_job_def("jixiao")
    with dg.DagsterInstance.ephemeral() as instance, webhook() as (address, got):
        config = automation.run_config(empty_home, ["/nowhere/report.docx"])
        result = job.execute_in_process(run_config=config, instance=instance, raise_on_error=False)
        assert not result.success
        (event,) = [e for e in result.all_events if e.event_type_value == "PIPELINE_FAILURE"]
        context = dg.build_run_status_sensor_context(
            sensor_name="alert", dagster_instance=instance, dagster_run=result.dagster_run, dagster_event=event
        ).for_run_failure()
        assert isinstance(automation.alert(context), dg.SkipReason)
        monkeypatch.setenv("JIXIAO_ALERT_WEBHOOK", address)
        assert automation.alert(context) is None
    (body,) = got
    assert "archive: /nowhere/report.docx does not exist" in str(body["message"])
    assert body["home"] == str(empty_home.root)
