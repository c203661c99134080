"""What browsers ask of a certificate that they take by its hash, and how it is renewed."""

from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from server.gateway.certificate import CHANGE_AFTER, ShortLived

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HASH_BYTES = 32


def test_it_is_short_lived_and_of_the_curve_that_browsers_take() -> None:
    shown = ShortLived(NOW).present(NOW)
    certificate = shown.certificate
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= timedelta(days=14)
    assert isinstance(shown.key.curve, ec.SECP256R1)
    assert shown.hash == certificate.fingerprint(hashes.SHA256())


def test_whoever_was_told_a_hash_can_come_back_until_it_has_changed_once_more() -> None:
    pair = ShortLived(NOW)
    told = pair.hashes(NOW)
    for days in range(int(CHANGE_AFTER.days) * 2 - 1):
        then = NOW + timedelta(days=days)
        shown = pair.present(then)
        known = {told[at : at + HASH_BYTES] for at in range(0, len(told), HASH_BYTES)}
        assert shown.hash in known, f"day {days}"
        assert shown.certificate.not_valid_before_utc < then < shown.certificate.not_valid_after_utc


def test_it_is_valid_whenever_somebody_asks() -> None:
    pair, now = ShortLived(NOW), NOW
    for hours in (0, 1, 119, 121, 5, 240, 24 * 400, 3, 24 * 9, 24 * 11):
        now += timedelta(hours=hours)
        shown = pair.present(now).certificate
        assert shown.not_valid_before_utc < now < shown.not_valid_after_utc, f"{now}"
        assert len(pair.hashes(now)) == 2 * HASH_BYTES
