//! Why what a browser answered counts for nothing.

use webauthn_rs::prelude::WebauthnError;

/// Why what a browser answered counts for nothing. For the log of the server: whoever tries is told less.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no answer to such a question.
    #[error("it is not of the form of an answer")]
    Form,
    /// It answers another question.
    #[error("it answers another challenge")]
    Challenge,
    /// It was given to a page of another origin.
    #[error("it was given to another origin")]
    Origin,
    /// It was given in a frame of another page.
    #[error("it was given within a page of another origin")]
    Framed,
    /// It is a passkey for another installation.
    #[error("it is for another relying party")]
    RelyingParty,
    /// The device did not make sure who uses it.
    #[error("the device did not verify its user")]
    Unverified,
    /// It is none of those that were asked for.
    #[error("no such passkey is held")]
    Unknown,
    /// It is somebody else's.
    #[error("it names another holder")]
    OtherHolder,
    /// It is not signed by the key that is held.
    #[error("the signature does not fit")]
    Signature,
    /// It signed less often than was seen before: there may be two of it.
    #[error("its counter went back: there may be a copy of it")]
    WentBack,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl From<WebauthnError> for Refused {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::MismatchedChallenge => Self::Challenge,
            WebauthnError::InvalidRPOrigin => Self::Origin,
            WebauthnError::CredentialCrossOrigin => Self::Framed,
            WebauthnError::InvalidRPIDHash => Self::RelyingParty,
            WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => Self::Unverified,
            WebauthnError::CredentialNotFound => Self::Unknown,
            WebauthnError::AuthenticationFailure | WebauthnError::SignatureInvalid => Self::Signature,
            WebauthnError::CredentialPossibleCompromise => Self::WentBack,
            other => Self::Other(other.to_string()),
        }
    }
}
