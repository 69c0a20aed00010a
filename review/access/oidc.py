"""Signing in through the municipality's identity provider: OpenID Connect, authorization code with PKCE.

The provider's own words decide who it is (`iss` and `sub`) and, where it sends a claim `roles` (Entra's app roles),
what the person may do. Nothing the browser carries is believed: state, nonce and verifier lie in the database.
"""

import os
import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from fut.settings import Review
from review.access.whom import Attempt, Person
from review.work.errors import RefusedError

SECRET = "FUTVAKT_OIDC_SECRET"  # noqa: S105 - the name of a variable
SCOPE = "openid profile email"
ALGORITHMS = ["RS256", "PS256", "ES256"]
TIMEOUT_SECONDS = 10
LEEWAY_SECONDS = 60


class Provider:
    """One identity provider; its addresses and keys are fetched when first needed."""

    def __init__(self, settings: Review, make_client: Callable[..., OAuth2Client] = OAuth2Client) -> None:
        """`make_client` makes the HTTP client, for tests."""
        self.settings, self.make_client = settings, make_client
        self._known: dict[str, Any] = {}

    def _client(self, redirect_uri: str) -> OAuth2Client:
        secret = os.environ.get(SECRET) or None
        method = "client_secret_basic" if secret else "none"
        return self.make_client(
            client_id=self.settings.client_id, client_secret=secret, token_endpoint_auth_method=method, scope=SCOPE,
            redirect_uri=redirect_uri, code_challenge_method="S256", timeout=TIMEOUT_SECONDS,
        )  # fmt: skip

    def _about(self, client: OAuth2Client) -> dict[str, Any]:
        if not self._known:
            address = self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
            said = client.request("GET", address, withhold_token=True).raise_for_status().json()
            if said.get("issuer", "").rstrip("/") != self.settings.issuer.rstrip("/"):
                raise RefusedError("Inloggningstjänsten uppger ett annat namn än det inställda.")
            self._known = said
        return self._known

    def begin(self, redirect_uri: str, onward: str) -> tuple[str, Attempt]:
        """Return the provider's address to send the browser to, and what to remember. Raises RefusedError."""
        attempt = Attempt(*(secrets.token_urlsafe(32) for _ in range(2)), secrets.token_urlsafe(48), onward)
        with _told(), self._client(redirect_uri) as client:
            about = self._about(client)
            url, _ = client.create_authorization_url(
                about["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return url, attempt

    def finish(self, redirect_uri: str, query: str, attempt: Attempt) -> Person:
        """Return who signed in, from the answer's query string; raises RefusedError for anything that does not fit."""
        with _told(), self._client(redirect_uri) as client:
            about = self._about(client)
            token = client.fetch_token(
                about["token_endpoint"],
                authorization_response=f"{redirect_uri}?{query}",
                state=attempt.state,
                code_verifier=attempt.verifier,
            )
            keys = client.request("GET", about["jwks_uri"], withhold_token=True).raise_for_status().json()
            claims = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims
            _check(claims, about["issuer"], self.settings.client_id, attempt.nonce)
        return _person(claims)


def _check(claims: dict[str, Any], issuer: str, client_id: str, nonce: str) -> None:
    said = claims.get("aud")
    audiences = said if isinstance(said, list) else [said]
    if len(audiences) > 1 and claims.get("azp") != client_id:
        raise RefusedError("Svaret från inloggningstjänsten gäller ett annat program.")
    wanted: dict[str, Any] = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client_id},
        "nonce": {"essential": True, "value": nonce},
        "sub": {"essential": True},
        "exp": {"essential": True},
    }
    jwt.JWTClaimsRegistry(now=int(time.time()), leeway=LEEWAY_SECONDS, **wanted).validate(claims)


def _person(claims: dict[str, Any]) -> Person:
    subject = f"{claims['iss']}|{claims['sub']}"
    login = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
    roles = claims.get("roles")
    said = tuple(str(role) for role in roles) if isinstance(roles, list) else None
    return Person(subject, str(claims.get("name") or login), login, said)


class _told:  # noqa: N801 - reads as a word where it is used
    """Turns what goes wrong with the provider into one sentence; details may hold tokens and are dropped."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        """Raise RefusedError in place of errors of the network, the protocol or the token."""
        if isinstance(error, httpx2.HTTPError):
            raise RefusedError("Inloggningstjänsten svarar inte. Försök igen om en stund.") from None
        if isinstance(error, AuthlibBaseError | JoseError | KeyError | ValueError):
            raise RefusedError("Svaret från inloggningstjänsten kunde inte godkännas. Logga in igen.") from None
