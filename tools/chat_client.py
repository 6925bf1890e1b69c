"""The client side of the REST channel: one message out, the reply back."""

from __future__ import annotations

from typing import Any

import httpx

from tools.environment import Problem

REST = "/webhooks/rest/webhook"
REPLY_PATIENCE = 30.0  # seconds for one reply


class Unanswered(Problem):
    """One message got no answer; the talk can go on."""


class Assistant:
    """The REST channel of a running server, for one sender."""

    def __init__(self, url: str, token: str | None, sender: str) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.url, self.sender = url, sender
        # The server is ours: no proxy in between.
        self._http = httpx.Client(
            base_url=url, headers=headers, timeout=REPLY_PATIENCE, trust_env=False
        )

    def send(self, text: str) -> list[dict[str, Any]]:
        """The reply to one message; Problem says in one line why there is none."""
        try:
            answer = self._http.post(
                REST, json={"sender": self.sender, "message": text}
            )
        except httpx.TimeoutException as error:
            raise Unanswered(
                f"No answer from {self.url} within {REPLY_PATIENCE:.0f} s: try again."
            ) from error
        except httpx.HTTPError as error:
            raise Problem(
                f"The server at {self.url} is down: start it again with `make run`."
            ) from error
        return self._messages(answer)

    def _messages(self, answer: httpx.Response) -> list[dict[str, Any]]:
        if answer.status_code in (401, 403):
            raise Problem(
                f"The server at {self.url} does not accept this RASA_TOKEN: put the "
                "one that it was started with into .env."
            )
        try:
            body = answer.json()
        except ValueError:
            body = None
        if answer.status_code == 200 and isinstance(body, list):
            if not body:
                raise Unanswered("The server had nothing to say: try again.")
            return body
        if isinstance(body, dict) and isinstance(body.get("error"), dict):
            raise Unanswered(f"The server says: {body['error'].get('message')}")
        if answer.status_code >= 500:
            raise Unanswered(
                f"The server at {self.url} failed ({answer.status_code}): try again."
            )
        raise Problem(
            f"What answers at {self.url} is not Wristwise: choose another PORT."
        )
