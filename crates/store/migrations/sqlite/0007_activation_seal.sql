-- A one-time code's row is worth something only where the platform wrote it. Codes from before are worth nothing any more.
ALTER TABLE activation ADD COLUMN seal BLOB NOT NULL DEFAULT x''; -- keyed seal over what the code is for; empty once it was used
