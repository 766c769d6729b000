"""The content policy allows exactly what is on the page, and data stay data."""

from __future__ import annotations

from claimstats.report.policy import content_policy

SHA256_OF_ABC = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
"""The example of FIPS 180-2, appendix B.1, in base64."""

SHA256_OF_NOTHING = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def directives(policy: str) -> dict[str, list[str]]:
    """Return the sources of each directive."""
    return {name: sources for name, *sources in (part.split() for part in policy.split("; "))}


def test_a_script_is_allowed_by_its_hash() -> None:
    found = directives(content_policy(["abc"], []))
    assert found["script-src"] == [f"'sha256-{SHA256_OF_ABC}'", "blob:"]


def test_styles_are_allowed_by_hash_and_the_empty_one_for_plotly() -> None:
    found = directives(content_policy([], ["abc"]))
    assert found["style-src"] == [f"'sha256-{SHA256_OF_ABC}'", f"'sha256-{SHA256_OF_NOTHING}'"]


def test_nothing_else_is_allowed() -> None:
    policy = content_policy(["abc"], ["abc"])
    assert directives(policy)["default-src"] == ["'none'"]
    assert directives(policy)["form-action"] == directives(policy)["base-uri"] == ["'none'"]
    assert "unsafe" not in policy
    assert "http" not in policy
