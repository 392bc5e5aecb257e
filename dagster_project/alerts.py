"""Telling somebody that a run has failed: a webhook, an e-mail, or both. Nothing is sent unless the environment names one.

JIXIAO_ALERT_WEBHOOK   https://... ; DingTalk, WeCom and Feishu robots get their own form, others {"text": ...}
JIXIAO_ALERT_MAIL      addresses, separated by commas
JIXIAO_ALERT_SMTP      smtp://user:password@host:25, smtps://... ; default smtp://localhost
JIXIAO_ALERT_FROM      sender; default jixiao@localhost
"""

from __future__ import annotations

import http.client
import json
import smtplib
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20
WEBHOOK, MAIL, SMTP, FROM = "JIXIAO_ALERT_WEBHOOK", "JIXIAO_ALERT_MAIL", "JIXIAO_ALERT_SMTP", "JIXIAO_ALERT_FROM"


class AlertError(Exception):
    """The alert could not be handed over; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A failed run."""

    job: str
    run_id: str
    home: str
    message: str

    @property
    def subject(self) -> str:
        """One line."""
        return f"Jixiao: the run {self.run_id[:8]} of {self.job} failed"

    @property
    def text(self) -> str:
        """What a person reads."""
        return (
            f"{self.subject}\n{self.message.strip()}\nhome: {self.home}\n"
            "What was published before is unchanged. Look at it with: jixiao status"
        )


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Whether the environment names somebody to tell."""
    return bool(environment.get(WEBHOOK) or environment.get(MAIL))


def payload(address: str, alert: Alert) -> dict[str, Any]:
    """The body that this webhook understands."""
    host = urlsplit(address).hostname or ""
    if host.endswith(("dingtalk.com", "weixin.qq.com")):
        return {"msgtype": "text", "text": {"content": alert.text}}
    if host.endswith(("feishu.cn", "larksuite.com")):
        return {"msg_type": "text", "content": {"text": alert.text}}
    return {"text": alert.text, **asdict(alert)}


def send(alert: Alert, environment: Mapping[str, str]) -> list[str]:
    """Tell everybody that the environment names; returns whom, without secrets. Raises AlertError when one fails."""
    told, failed = [], []
    if address := environment.get(WEBHOOK):
        host = urlsplit(address).hostname
        try:
            _post(address, payload(address, alert))
            told.append(f"webhook at {host}")
        except (OSError, ValueError, http.client.HTTPException) as e:
            failed.append(f"webhook at {host}: {_without_secrets(e, address)}")
    if receivers := [a.strip() for a in environment.get(MAIL, "").split(",") if a.strip()]:
        try:
            _mail(receivers, alert, environment)
            told.append(f"mail to {', '.join(receivers)}")
        except (OSError, ValueError, smtplib.SMTPException) as e:
            failed.append(f"mail to {', '.join(receivers)}: {_without_secrets(e, environment.get(SMTP, ''))}")
    if failed:
        # without the cause: its traceback would be kept by Dagster, with the address in it
        raise AlertError("the alert was not delivered: " + "; ".join(failed)) from None
    return told


def _without_secrets(error: Exception, address: str) -> str:
    """What went wrong, without the token of a webhook's address or the password of a mail server's."""
    words = str(error) or type(error).__name__
    parts = urlsplit(address)
    for secret in (address, parts.query, parts.path.strip("/"), parts.password or "", unquote(parts.password or "")):
        if len(secret) > 3:
            words = words.replace(secret, "***")
    return words


def _post(address: str, body: Mapping[str, Any]) -> None:
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("the address must begin with http:// or https://")
    data = json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json; charset=utf-8"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - scheme is looked at above
        answer.read(1)


def _mail(receivers: list[str], alert: Alert, environment: Mapping[str, str]) -> None:
    message = EmailMessage()
    message["Subject"] = alert.subject
    message["From"] = environment.get(FROM) or "jixiao@localhost"
    message["To"] = ", ".join(receivers)
    message.set_content(alert.text)
    server = urlsplit(environment.get(SMTP) or "smtp://localhost")
    if server.scheme not in ("smtp", "smtps"):
        raise ValueError(f"{SMTP} must begin with smtp:// or smtps://")
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    with kind(server.hostname or "localhost", server.port or 0, timeout=TIMEOUT_SECONDS) as smtp:
        if server.username:
            if server.scheme == "smtp" and smtp.has_extn("starttls"):
                smtp.starttls()
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)
