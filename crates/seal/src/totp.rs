//! The six digits of an authenticator app (RFC 6238).

use totp_rs::{Builder, Secret, Totp};

/// Bytes of a secret, as RFC 4226 §4 recommends.
pub const TOTP_SECRET_BYTES: usize = 20;
/// Seconds of a step.
pub const TOTP_STEP_SECONDS: i64 = 30;

/// HMAC-SHA-1, six digits, 30 seconds: what every authenticator app computes, in either profile. Neither a collision of SHA-1
/// nor its length weakens that use (RFC 4226 appendix B.2).
fn totp(secret: &[u8; TOTP_SECRET_BYTES]) -> Totp {
    Builder::new().with_secret(Secret::new_stack(*secret)).with_skew(1).build_noncompliant()
}

/// The step for which `code` is right at `now_s` (seconds since 1970), if it is that of now, the one before or the one after. Each
/// step may be accepted once: that is the caller's to see to.
#[must_use]
pub fn totp_step(secret: &[u8; TOTP_SECRET_BYTES], code: &str, now_s: i64) -> Option<i64> {
    let step = totp(secret).check(code, u64::try_from(now_s).ok()?)?;
    i64::try_from(step).ok()
}

/// The code of an instant, in seconds since 1970.
#[must_use]
pub fn totp_code(secret: &[u8; TOTP_SECRET_BYTES], now_s: i64) -> String {
    totp(secret).generate(u64::try_from(now_s).unwrap_or(0)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (now, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp_code(secret, now), code, "{now}");
            assert_eq!(totp_step(secret, code, now), Some(now / TOTP_STEP_SECONDS));
        }
    }

    #[test]
    fn a_code_is_right_one_step_early_and_late_and_no_more() {
        let (secret, now) = (b"12345678901234567890", 1_234_567_890);
        let code = totp_code(secret, now);
        for (later, right) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            assert_eq!(totp_step(secret, &code, now + later).is_some(), right, "{later}");
        }
        for wrong in ["", "00592", "0059240", "+05924", "００５９２４", "abcdef"] {
            assert_eq!(totp_step(secret, wrong, now), None, "{wrong}");
        }
    }
}
