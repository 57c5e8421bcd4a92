-- By which provider of sign-in a session began, so that it ends with what that provider was trusted for. It is under the session's seal: who
-- was signed in before signs in again.
ALTER TABLE session ADD COLUMN issuer TEXT NOT NULL DEFAULT ''; -- name of the issuer; empty where it began here
