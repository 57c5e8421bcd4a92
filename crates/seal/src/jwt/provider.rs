//! Primitives for `jsonwebtoken`: Ed25519 from the crate that signs our reports, ECDSA and RSA from the one under TLS. It only
//! verifies: what the platform signs itself (`private.rs`) takes no library.

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters,
    RsaPublicKeyComponents, UnparsedPublicKey,
};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(Error::from(ErrorKind::InvalidAlgorithm)),
    verifier_factory: |algorithm, key| Ok(Box::new(Ours { algorithm: *algorithm, key: key.clone() })),
    // Asked for thumbprints and for keys in files, neither of which is: `jwk.rs` reads keys.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Puts ours in the library's one place for them. Nobody else in this programme does.
pub(super) fn install() {
    PROVIDER.install_default().ok();
}

struct Ours {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl JwtVerifier for Ours {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Ours {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        self.holds(message, signature).then_some(()).ok_or_else(signature::Error::new)
    }
}

impl Ours {
    fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        match (self.algorithm, self.key.kind()) {
            (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
            }
            (Algorithm::EdDSA, DecodingKeyKind::SecretOrDer(point)) => ed25519(point, message, signature).is_some(),
            (Algorithm::RS256, kind) => rsa(&RSA_PKCS1_2048_8192_SHA256, kind, message, signature),
            (Algorithm::PS256, kind) => rsa(&RSA_PSS_2048_8192_SHA256, kind, message, signature),
            // No other is any key's of ours.
            _ => false,
        }
    }
}

fn ed25519(point: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(point.try_into().ok()?).ok()?;
    key.verify_strict(message, &ed25519_dalek::Signature::from_slice(signature).ok()?).ok()
}

fn rsa(how: &'static RsaParameters, kind: &DecodingKeyKind, message: &[u8], signature: &[u8]) -> bool {
    match kind {
        DecodingKeyKind::RsaModulusExponent { n, e } => {
            RsaPublicKeyComponents { n, e }.verify(how, message, signature).is_ok()
        }
        DecodingKeyKind::SecretOrDer(_) => false,
    }
}
